#include "client/src/message_stream.h"

#include <string>
#include <utility>

#include "client/src/messages.h"
#include "tql/wire/row_message.h"

namespace tql {

StatusOr<ResultEvent> MessageStream::Fail(Status status) {
  status_ = std::move(status);
  return status_;
}

void MessageStream::NextPart() {
  part_ = static_cast<Part>(static_cast<std::uint8_t>(part_) + 1);
  at_ = 0;
}

StatusOr<bool> MessageStream::NextRow(ResultEvent& event) {
  const auto row = static_cast<std::size_t>(at_);
  if (row == received_.rows.size()) return false;
  if (!SplitRow(received_.rows[row], cells_)) {
    return InternalError("row " + std::to_string(row + 1) + " of a response message is invalid");
  }
  event = RowView(cells_);
  return true;
}

/// Sets `event` to the next event of the current part. Returns false if the part has no more.
StatusOr<bool> MessageStream::NextInPart(ResultEvent& event) {
  const pb::ExecuteQueryResponse& message = received_.message;
  const pb::ExecuteQueryResponse::Result& result = message.result();
  switch (part_) {
    case Part::kStatement:
      if (at_ > 0 || !message.has_request()) return false;
      event = StatementBegin{message.request().query().statement()};
      return true;
    case Part::kContext:
      if (at_ > 0 || !result.has_final_context()) return false;
      event = FromMessage(result.final_context());
      return true;
    case Part::kQuestions:
      if (at_ == result.interactive_question_size()) return false;
      event = FromMessage(result.interactive_question(at_));
      return true;
    case Part::kProgress:
      if (at_ == result.progress_size()) return false;
      event = FromMessage(result.progress(at_));
      return true;
    case Part::kHeader:
      if (at_ > 0 || result.table().headers().empty()) return false;
      event = FromMessage(result.table());
      return true;
    case Part::kRows:
      return NextRow(event);
    case Part::kMessages:
      if (at_ == result.message_size()) return false;
      event = FromMessage(result.message(at_));
      return true;
    case Part::kEnd:
      if (at_ > 0 || !result.complete()) return false;
      event = StatementEnd{};
      return true;
    case Part::kReceive:
      break;
  }
  return false;
}

StatusOr<bool> MessageStream::NextInMessage(ResultEvent& event) {
  for (; part_ != Part::kReceive; NextPart()) {
    const StatusOr<bool> found = NextInPart(event);
    if (!found.ok()) return found;
    if (!*found) continue;
    ++at_;
    // A question ends a response without "complete".
    complete_ = part_ == Part::kEnd || part_ == Part::kQuestions;
    return true;
  }
  return false;
}

StatusOr<ResultEvent> MessageStream::Next() {
  if (!status_.ok()) return status_;
  if (ended_) return ResultEvent(StreamEnd{});
  const auto row = static_cast<std::size_t>(at_);
  if (part_ == Part::kRows && row < received_.rows.size() &&
      SplitRow(received_.rows[row], cells_)) {
    ++at_;
    complete_ = false;
    return RowView(cells_);
  }
  ResultEvent event;
  while (true) {
    const StatusOr<bool> found = NextInMessage(event);
    if (!found.ok()) return Fail(found.status());
    if (*found) return event;
    const StatusOr<bool> received = Receive(received_);
    if (!received.ok()) return Fail(received.status());
    if (!*received && !complete_) {
      return Fail(DataLossError("the response ended before its statement"));
    }
    if (!*received) {
      ended_ = true;
      return ResultEvent(StreamEnd{});
    }
    part_ = Part::kStatement;
    at_ = 0;
  }
}

}  // namespace tql
