#include "client/src/http_result_stream.h"

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "client/src/html_page.h"
#include "client/src/http_errors.h"
#include "client/src/messages.h"

namespace tql {

HttpResultStream::HttpResultStream(std::shared_ptr<HttpSession> session, HttpRequest request,
                                   const CallLimits& limits)
    : session_(std::move(session)),
      request_(std::move(request)),
      deadline_(limits.deadline),
      on_stop_(limits.stop, [this] { Cancel(); }),
      receiver_([this] { Receive(); }) {}

HttpResultStream::~HttpResultStream() {
  Cancel();
  receiver_.join();
}

Status HttpResultStream::Begin(FailureNote* note) {
  base::MutexLock lock(mutex_);
  head_received_.wait(lock, [&]() TQL_REQUIRES(mutex_) { return http_status_ != 0; });
  if (is_success_) return {};
  lock.unlock();
  receiver_done_.wait(false);
  if (note) *note = note_;
  if (!failure_.ok()) return failure_;
  return HttpError(head_, std::move(error_text_));
}

void HttpResultStream::Cancel() {
  if (!owner_.is_current()) return;  // a stop request in a child of fork()
  cancel_.Set();
  blocks_.Close();
}

void HttpResultStream::SetHead(int http_status) {
  const base::MutexLock lock(mutex_);
  if (http_status_ == 0) {
    http_status_ = http_status;
    is_success_ = IsSuccess(http_status) && !IsHtmlType(head_.content_type);
  }
  head_received_.notify_all();
}

StatusOr<ResultEvent> HttpResultStream::Fail(Status status) {
  status_ = std::move(status);
  return status_;
}

bool HttpResultStream::ReceiveBody(std::string_view bytes) {
  // A web page may have any Content-Type, so check the first bytes as well.
  const bool is_page = !error_text_.empty() || (!has_body_ && BeginsAsHtml(bytes));
  has_body_ = true;
  if (is_success_ && !is_page) return blocks_.Push(bytes, deadline_);
  error_text_ += bytes.substr(0, kMostErrorText - error_text_.size());
  return error_text_.size() < kMostErrorText;
}

// Runs on the receiver thread.
void HttpResultStream::Receive() {
  HttpReceiver receiver;
  receiver.head = [&](const HttpHead& head) {
    note_.retry_after = RetryAfterOf(head);
    head_ = head;
    SetHead(head.status);
    return true;
  };
  receiver.body = [&](const char* data, std::size_t size) { return ReceiveBody({data, size}); };
  bool sent = false;
  Status status = session_->Send(std::move(request_), receiver, deadline_, cancel_, sent);
  note_.nothing_sent = !sent;
  // A full queue at the deadline ends the request like a cancellation by the receiver.
  if (!status.ok() && status.code() != StatusCode::kDeadlineExceeded && !cancel_.is_set() &&
      std::chrono::steady_clock::now() >= deadline_) {
    status = DeadlineExceededError("the call took too long");
  }
  if (is_success_ && !error_text_.empty()) status = HttpError(head_, error_text_);
  failure_ = head_.status == 0 ? status : Status();
  SetHead(-1);
  blocks_.Finish(std::move(status));
  receiver_done_.store(true);
  receiver_done_.notify_all();
}

// Passes the next block, or the end of the body, to the decoder.
Status HttpResultStream::Feed() {
  if (cancel_.is_set()) return CancelledError("the call was cancelled");
  StatusOr<std::optional<std::string>> block = blocks_.Pop();
  if (!block) return block.status();
  if (*block) {
    decoder_.Feed(**std::move(block));
  } else {
    decoder_.Finish();
  }
  return {};
}

// INVALID_ARGUMENT would blame the caller's request, so an invalid response is INTERNAL.
Status HttpResultStream::DecoderError() const {
  const Status& status = decoder_.status();
  const bool garbage = status.code() == StatusCode::kInvalidArgument;
  return Status(garbage ? StatusCode::kInternal : status.code(), status.message());
}

StatusOr<ResultEvent> HttpResultStream::Next() {
  using Event = ResponseDecoder::Event;
  if (!status_.ok()) return status_;
  if (ended_) return ResultEvent(StreamEnd{});
  for (;;) {
    const Event event = decoder_.Next();
    if (event == Event::kRow) return RowView(decoder_.row());
    const bool outside = event == Event::kNeedMore || event == Event::kStatementEnd ||
                         event == Event::kScriptComplete || event == Event::kEnd;
    if (!outside)
      complete_ = event == Event::kQuestion;  // a question ends a response without "complete"
    switch (event) {
      case Event::kNeedMore:
        if (Status status = Feed(); !status.ok()) return Fail(std::move(status));
        break;
      case Event::kRequest:
        return ResultEvent(StatementBegin{decoder_.request().query().statement()});
      case Event::kContext:
        return ResultEvent(FromMessage(decoder_.context()));
      case Event::kQuestion:
        return ResultEvent(FromMessage(decoder_.question()));
      case Event::kProgress:
        return ResultEvent(FromMessage(decoder_.progress()));
      case Event::kHeader:
        return ResultEvent(FromMessage(decoder_.table()));
      case Event::kMessage:
        return ResultEvent(FromMessage(decoder_.message()));
      case Event::kStatementEnd:
        if (decoder_.complete()) complete_ = true;
        if (decoder_.complete()) return ResultEvent(StatementEnd{});
        break;
      case Event::kEnd:
        // The end of a body without a length may be that of a connection that a cancellation
        // closed.
        if (!complete_ && cancel_.is_set()) return Fail(CancelledError("the call was cancelled"));
        if (!complete_) return Fail(DataLossError("the response ended before its statement"));
        ended_ = true;
        return ResultEvent(StreamEnd{});
      case Event::kError:
        return Fail(DecoderError());
      case Event::kScriptComplete:
      case Event::kRow:
        break;
    }
  }
}

}  // namespace tql
