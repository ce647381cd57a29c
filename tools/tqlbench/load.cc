#include "tools/tqlbench/load.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <deque>

#include "tools/tqlbench/http_answer.h"
#include "tools/tqlbench/socket.h"
#include "tools/tqlbench/stats.h"

namespace tqlbench {
namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
  Socket socket;
  AnswerReader reader{};
  Clock::time_point sent{};
};

class LoadLoop {
 public:
  explicit LoadLoop(const std::vector<std::string>& requests)
      : requests_(requests), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}
  LoadLoop(const LoadLoop&) = delete;
  LoadLoop& operator=(const LoadLoop&) = delete;
  ~LoadLoop() { ::close(epoll_); }

  tql::Status Open(std::uint16_t port, int connections) {
    for (int i = 0; i < connections; ++i) {
      tql::StatusOr<Socket> socket = Socket::Connect(port);
      if (!socket) return socket.status();
      Connection& connection = connections_.emplace_back(Connection{std::move(*socket)});
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &connection;
      if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket.fd(), &event) != 0) {
        return tql::InternalError("epoll_ctl");
      }
    }
    return {};
  }

  tql::Status Run(Clock::time_point end) {
    for (Connection& connection : connections_) {
      if (tql::Status status = SendNext(&connection); !status.ok()) return status;
    }
    std::array<epoll_event, 64> events;
    while (Clock::now() < end || latencies_us_.empty()) {
      const int count = ::epoll_wait(epoll_, events.data(), events.size(), 5000);
      if (count == 0) return tql::DeadlineExceededError("no answer within 5 s");
      for (int i = 0; i < count; ++i) {
        tql::Status status = OnReadable(static_cast<Connection*>(events[i].data.ptr));
        if (!status.ok()) return status;
      }
    }
    return {};
  }

  std::vector<double>& latencies_us() { return latencies_us_; }

 private:
  tql::Status SendNext(Connection* connection) {
    connection->reader = AnswerReader();
    const std::string& request = requests_[next_++ % requests_.size()];
    connection->sent = Clock::now();
    return connection->socket.Send(request);
  }

  tql::Status OnReadable(Connection* connection) {
    std::array<char, 16384> block;
    const ssize_t size = ::recv(connection->socket.fd(), block.data(), block.size(), 0);
    if (size < 0 && errno == EINTR) return {};
    if (size <= 0) return tql::UnavailableError("the server closed a connection");
    AnswerReader& reader = connection->reader;
    reader.Feed({block.data(), static_cast<std::size_t>(size)});
    if (reader.bad() || (reader.done() && reader.status() != 200)) {
      return tql::InternalError("unexpected answer: " + reader.head());
    }
    if (!reader.done()) return {};
    const std::chrono::duration<double, std::micro> took = Clock::now() - connection->sent;
    latencies_us_.push_back(took.count());
    return SendNext(connection);
  }

  const std::vector<std::string>& requests_;
  std::size_t next_ = 0;
  int epoll_;
  std::deque<Connection> connections_;  // A deque keeps their addresses.
  std::vector<double> latencies_us_;
};

}  // namespace

tql::StatusOr<LoadResult> RunLoad(std::uint16_t port, const std::vector<std::string>& requests,
                                  int connections, std::chrono::milliseconds time) {
  LoadLoop loop(requests);
  if (tql::Status status = loop.Open(port, connections); !status.ok()) return status;
  const auto start = Clock::now();
  if (tql::Status status = loop.Run(start + time); !status.ok()) return status;
  LoadResult result;
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  result.requests = loop.latencies_us().size();
  result.p50_us = Quantile(loop.latencies_us(), 0.5);
  result.p99_us = Quantile(std::move(loop.latencies_us()), 0.99);
  return result;
}

}  // namespace tqlbench
