// The response to a query or script over HTTP, read while it arrives.
#ifndef TQLKIT_CLIENT_SRC_HTTP_RESULT_STREAM_H_
#define TQLKIT_CLIENT_SRC_HTTP_RESULT_STREAM_H_

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "client/src/block_queue.h"
#include "client/src/fork.h"
#include "client/src/http_session.h"
#include "proto/base/mutex.h"
#include "tql/result_stream.h"
#include "tql/transport.h"
#include "tql/wire/response_decoder.h"

namespace tql {

/// A receiver thread reads from the connection into a queue; the caller's thread decodes. Must not
/// be destroyed in a child of fork(), which does not have the receiver thread (see
/// ProcessBoundStream).
class HttpResultStream : public ResultStream {
 public:
  /// Starts the receiver thread, which sends the request.
  HttpResultStream(std::shared_ptr<HttpSession> session, HttpRequest request,
                   const CallLimits& limits);
  ~HttpResultStream() override;

  /// Waits for the header of the response. Returns the error if the request failed or the response
  /// is not a success, and then sets `*note` if it is not null.
  Status Begin(FailureNote* note);

  StatusOr<ResultEvent> Next() override;
  void Cancel() override;

 private:
  // On the receiver thread: the whole request; a piece of the body; the status of the header.
  void Receive();
  bool ReceiveBody(std::string_view bytes);
  void SetHead(int http_status);
  // On the caller's thread.
  StatusOr<ResultEvent> Fail(Status status);
  Status Feed();
  Status DecoderError() const;

  const std::shared_ptr<HttpSession> session_;
  HttpRequest request_;  // moved from when it is sent
  const Deadline deadline_;
  const OwnerProcess owner_;
  CancelSignal cancel_;
  BlockQueue blocks_;  // the body, from the receiver thread to the caller's
  base::Mutex mutex_;
  std::condition_variable head_received_;
  // 0: not known yet; -1: the request failed without a response.
  int http_status_ TQL_GUARDED_BY(mutex_) = 0;
  bool is_success_ = false;  // neither an error nor a web page; set together with http_status_
  // Written by the receiver thread; read after receiver_done_.
  HttpHead head_;
  std::string error_text_;  // the beginning of the body of an error or a web page
  bool has_body_ = false;
  Status failure_;
  FailureNote note_;
  std::atomic<bool> receiver_done_{false};

  ResponseDecoder decoder_;
  // Decoder state, used by the caller's thread.
  bool complete_ = false;  // the last response object was complete or asked a question
  bool ended_ = false;
  Status status_;
  // Last, because they use the other members as soon as they are constructed.
  std::stop_callback<std::function<void()>> on_stop_;
  std::thread receiver_;
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_RESULT_STREAM_H_
