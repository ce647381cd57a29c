#include "client/src/message_stream.h"

#include <string>
#include <utility>

#include "client/src/messages.h"

namespace tql {

StatusOr<ResultEvent> MessageStream::Fail(Status status) {
  status_ = std::move(status);
  return status_;
}

void MessageStream::NextPart() {
  part_ = static_cast<Part>(static_cast<std::uint8_t>(part_) + 1);
  at_ = 0;
}

RowView MessageStream::CellsOf(int row) {
  const auto& cells = message_.result().table().rows(row).v();
  cells_.assign(cells.begin(), cells.end());
  return cells_;
}

/// Sets `event` to the next event of the current part. Returns false if the part has no more.
bool MessageStream::NextInPart(ResultEvent& event) {
  const pb::ExecuteQueryResponse::Result& result = message_.result();
  switch (part_) {
    case Part::kStatement:
      if (at_ > 0 || !message_.has_request()) return false;
      event = StatementBegin{message_.request().query().statement()};
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
      if (at_ == result.table().rows_size()) return false;
      event = CellsOf(at_);
      return true;
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

bool MessageStream::NextInMessage(ResultEvent& event) {
  for (; part_ != Part::kReceive; NextPart()) {
    if (!NextInPart(event)) continue;
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
  ResultEvent event;
  while (!NextInMessage(event)) {
    const StatusOr<bool> received = Receive(message_);
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
  return event;
}

}  // namespace tql
