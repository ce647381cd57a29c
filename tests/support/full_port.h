// A port to which connecting never completes.
#ifndef TQLKIT_TESTS_SUPPORT_FULL_PORT_H_
#define TQLKIT_TESTS_SUPPORT_FULL_PORT_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace tql::testing {

/// On 127.0.0.1. Connections are not accepted, and the listen queue is full.
class FullPort {
 public:
  FullPort() {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t size = sizeof address_;
    bind(listener_, Generic(), size);
    listen(listener_, 0);
    getsockname(listener_, Generic(), &size);
    for (int i = 0; i < 4; ++i) {
      fillers_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
      (void)connect(fillers_.back(), Generic(), size);
    }
  }
  ~FullPort() {
    for (const int fd : fillers_) close(fd);
    close(listener_);
  }
  FullPort(const FullPort&) = delete;
  FullPort& operator=(const FullPort&) = delete;

  /// "127.0.0.1:41233"
  std::string place() const { return "127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

 private:
  sockaddr* Generic() { return reinterpret_cast<sockaddr*>(&address_); }
  sockaddr_in address_{};
  int listener_ = -1;
  std::vector<int> fillers_;
};

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_SUPPORT_FULL_PORT_H_
