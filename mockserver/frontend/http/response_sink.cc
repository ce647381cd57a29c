#include "mockserver/frontend/http/response_sink.h"

#include "mockserver/engine/name_index.h"

namespace tql::frontend {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
/// The first rows of a table leave early: a person waits for them.
constexpr std::size_t kFirstRows = 64;
constexpr std::chrono::milliseconds kFirstRowsWait{5};

using Header = pb::ExecuteQueryResponse::Result::TableResult::ColumnHeader;
using OutMessage = pb::ExecuteQueryResponse::Result::OutMessage;

Header::Type HeaderType(plan::TypeKind kind) {
  switch (kind) {
    case plan::TypeKind::kBool:
      return Header::BOOL;
    case plan::TypeKind::kInt:
      return Header::INT;
    case plan::TypeKind::kBigInt:
      return Header::BIGINT;
    case plan::TypeKind::kFloat:
      return Header::FLOAT;
    case plan::TypeKind::kDouble:
      return Header::DOUBLE;
    case plan::TypeKind::kDate:
      return Header::DATE;
    case plan::TypeKind::kDateTime:
      return Header::DATETIME;
    case plan::TypeKind::kTime:
      return Header::TIME;
    case plan::TypeKind::kNull:  // a bare NULL prints like a text
    case plan::TypeKind::kVarchar:
      return Header::VARCHAR;
  }
  return Header::UNKNOWN;
}

OutMessage::Type MessageTypeOf(engine::MessageType type) {
  switch (type) {
    case engine::MessageType::kInfo:
      return OutMessage::INFO;
    case engine::MessageType::kWarning:
      return OutMessage::WARNING;
    case engine::MessageType::kError:
      return OutMessage::ERROR;
  }
  return OutMessage::ERROR;
}

/// A quote inside of a name is escaped, so that what is found here is a type.
void RenameDateTime(std::string& header_json) {
  constexpr std::string_view kDocumented = "\"type\":\"DATETIME\"";
  constexpr std::string_view kOther = "\"type\":\"DATE_TIME\"";
  for (std::size_t at = 0; (at = header_json.find(kDocumented, at)) != std::string::npos;) {
    header_json.replace(at, kDocumented.size(), kOther);
    at += kOther.size();
  }
}

}  // namespace

engine::StatementSink& HttpResponseSink::BeginStatement(const StatementInfo& info) {
  // The line before ends only here, because only now it is known that it was not the last.
  if (line_.open()) line_.End();
  if (info.index > 0 && info.may_wait) Flush();
  script_ = info.script;
  last_ = info.last;
  asked_ = false;
  rows_ = 0;
  flush_at_ = kChunkBytes;
  return *this;
}

void HttpResponseSink::OpenLine() {
  if (!line_.open()) line_.Begin(nullptr, script_ && last_);
}

bool HttpResponseSink::OnProgress(std::span<const engine::Progress> stages) {
  line_.Begin();
  for (const engine::Progress& stage : stages) {
    ResponseLineWriter::ProgressMessage progress;
    progress.set_id(stage.id);
    progress.set_label(stage.label);
    progress.set_percentage(stage.percentage);
    progress.set_details(stage.details);
    line_.Progress(progress);
  }
  line_.End();
  return Flush();
}

bool HttpResponseSink::OnQuestion(const engine::Question& question) {
  OpenLine();
  pb::InteractiveQueryQuestion message;
  message.set_question_id(question.id);
  message.set_banner(question.banner);
  message.set_prompt(question.prompt);
  for (const std::string& option : question.options) message.add_options(option);
  line_.Question(message);
  asked_ = true;
  return !gone_;
}

bool HttpResponseSink::Begin(const engine::Context& final_context) {
  OpenLine();
  pb::QueryContext context;
  context.set_schema(final_context.schema);
  context.set_database(final_context.database);
  context.set_server_schema_version(final_context.server_schema_version);
  line_.Context(context);
  return !gone_;
}

bool HttpResponseSink::Header(std::span<const engine::Column> columns) {
  ResponseLineWriter::Table table;
  for (const engine::Column& column : columns) {
    auto* header = table.add_headers();
    header->set_name(column.name);
    header->set_type(HeaderType(column.type.kind));
  }
  std::string json = ResponseLineWriter::EncodeHeader(table);
  if (variant_.date_time) RenameDateTime(json);
  line_.Header(json);
  text_columns_.clear();
  for (std::size_t i = 0; variant_.lowercase_strings && i < columns.size(); ++i) {
    if (columns[i].type.kind == plan::TypeKind::kVarchar) text_columns_.push_back(i);
  }
  return !gone_;
}

std::span<const std::string_view> HttpResponseSink::InLowerCase(
    std::span<const std::string_view> cells) {
  lower_row_.assign(cells.begin(), cells.end());
  lower_.resize(text_columns_.size());
  for (std::size_t i = 0; i < text_columns_.size(); ++i) {
    lower_[i] = engine::FoldCase(cells[text_columns_[i]]);
    lower_row_[text_columns_[i]] = lower_[i];
  }
  return lower_row_;
}

bool HttpResponseSink::Row(std::span<const std::string_view> cells) {
  line_.Row(text_columns_.empty() ? cells : InLowerCase(cells));
  ++rows_;
  if (rows_ == 1) first_row_ = clock_.Now();
  const bool early =
      rows_ <= kFirstRows && (rows_ == kFirstRows || clock_.Now() - first_row_ >= kFirstRowsWait);
  if (buffer_.size() < flush_at_ && !early) return !gone_;
  return Flush();
}

bool HttpResponseSink::Message(engine::MessageType type, std::string_view text) {
  line_.Message(MessageTypeOf(type), text);
  return buffer_.size() < flush_at_ ? !gone_ : Flush();
}

void HttpResponseSink::End() {
  if (!asked_) line_.Complete();
}

void HttpResponseSink::Finish() {
  if (line_.open()) line_.End(script_ && !last_);
  if (!writer_.started()) {
    writer_.Send(200, variant_.content_type, buffer_);
    return;
  }
  if (Flush()) writer_.Finish();
}

bool HttpResponseSink::Flush() {
  if (!gone_ && !buffer_.empty()) {
    gone_ = !(writer_.started() || writer_.Start(200, variant_.content_type)) ||
            !writer_.Write(buffer_);
  }
  buffer_.clear();
  return !gone_;
}

}  // namespace tql::frontend
