// A TCP connection to the local host.
#ifndef TOOLS_TQLBENCH_SOCKET_H_
#define TOOLS_TQLBENCH_SOCKET_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/tqlbench/http_answer.h"
#include "tql/status.h"

namespace tqlbench {

class Socket {
 public:
  static tql::StatusOr<Socket> Connect(std::uint16_t port);
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  int fd() const { return fd_; }
  tql::Status Send(std::string_view bytes);
  /// Reads until `reader` is done.
  tql::Status Receive(AnswerReader* reader);
  /// Reads and discards some bytes; UNAVAILABLE at the end of the connection.
  tql::Status ReceiveSome();

 private:
  explicit Socket(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_SOCKET_H_
