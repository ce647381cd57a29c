#include "mockserver/upstream/comparing_sink.h"

#include <string>
#include <utility>

#include "mockserver/service/answers.h"
#include "mockserver/service/result_writer.h"

namespace tql::upstream {
namespace {

/// Rows are added to the captured answer in pieces, since to count their bytes is costly.
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

void ReplaceNullCells(const std::string& null_string, ForwardedStatement::Result& part) {
  if (!part.has_table()) return;
  for (auto& row : *part.mutable_table()->mutable_rows()) {
    for (std::string& cell : *row.mutable_v()) {
      if (cell == NullMarker()) cell = null_string;
    }
  }
}

}  // namespace

/// Takes those that may not be forwarded, and remembers the others.
bool ComparingSink::Takes(const PendingStatement& pending) {
  if (!call_.MayForward(pending)) return true;
  executed_.push_back({.index = pending.info.index,
                       .context = pending.context,
                       .text = std::string(pending.info.text)});
  return false;
}

service::ResponseSink::Answered ComparingSink::AnswerTaken(const PendingStatement& pending) {
  return RefuseStatement(call_, pending, *this);
}

engine::StatementSink& ComparingSink::BeginStatement(const StatementInfo& info) {
  current_.reset();
  if (!executed_.empty() && executed_.front().index == info.index) {
    current_.emplace(std::move(executed_.front()));
    executed_.pop_front();
  }
  return ResponseSinkWrapper::BeginStatement(info);
}

bool ComparingSink::OnQuestion(const engine::Question& question) {
  if (Result* const to = part()) *to->add_interactive_question() = service::ToMessage(question);
  return ResponseSinkWrapper::OnQuestion(question);
}

bool ComparingSink::Begin(const engine::Context& final_context) {
  if (Result* const to = part()) *to->mutable_final_context() = service::ToMessage(final_context);
  return ResponseSinkWrapper::Begin(final_context);
}

bool ComparingSink::Header(std::span<const engine::Column> columns) {
  if (Result* const to = part()) *to->mutable_table() = service::HeadersOf(columns);
  return ResponseSinkWrapper::Header(columns);
}

bool ComparingSink::Row(std::span<const std::string_view> cells) {
  if (Result* const to = part()) {
    auto& row = *to->mutable_table()->add_rows();
    for (const std::string_view cell : cells) {
      row.add_v(cell.data(), cell.size());
      current_->part_bytes += cell.size() + 2;
    }
    if (current_->part_bytes >= kPieceBytes) {
      current_->answer.Add(std::exchange(*to, {}));
      current_->part_bytes = 0;
    }
  }
  return ResponseSinkWrapper::Row(cells);
}

bool ComparingSink::Message(engine::MessageType type, std::string_view text) {
  if (Result* const to = part()) {
    auto& message = *to->add_message();
    message.set_type(service::TypeOf(type));
    message.set_value(text.data(), text.size());
  }
  return ResponseSinkWrapper::Message(type, text);
}

void ComparingSink::End() {
  if (current_) Forward(*std::exchange(current_, std::nullopt));
  ResponseSinkWrapper::End();
}

void ComparingSink::Forward(Executed executed) {
  executed.answer.Add(executed.part);
  const Comparison::Statement statement{
      .call = call_.kind(), .text = executed.text, .database = executed.context.database};
  Forwarded request = call_.RequestOf(executed.text, executed.context);
  request.context.server_schema_version = -1;  // that of this server says nothing to the other
  ForwardedStatement forwarded(call_.upstream().client, std::move(request), call_.stop());
  AnswerCapture theirs(Comparison::kMostAnswerBytes);
  for (;;) {
    auto part = call_.Next(forwarded);
    if (!part.ok()) return comparison_.AddFailure(statement, part.status());
    if (!*part) break;
    ReplaceNull(call_.null_string(), **part);
    ReplaceNullCells(call_.null_string(), **part);
    theirs.Add(**part);
  }
  comparison_.Add(statement, executed.answer, theirs);
}

}  // namespace tql::upstream
