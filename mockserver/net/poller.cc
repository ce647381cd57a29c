#include "mockserver/net/poller.h"

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
#include <system_error>
#include <utility>

namespace tql::net {
namespace {

using Clock = std::chrono::steady_clock;

// A worker waits this long for the next bytes, which is cheaper than a change of threads.
constexpr std::chrono::milliseconds kStay{3};
constexpr int kTickMs = 500;

// Numbers in the epoll set: kWake, then the ports, then connections. A number is never reused, so a
// late event of a closed port or connection is ignored.
constexpr std::uint64_t kWake = 0;
constexpr std::uint64_t kFirstPort = 1;
constexpr std::uint64_t kFirstConnection = std::uint64_t{1} << 32U;

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

// The server's threads must not receive the signals of the program that embeds it, nor SIGPIPE when
// a peer disconnects. Workers inherit this from the watcher, which starts them.
void BlockSignals() {
  sigset_t signals;
  sigfillset(&signals);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) {
    sigdelset(&signals, fault);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

bool Add(int epoll_fd, int fd, std::uint64_t id) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = id;
  return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

}  // namespace

Poller::Poller(Options options)
    : options_(options),
      next_port_(kFirstPort),
      next_id_(kFirstConnection),
      workers_(options.max_threads) {}

Poller::~Poller() {
  Stop(std::chrono::milliseconds(0));
  if (epoll_fd_ >= 0) close(epoll_fd_);
  if (wake_fd_ >= 0) close(wake_fd_);
}

StatusOr<Poller::PortId> Poller::Listen(Listener listener, const TlsContext* tls,
                                        MakeSession make_session) {
  const auto port =
      std::make_shared<const Port>(Port{std::move(listener), tls, std::move(make_session)});
  const base::MutexLock lock(mutex_);
  if (stopping_) return UnavailableError("the server has stopped");
  const PortId id = next_port_++;
  ports_.emplace(id, port);
  if (started_ && !Add(epoll_fd_, port->listener.fd(), id)) {
    ports_.erase(id);
    return UnavailableError("cannot watch the listening socket");
  }
  return id;
}

void Poller::Close(PortId port) {
  std::shared_ptr<const Port> closed;  // without the lock, unless the watcher uses it
  const base::MutexLock lock(mutex_);
  const auto found = ports_.find(port);
  if (found == ports_.end()) return;
  closed = std::move(found->second);
  ports_.erase(found);
}

Status Poller::Start() {
  epoll_fd_ = epoll_create1(EPOLL_CLOEXEC);
  wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (epoll_fd_ < 0 || wake_fd_ < 0) return UnavailableError("no file descriptors are left");
  bool added = Add(epoll_fd_, wake_fd_, kWake);
  {
    const base::MutexLock lock(mutex_);
    for (const auto& [id, port] : ports_) added = added && Add(epoll_fd_, port->listener.fd(), id);
    started_ = added;
  }
  if (!added) return UnavailableError("cannot watch the listening sockets");
  try {
    watcher_ = std::thread([this] { Watch(); });
  } catch (const std::system_error&) {
    return UnavailableError("cannot start a thread");
  }
  return Status();
}

void Poller::Watch() {
  BlockSignals();
  constexpr int kEvents = 128;
  epoll_event events[kEvents];
  auto next_sweep = Clock::now() + std::chrono::milliseconds(kTickMs);
  while (!stopping_) {
    const int ready = epoll_wait(epoll_fd_, events, kEvents, kTickMs);
    for (int i = 0; i < ready; ++i) {
      const std::uint64_t id = events[i].data.u64;
      try {
        if (id >= kFirstConnection) {
          Resume(id);
        } else if (id >= kFirstPort) {
          Accept(id);
        }
      } catch (...) {
        // Out of memory: this connection is lost, the others continue.
      }
    }
    if (Clock::now() < next_sweep) continue;
    ResumeExpired();
    next_sweep = Clock::now() + std::chrono::milliseconds(kTickMs);
  }
}

void Poller::Accept(PortId id) {
  std::shared_ptr<const Port> port;
  {
    const base::MutexLock lock(mutex_);
    const auto found = ports_.find(id);
    if (found == ports_.end()) return;
    port = found->second;
  }
  for (int i = 0; i < 64; ++i) {  // then other events are handled
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    const int fd = accept4(port->listener.fd(), reinterpret_cast<sockaddr*>(&address), &size,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EMFILE || errno == ENFILE) FreeDescriptor();
      return;
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    ssl_ctx_st* const tls = port->tls == nullptr ? nullptr : port->tls->get();
    if (port->tls != nullptr && tls == nullptr) {  // never without TLS
      close(fd);
      continue;
    }
    auto socket = std::make_unique<Socket>(fd, tls, AddressText(address));
    auto entry = std::make_unique<Entry>();
    entry->session = port->make_session(std::move(socket));
    Entry* const raw = entry.get();
    bool full = false;
    {
      const base::MutexLock lock(mutex_);
      full = entries_.size() >= options_.max_connections;
      raw->id = next_id_++;
    }
    if (full && !MakeRoom()) continue;  // all are busy: the new connection is closed
    {
      const base::MutexLock lock(mutex_);
      entries_.emplace(raw->id, std::move(entry));
    }
    if (!Park(raw, raw->session->FirstWait())) Close(raw);
  }
}

/// Closes the connection that has been idle longest, or, if none is idle, the one whose handshake
/// or request is closest to its deadline. Returns false if all connections are busy.
bool Poller::MakeRoom() {
  std::unique_ptr<Entry> closed;  // destroyed after the lock, because that sends and closes
  const base::MutexLock lock(mutex_);
  const Deadlines& from = idle_.empty() ? waiting_ : idle_;
  if (from.empty()) return false;
  Entry* const entry = from.begin()->second;
  Unpark(entry);
  const auto found = entries_.find(entry->id);
  closed = std::move(found->second);
  entries_.erase(found);
  return true;
}

void Poller::FreeDescriptor() {
  if (MakeRoom()) return;
  // All are busy. The watcher waits, because epoll would report the port again at once.
  base::MutexLock lock(mutex_);
  closed_.wait_for(lock, kStay);
}

void Poller::Resume(std::uint64_t id) {
  Entry* entry = nullptr;
  {
    const base::MutexLock lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end() || found->second->parked == nullptr) return;
    entry = found->second.get();
    Unpark(entry);
  }
  Submit(entry);
}

void Poller::Submit(Entry* entry) {
  try {
    workers_.Submit([this, entry] { Work(entry); });
  } catch (...) {  // out of memory
    Close(entry);
  }
}

void Poller::ResumeExpired() {
  const auto now = Clock::now();
  for (Deadlines* const deadlines : {&idle_, &waiting_}) {
    for (;;) {
      Entry* entry = nullptr;
      {
        const base::MutexLock lock(mutex_);
        if (deadlines->empty() || deadlines->begin()->first > now) break;
        entry = deadlines->begin()->second;
        Unpark(entry);
      }
      Submit(entry);
    }
  }
}

void Poller::Work(Entry* entry) {
  while (!stopping_) {
    std::optional<Session::Wait> wait;
    try {
      wait = entry->session->Serve();
    } catch (...) {
      // Calls report their own exceptions. The connection is closed.
    }
    if (!wait) break;
    if (wait->idle && !workers_.Busy() && entry->session->socket().Wait(kStay)) continue;
    entry->session->Rest();
    if (Park(entry, *wait)) return;
    break;
  }
  Close(entry);
}

bool Poller::Park(Entry* entry, const Session::Wait& wait) {
  const Socket& socket = entry->session->socket();
  epoll_event event{};
  event.events = ((socket.events() & POLLOUT) != 0 ? EPOLLOUT : EPOLLIN) | EPOLLONESHOT;
  event.data.u64 = entry->id;
  const base::MutexLock lock(mutex_);
  if (stopping_) return false;
  Deadlines& deadlines = wait.idle ? idle_ : waiting_;
  entry->place = deadlines.emplace(wait.deadline, entry);
  entry->parked = &deadlines;
  const int operation = entry->added ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  entry->added = epoll_ctl(epoll_fd_, operation, socket.fd(), &event) == 0;
  if (!entry->added) Unpark(entry);
  return entry->added;
}

void Poller::Unpark(Entry* entry) {
  entry->parked->erase(entry->place);
  entry->parked = nullptr;
}

void Poller::Close(Entry* entry) {
  std::unique_ptr<Entry> closed;
  {
    const base::MutexLock lock(mutex_);
    const auto found = entries_.find(entry->id);
    closed = std::move(found->second);
    entries_.erase(found);
  }
  closed.reset();  // sends close_notify and closes, so not under the lock
  const base::MutexLock lock(mutex_);
  closed_.notify_all();
}

void Poller::Stop(std::chrono::milliseconds grace) {
  if (!watcher_.joinable()) return;
  {
    const base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  const std::uint64_t one = 1;
  if (write(wake_fd_, &one, sizeof(one)) < 0) {  // the watcher wakes within kTickMs anyway
  }
  watcher_.join();
  std::vector<std::unique_ptr<Entry>> parked;
  {
    const base::MutexLock lock(mutex_);
    ports_.clear();
    for (auto it = entries_.begin(); it != entries_.end();) {
      if (it->second->parked == nullptr) {
        ++it;
        continue;
      }
      Unpark(it->second.get());
      parked.push_back(std::move(it->second));
      it = entries_.erase(it);
    }
  }
  parked.clear();
  {
    base::MutexLock lock(mutex_);
    closed_.wait_for(lock, grace, [this]() TQL_REQUIRES(mutex_) { return entries_.empty(); });
    for (const auto& [id, entry] : entries_) entry->session->socket().Shutdown();
  }
  workers_.Finish();
}

}  // namespace tql::net
