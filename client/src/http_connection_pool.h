// The connections of an HTTP transport: assigns a host and a connection to each call.
#ifndef TQLKIT_CLIENT_SRC_HTTP_CONNECTION_POOL_H_
#define TQLKIT_CLIENT_SRC_HTTP_CONNECTION_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "client/src/fork.h"
#include "client/src/http_connection.h"
#include "tql/options.h"
#include "tql/status.h"
#include "tql/url.h"

namespace tql {

/// Connections belong to the process that opened them. In a child of fork() the pool starts empty;
/// it closes its copies of the parent's descriptors without sending anything.
///
/// Thread safety: Send may be called from several threads at the same time.
class HttpConnectionPool {
 public:
  using Factory = std::function<std::unique_ptr<HttpConnection>(const Url&, const Options&)>;

  /// `hosts` has one or more elements. Uses idle_connections and max_connections of the options,
  /// and those that `make` uses.
  HttpConnectionPool(std::vector<Url> hosts, Options options, Factory make);

  /// Sends a request over an exclusive connection to the host that answered last. If that host
  /// cannot be connected to, so that nothing was sent, continues with the next one. Blocks while
  /// all connections are in use; waiters are served in order of arrival (FIFO). `sent` is set to
  /// whether a service was reached. Errors: those of HttpConnection::Send; if no host could be
  /// reached, the messages of all.
  Status Send(const HttpRequest& request, const HttpReceiver& receiver, Deadline deadline,
              CancelSignal& cancel, bool& sent);

  const Options& options() const { return options_; }

 private:
  /// A call that waits for a connection.
  struct Waiter {
    explicit Waiter(int wake) : wake_fd(wake) {}
    const int wake_fd;  // readable once granted
    bool granted = false;
  };
  /// The right to use a connection; counted in slots_in_use_ during its lifetime.
  class Slot;

  Status AcquireSlot(Deadline deadline, CancelSignal& cancel);
  void ReleaseSlot();
  void ReleaseSlotLocked() TQL_REQUIRES(mutex_);
  void ResetAfterForkLocked() TQL_REQUIRES(mutex_);
  std::size_t CurrentHost();
  std::unique_ptr<HttpConnection> TakeConnection(std::size_t host);
  void ReturnConnection(std::unique_ptr<HttpConnection> connection, std::size_t host);

  const std::vector<Url> hosts_;
  const Options options_;
  const Factory make_;
  ForkMutex mutex_;
  OwnerProcess owner_ TQL_GUARDED_BY(mutex_);            // of the following members
  std::size_t host_ TQL_GUARDED_BY(mutex_) = 0;          // index of the host that answered last
  std::size_t slots_in_use_ TQL_GUARDED_BY(mutex_) = 0;  // number of calls with a connection
  // To host_; most recently used last.
  std::vector<std::unique_ptr<HttpConnection>> idle_ TQL_GUARDED_BY(mutex_);
  // In order of arrival, without those granted.
  std::deque<Waiter*> waiters_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_CONNECTION_POOL_H_
