#include "mockserver/frontend/http/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <utility>

namespace tql::frontend {
namespace {

using Clock = std::chrono::steady_clock;

// A client that goes on asking finds its worker waiting: cheaper than a change of threads.
constexpr std::chrono::milliseconds kStay{3};
constexpr int kTickMs = 500;

std::string AddressText(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text,
              sizeof(text));
  } else {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof(text));
  }
  return text;
}

// The server's threads take no signals of the program they live in, and a client that went away
// must not raise SIGPIPE in them. Threads inherit this from the one that makes them.
void BlockSignals() {
  sigset_t signals;
  sigfillset(&signals);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) {
    sigdelset(&signals, fault);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

HttpServer::HttpServer(Options options, HttpHandler handler)
    : options_(std::move(options)), handler_(std::move(handler)) {}

HttpServer::~HttpServer() {
  Stop(std::chrono::milliseconds(0));
  if (epoll_fd_ >= 0) close(epoll_fd_);
  if (wake_fd_ >= 0) close(wake_fd_);
}

void HttpServer::Listen(net::Listener listener, const net::TlsContext* tls) {
  ports_.push_back({std::move(listener), tls});
}

Status HttpServer::Start() {
  epoll_fd_ = epoll_create1(EPOLL_CLOEXEC);
  wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (epoll_fd_ < 0 || wake_fd_ < 0) return UnavailableError("no file descriptors are left");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  bool added = epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, wake_fd_, &event) == 0;
  for (Port& port : ports_) {
    event.data.ptr = &port;
    added = added && epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, port.listener.fd(), &event) == 0;
  }
  if (!added) return UnavailableError("cannot watch the listening sockets");
  workers_ = std::make_unique<net::WorkerPool>(options_.max_threads);
  watcher_ = std::thread([this] { Run(); });
  return Status();
}

void HttpServer::Run() {
  BlockSignals();
  constexpr int kEvents = 128;
  epoll_event events[kEvents];
  auto next_sweep = Clock::now() + std::chrono::milliseconds(kTickMs);
  while (!stopping_) {
    const int ready = epoll_wait(epoll_fd_, events, kEvents, kTickMs);
    for (int i = 0; i < ready; ++i) {
      void* const what = events[i].data.ptr;
      if (what == nullptr) continue;  // Stop
      const Port* accepting = nullptr;
      for (const Port& port : ports_) {
        if (what == &port) accepting = &port;
      }
      if (accepting != nullptr) {
        Accept(*accepting);
      } else {
        Resume(static_cast<Connection*>(what));
      }
    }
    if (Clock::now() >= next_sweep) {
      CloseExpired();
      next_sweep = Clock::now() + std::chrono::milliseconds(kTickMs);
    }
  }
}

void HttpServer::Accept(const Port& port) {
  for (int i = 0; i < 64; ++i) {  // then let the others have a turn
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    const int fd = accept4(port.listener.fd(), reinterpret_cast<sockaddr*>(&address), &size,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EMFILE || errno == ENFILE) FreeDescriptor();
      return;
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    auto connection =
        std::make_unique<Connection>(fd, port.tls == nullptr ? nullptr : port.tls->get(),
                                     AddressText(address), options_.connection);
    Connection* const raw = connection.get();
    raw->OnSlowReader([this](const std::function<bool()>& wait) {
      const net::WorkerPool::Waiting waiting(*workers_);
      return wait();
    });
    bool full = false;
    {
      const std::lock_guard lock(mutex_);
      full = connections_.size() >= options_.max_connections;
      connections_.emplace(raw, std::move(connection));
      raw->parked = true;
    }
    epoll_event event{};
    event.events = EPOLLIN | EPOLLONESHOT;
    event.data.ptr = raw;
    if (epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) != 0) Close(raw);
    if (full) CloseOldestParked();
  }
}

void HttpServer::FreeDescriptor() {
  if (CloseOldestParked()) return;
  // All are at work. Who wants in waits with the watcher, which would else find them at once again.
  std::unique_lock lock(mutex_);
  closed_.wait_for(lock, kStay);
}

void HttpServer::Resume(Connection* connection) {
  {
    const std::lock_guard lock(mutex_);
    // An event of a connection that was closed while this batch was worked off.
    const auto found = connections_.find(connection);
    if (found == connections_.end() || !connection->parked) return;
    connection->parked = false;
  }
  Dispatch(connection);
}

void HttpServer::Dispatch(Connection* connection) {
  workers_->Submit([this, connection] { Serve(connection); });
}

void HttpServer::Serve(Connection* connection) {
  while (!stopping_) {
    switch (connection->Advance()) {
      case Connection::Progress::kRequest:
        if (!Answer(*connection)) return Close(connection);
        connection->NextRequest();
        break;
      case Connection::Progress::kRefused:
        Refuse(*connection, connection->parser().error_status(), connection->parser().error());
        break;
      case Connection::Progress::kWait:
        if (!connection->mid_request() && !workers_->Busy() && connection->WaitBriefly(kStay)) {
          break;
        }
        if (Clock::now() >= connection->deadline()) {
          if (!connection->mid_request()) return Close(connection);
          Refuse(*connection, 408, "The request took too long to arrive.");
          break;
        }
        if (!Park(connection)) return Close(connection);
        return;
      case Connection::Progress::kClosed:
        return Close(connection);
    }
  }
  Close(connection);
}

bool HttpServer::Answer(Connection& connection) {
  ResponseWriter response(connection);
  try {
    handler_(connection.request(), connection.peer(), response);
  } catch (const std::exception&) {  // what it says is for the log of whoever threw it
    if (response.started()) return false;
    response.SendError(500, "Internal error.");
  }
  if (!response.started()) response.SendError(500, "Internal error.");
  if (response.keep_alive()) return true;
  if (!response.finished()) return false;
  connection.Linger();
  return true;
}

void HttpServer::Refuse(Connection& connection, int status, std::string_view why) {
  ResponseWriter response(connection);
  response.Abandon();
  response.SendError(status, why);
  connection.Linger();
}

bool HttpServer::Park(Connection* connection) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  epoll_event event{};
  event.events = ((connection->events() & POLLOUT) != 0 ? EPOLLOUT : EPOLLIN) | EPOLLONESHOT;
  event.data.ptr = connection;
  connection->parked = true;
  if (epoll_ctl(epoll_fd_, EPOLL_CTL_MOD, connection->fd(), &event) == 0) return true;
  connection->parked = false;
  return false;
}

void HttpServer::Close(Connection* connection) {
  std::unique_ptr<Connection> owned;
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(connection);
  owned = std::move(found->second);
  connections_.erase(found);
  owned.reset();  // also takes it out of the epoll set
  closed_.notify_all();
}

void HttpServer::CloseExpired() {
  std::vector<Connection*> late;
  {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    for (const auto& [connection, owner] : connections_) {
      if (connection->parked && now >= connection->deadline()) {
        connection->parked = false;
        late.push_back(connection);
      }
    }
  }
  for (Connection* connection : late) Dispatch(connection);
}

bool HttpServer::CloseOldestParked() {
  Connection* oldest = nullptr;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [connection, owner] : connections_) {
      if (connection->parked &&
          (oldest == nullptr || connection->deadline() < oldest->deadline())) {
        oldest = connection;
      }
    }
    if (oldest != nullptr) oldest->parked = false;
  }
  if (oldest == nullptr) return false;
  Close(oldest);
  return true;
}

void HttpServer::Stop(std::chrono::milliseconds grace) {
  if (!watcher_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  const std::uint64_t one = 1;
  if (write(wake_fd_, &one, sizeof(one)) < 0) {  // it wakes by itself soon
  }
  watcher_.join();
  ports_.clear();
  {
    std::unique_lock lock(mutex_);
    std::erase_if(connections_, [](const auto& entry) { return entry.first->parked; });
    closed_.wait_for(lock, grace, [this] { return connections_.empty(); });
    for (const auto& [connection, owner] : connections_) connection->Shutdown();
  }
  workers_->Finish();
}

}  // namespace tql::frontend
