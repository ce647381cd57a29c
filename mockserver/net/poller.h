// Accepts connections and gives each a worker thread when it has something to do.
//
// One thread watches every connection that waits for bytes; a worker is busy only while a session
// serves. So neither idle nor slow peers keep others waiting. A session that waits for its peer in
// the middle of its work keeps its thread, but another works in its place (WorkerPool::Waiting).
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
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "mockserver/net/listener.h"
#include "mockserver/net/socket.h"
#include "mockserver/net/tls.h"
#include "mockserver/net/worker_pool.h"

namespace tql::net {

using TimePoint = std::chrono::steady_clock::time_point;

/// One connection, from its accept to its end. The poller destroys it to close the connection.
class Session {
 public:
  explicit Session(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) {}
  virtual ~Session() = default;

  /// What a session waits for: its socket's events(), at most until `deadline`.
  struct Wait {
    TimePoint deadline;
    bool idle = false;  // nothing has begun: it may be closed to make room
  };
  /// What it waits for before the first Serve.
  virtual Wait FirstWait() = 0;
  /// Does what can be done now; called by one thread at a time, when what it waited for has
  /// happened or the deadline has passed. Returns nothing to close the connection.
  virtual std::optional<Wait> Serve() = 0;
  /// It is about to wait without a thread, maybe for long: gives back what memory it can.
  virtual void Rest() = 0;

  Socket& socket() { return *socket_; }

 private:
  const std::unique_ptr<Socket> socket_;
};

class Poller {
 public:
  struct Options {
    std::size_t max_threads = 256;
    std::size_t max_connections = 16'384;
  };
  /// Makes the session of an accepted socket; `listener` is its number, in the order of Listen.
  using MakeSession =
      std::function<std::unique_ptr<Session>(std::unique_ptr<Socket>, std::size_t listener)>;

  Poller(Options options, MakeSession make_session);
  /// Stops at once if Stop was not called.
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Adds a socket to accept from, before Start. `tls` may be null and outlives the poller.
  void Listen(Listener listener, const TlsContext* tls);
  /// UNAVAILABLE when the process has no descriptors or threads left.
  Status Start();
  /// Accepts nothing more, closes what waits, gives working sessions `grace` to finish, then ends
  /// their connections and waits for their workers. May be called more than once.
  void Stop(std::chrono::milliseconds grace);

  WorkerPool& workers() { return workers_; }

 private:
  struct Entry;
  using Deadlines = std::multimap<TimePoint, Entry*>;
  struct Entry {
    std::uint64_t id = 0;
    std::unique_ptr<Session> session;
    bool added = false;           // to the epoll set
    Deadlines* parked = nullptr;  // where it waits; null: a worker has it
    Deadlines::iterator place{};  // its place in *parked
  };
  struct Port {
    Listener listener;
    const TlsContext* tls;
  };

  void Watch();
  void Accept(std::size_t port);
  void Resume(std::uint64_t id);
  void ResumeExpired();
  void Submit(Entry* entry);
  void Work(Entry* entry);
  bool Park(Entry* entry, const Session::Wait& wait);
  void Unpark(Entry* entry);
  void Close(Entry* entry);
  bool MakeRoom();
  void FreeDescriptor();

  const Options options_;
  const MakeSession make_session_;
  std::vector<Port> ports_;
  int epoll_fd_ = -1;
  int wake_fd_ = -1;
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;  // guards what follows, and the entries except for their sessions
  std::condition_variable closed_;
  std::uint64_t next_id_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Entry>> entries_;
  Deadlines idle_;  // the first has idled longest
  Deadlines waiting_;

  WorkerPool workers_;
  std::thread watcher_;
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_POLLER_H_
