#include "tools/tqlconform/client/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "proto/base/status_macros.h"
#include "tools/tqlconform/client/http_message.h"
#include "tools/tqlconform/client/response_rewriter.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

constexpr std::size_t kBufferBytes = 65536;
// Between two pieces, so that a reader sees them one by one; after many pieces of a response no
// more.
constexpr std::chrono::microseconds kBetweenPieces{100};
constexpr int kMostPauses = 2'000;

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

void SendAtOnce(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

int ConnectTo(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  if (fd >= 0 && connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    return -1;
  }
  if (fd >= 0) SendAtOnce(fd);
  return fd;
}

}  // namespace

/// One connection of the program, and the one to the server that belongs to it.
class Relay::Connection {
 public:
  Connection(Relay& relay, int client, int server)
      : relay_(relay), client_(client), server_(server) {
    if (relay.wire_.has_cut_after()) left_ = relay.wire_.cut_after();
  }

  void Run() {
    pollfd ends[] = {{client_, POLLIN, 0}, {server_, POLLIN, 0}};
    std::string buffer(kBufferBytes, '\0');
    while (poll(ends, 2, -1) > 0 || errno == EINTR) {
      for (const pollfd& end : ends) {
        if (end.revents == 0) continue;
        const ssize_t n = recv(end.fd, buffer.data(), buffer.size(), 0);
        if (n <= 0) return;
        const std::string_view bytes(buffer.data(), static_cast<std::size_t>(n));
        if (!(end.fd == client_ ? FromClient(bytes) : FromServer(bytes))) return;
      }
    }
  }

 private:
  bool FromClient(std::string_view bytes) {
    if (!relay_.wire_.instead().empty()) {
      relay_.Record(std::string(bytes), &call_);
      static_cast<void>(Pass(relay_.wire_.instead()));
      return false;
    }
    if (relay_.is_http_) {
      if (!requests_.Add(bytes)) return false;
      while (std::optional<HttpMessage> request = requests_.Next()) {
        path_ = std::string(request->path());
        pauses_ = 0;
        relay_.Record(request->head + request->body, &call_);
      }
    }
    return SendAll(server_, bytes);
  }

  bool FromServer(std::string_view bytes) {
    const ResponseRewriter& responses = *relay_.responses_;
    if (!relay_.is_http_ || !responses.Changes(path_)) return Pass(bytes);
    if (!responses_.Add(bytes)) return false;
    while (const std::optional<HttpMessage> response = responses_.Next()) {
      const bool last = responses.ClosesAfter(path_);
      if (last) Cork();
      if (!Pass(responses.Rewritten(*response, path_)) || last) return false;
    }
    return true;
  }

  /// Has the last bytes leave with the end of the connection: a program that has read them, and
  /// looks whether the connection is still open, sees that it is not.
  void Cork() const {
    const int on = 1;
    static_cast<void>(setsockopt(client_, IPPROTO_TCP, TCP_CORK, &on, sizeof on));
  }

  /// Sends to the program. False if the connection ends.
  bool Pass(std::string_view bytes) {
    if (left_) bytes = bytes.substr(0, *left_);
    const std::size_t piece = relay_.wire_.piece() == 0 ? bytes.size() : relay_.wire_.piece();
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      relay_.RecordResponse(call_, bytes.substr(at, piece));
      if (!SendAll(client_, bytes.substr(at, piece))) return false;
      if (relay_.wire_.piece() == 0 || ++pauses_ > kMostPauses) continue;
      std::this_thread::sleep_for(kBetweenPieces);
    }
    if (left_) *left_ -= bytes.size();
    return !left_ || *left_ > 0;
  }

  Relay& relay_;
  const int client_;
  const int server_;
  std::optional<std::uint64_t> left_;
  MessageReader requests_;
  MessageReader responses_;
  std::string path_;                      // of the last request
  std::size_t call_ = std::string::npos;  // of the last request, among those recorded
  int pauses_ = 0;
};

StatusOr<std::unique_ptr<Relay>> Relay::Start(int port, bool is_http, const confpb::Wire& wire) {
  TQL_ASSIGN_OR_RETURN(ResponseRewriter responses, ResponseRewriter::Make(wire));
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (listener < 0 || bind(listener, generic, size) != 0 || listen(listener, SOMAXCONN) != 0 ||
      getsockname(listener, generic, &size) != 0) {
    if (listener >= 0) close(listener);
    return tql::UnavailableError("cannot listen on 127.0.0.1");
  }
  return std::unique_ptr<Relay>(
      new Relay(listener, ntohs(address.sin_port), port, is_http, wire, std::move(responses)));
}

Relay::Relay(int listener, int port, int server_port, bool is_http, confpb::Wire wire,
             ResponseRewriter responses)
    : listener_(listener),
      port_(port),
      server_port_(server_port),
      is_http_(is_http),
      wire_(std::move(wire)),
      responses_(std::make_unique<const ResponseRewriter>(std::move(responses))),
      acceptor_([this](const std::stop_token& stop) { Accept(stop); }) {}

Relay::~Relay() {
  acceptor_.request_stop();
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  close(listener_);
}

std::size_t Relay::connections() const {
  const std::lock_guard lock(mutex_);
  return threads_.size();
}

std::vector<RelayedCall> Relay::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

void Relay::Record(std::string request, std::size_t* call) {
  const std::lock_guard lock(mutex_);
  recorded_ += request.size();
  *call = std::string::npos;
  if (recorded_ > kMostRecorded) return;
  *call = calls_.size();
  calls_.push_back({.request = std::move(request), .response = {}});
}

void Relay::RecordResponse(std::size_t call, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (call >= calls_.size()) return;
  RelayedCall& of = calls_[call];
  const std::string_view kept = bytes.substr(0, kMostResponse - of.response.size());
  recorded_ += kept.size();
  of.response += kept;
  of.response_left_out += bytes.size() - kept.size();
}

void Relay::Accept(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      return;
    }
    const std::lock_guard lock(mutex_);
    if (stop.stop_requested() || open_.size() >= 2 * kMostConnections) {
      close(client);
      continue;
    }
    SendAtOnce(client);
    open_.push_back(client);
    threads_.emplace_back([this, client] { Serve(client); });
  }
}

void Relay::Serve(int client) {
  const int server = ConnectTo(server_port_);
  if (server >= 0) {
    {
      const std::lock_guard lock(mutex_);
      open_.push_back(server);
    }
    Connection(*this, client, server).Run();
  }
  const std::lock_guard lock(mutex_);
  for (const int fd : {client, server}) {
    if (fd < 0) continue;
    std::erase(open_, fd);
    close(fd);
  }
}

}  // namespace tqlconform
