// The answer to one request: whole, or streamed piece by piece.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_RESPONSE_WRITER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_RESPONSE_WRITER_H_

#include <chrono>
#include <string>
#include <string_view>

#include "mockserver/frontend/http/connection.h"

namespace tql::frontend {

inline constexpr std::string_view kJsonType = "application/json";

/// Thread safety: none.
class ResponseWriter {
 public:
  explicit ResponseWriter(Connection& connection)
      : connection_(connection), keep_alive_(connection.request().keep_alive) {}

  /// Another header line of the answer, to be added before it is begun. No line breaks.
  void AddHeader(std::string_view name, std::string_view value);

  /// The whole answer at once. The answer to HEAD ends before its body, here and below.
  void Send(int status, std::string_view content_type, std::string_view body);
  /// {"error":{"code":…,"message":…}}, where `code` is the HTTP status.
  void SendError(int status, std::string_view message);

  /// An answer in pieces: Start, Write…, Finish. False when the client is gone. A client of
  /// HTTP/1.0 gets the pieces as they are and the end of the connection after the last one.
  bool Start(int status, std::string_view content_type);
  bool Write(std::string_view piece);
  bool Finish();
  /// The answer cannot be finished as promised: the connection is closed without the sign of the
  /// end, so that the client can tell.
  void Abandon() { keep_alive_ = false; }

  bool started() const { return started_; }
  bool finished() const { return finished_; }
  /// Whether another request may follow on the connection.
  bool keep_alive() const { return keep_alive_ && finished_; }
  /// Asked for between rows and statements, so the socket is looked at every millisecond only. By
  /// the thread that writes. A client that has closed its end of the connection may wait for the
  /// answer, or be gone: it is taken for gone when there is none within a second.
  bool ClientGone();
  /// Until when pieces may be written: a client that reads no further by then is given up.
  void LimitWrites(Connection::TimePoint deadline) { write_deadline_ = deadline; }

 private:
  bool head_only() const { return connection_.request().method == "HEAD"; }
  std::string Head(int status, std::string_view content_type) const;

  Connection& connection_;
  std::string extra_;
  std::string head_;  // of a streamed answer, until its first piece
  bool keep_alive_;
  bool chunked_ = false;
  bool started_ = false;
  bool finished_ = false;
  bool gone_ = false;
  Connection::TimePoint next_look_;  // at the socket
  Connection::TimePoint sent_all_;   // when its end was found closed; the epoch: it is not
  Connection::TimePoint write_deadline_ = Connection::TimePoint::max();
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_RESPONSE_WRITER_H_
