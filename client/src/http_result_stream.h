// A query or script over HTTP while its answer arrives.
#ifndef TQLKIT_CLIENT_SRC_HTTP_RESULT_STREAM_H_
#define TQLKIT_CLIENT_SRC_HTTP_RESULT_STREAM_H_

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "client/src/block_queue.h"
#include "client/src/fork.h"
#include "client/src/http_session.h"
#include "tql/result_stream.h"
#include "tql/transport.h"
#include "tql/wire/response_decoder.h"

namespace tql {

/// A thread receives bytes, the caller decodes them. Not destroyed in a child of fork(), which
/// lacks that thread (ProcessBoundStream).
class HttpResultStream : public ResultStream {
 public:
  /// Begins to send; `limits.note` is filled by Begin.
  HttpResultStream(std::shared_ptr<HttpSession> session, HttpRequest request,
                   const CallLimits& limits);
  ~HttpResultStream() override;

  /// Waits until the answer has begun as it should.
  Status Begin(FailureNote* note);

  StatusOr<ResultEvent> Next() override;
  void Cancel() override;

 private:
  void Receive();
  bool TakeBody(std::string_view bytes);
  void SetHead(int http_status);
  StatusOr<ResultEvent> Fail(Status status);
  Status Feed();
  Status DecoderError() const;

  const std::shared_ptr<HttpSession> session_;
  HttpRequest request_;  // until it is sent
  const Deadline deadline_;
  const OwnerProcess owner_;
  CancelSignal cancel_;
  BlockQueue blocks_;
  std::mutex mutex_;
  std::condition_variable begun_;
  int http_status_ = 0;     // -1: the request failed before an answer
  bool is_answer_ = false;  // not an error, nor a web page; set with it
  HttpHead head_;           // written by the receiver, like the following
  std::string error_text_;  // the begin of the body of an error or a page
  bool has_body_ = false;
  Status failure_;
  FailureNote note_;  // written by the receiver
  std::atomic<bool> receiver_done_{false};

  ResponseDecoder decoder_;
  bool complete_ = false;  // whether the last response object said so, or asked something
  bool ended_ = false;
  Status status_;
  std::stop_callback<std::function<void()>> on_stop_;
  std::thread receiver_;
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_RESULT_STREAM_H_
