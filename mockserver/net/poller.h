// Accepts connections and assigns a worker thread to each connection that has something to do.
//
// One thread watches all connections that wait for bytes; a worker is occupied only while a session
// serves. Therefore idle and slow peers do not delay others. A session that waits for its peer
// during its work keeps its thread, but another thread works in its place (WorkerPool::Waiting).
#ifndef TQLKIT_MOCKSERVER_NET_POLLER_H_
#define TQLKIT_MOCKSERVER_NET_POLLER_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "mockserver/net/listener.h"
#include "mockserver/net/socket.h"
#include "mockserver/net/tls.h"
#include "mockserver/net/worker_pool.h"
#include "proto/base/mutex.h"

namespace tql::net {

using TimePoint = std::chrono::steady_clock::time_point;

/// A connection, from accept to close. The poller destroys the session to close the connection.
class Session {
 public:
  explicit Session(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) {}
  virtual ~Session() = default;

  /// A wait for the events() of the session's socket, at most until `deadline`.
  struct Wait {
    TimePoint deadline;
    bool idle = false;  // no request has begun, so the connection may be closed to make room
  };
  /// The wait before the first Serve.
  virtual Wait FirstWait() = 0;
  /// Processes the available input. Called by one thread at a time, after the events of the wait or
  /// its deadline. Returns the next wait, or nullopt to close the connection.
  virtual std::optional<Wait> Serve() = 0;
  /// Called before a wait without a thread, which may be long: releases memory that is not needed.
  virtual void Rest() = 0;

  Socket& socket() { return *socket_; }

 private:
  const std::unique_ptr<Socket> socket_;
};

/// Thread safety: Listen, Close and Stop may be called from any thread.
class Poller {
 public:
  struct Options {
    std::size_t max_threads = 256;
    std::size_t max_connections = 16'384;
  };
  /// Creates the session of an accepted socket. Called by the poller's thread.
  using MakeSession = std::function<std::unique_ptr<Session>(std::unique_ptr<Socket>)>;
  using PortId = std::uint64_t;

  explicit Poller(Options options);
  /// Stops without a grace period if Stop was not called.
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Adds a listener, before or after Start. `tls` may be null; it must outlive the poller.
  /// UNAVAILABLE if it cannot be watched, or after Stop.
  StatusOr<PortId> Listen(Listener listener, const TlsContext* tls, MakeSession make_session);
  /// Closes a listener, but not the connections that it accepted.
  void Close(PortId port);
  /// Starts accepting. UNAVAILABLE if the process has no descriptors or threads left.
  Status Start();
  /// Stops accepting, closes waiting connections, gives working sessions up to `grace` to finish,
  /// then closes their connections and waits for their workers. May be called more than once.
  void Stop(std::chrono::milliseconds grace);

  WorkerPool& workers() { return workers_; }

 private:
  struct Entry;
  using Deadlines = std::multimap<TimePoint, Entry*>;
  struct Entry {
    std::uint64_t id = 0;
    std::unique_ptr<Session> session;
    bool added = false;           // added to the epoll set
    Deadlines* parked = nullptr;  // the list in which it waits; null: a worker has it
    Deadlines::iterator place{};  // its position in *parked
  };
  struct Port {
    Listener listener;
    const TlsContext* tls;
    MakeSession make_session;
  };

  void Watch();
  void Accept(PortId id);
  void Resume(std::uint64_t id);
  void ResumeExpired();
  void Submit(Entry* entry);
  void Work(Entry* entry);
  bool Park(Entry* entry, const Session::Wait& wait);
  void Unpark(Entry* entry) TQL_REQUIRES(mutex_);
  void Close(Entry* entry);
  bool MakeRoom();
  void FreeDescriptor();

  const Options options_;
  int epoll_fd_ = -1;
  int wake_fd_ = -1;
  std::atomic<bool> stopping_{false};

  base::Mutex mutex_;  // guards the following members, and the entries except their sessions
  std::condition_variable closed_;
  bool started_ TQL_GUARDED_BY(mutex_) = false;
  PortId next_port_ TQL_GUARDED_BY(mutex_);
  std::map<PortId, std::shared_ptr<const Port>> ports_ TQL_GUARDED_BY(mutex_);
  std::uint64_t next_id_ TQL_GUARDED_BY(mutex_);
  std::unordered_map<std::uint64_t, std::unique_ptr<Entry>> entries_ TQL_GUARDED_BY(mutex_);
  Deadlines idle_ TQL_GUARDED_BY(mutex_);  // the first one has been idle longest
  Deadlines waiting_ TQL_GUARDED_BY(mutex_);

  WorkerPool workers_;
  std::thread watcher_;
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_POLLER_H_
