// The connections of an HTTP transport: which host calls go to, which connection each call has.
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

/// Connections belong to the process that opened them: in a child of fork() the pool begins anew,
/// and drops them without a word to the service.
///
/// Thread safety: Send may be called from several threads at once.
class HttpConnectionPool {
 public:
  using Factory = std::function<std::unique_ptr<HttpConnection>(const Url&, const Options&)>;

  /// `hosts`: one or more. Of the options: hosts, idle_connections, max_connections and what
  /// connections take from them.
  HttpConnectionPool(std::vector<Url> hosts, Options options, Factory make);

  /// Sends over a connection that nobody else has, to the host that answered last; to the next one
  /// when nothing can be sent there because it cannot be connected to. Waits for a connection while
  /// there are as many as there may be; who came first is served first. `sent` says afterwards
  /// whether a service was reached. The errors of HttpConnection::Send; of several hosts, all that
  /// they said.
  Status Send(const HttpRequest& request, const HttpReceiver& receiver, Deadline deadline,
              CancelSignal& cancel, bool& sent);

  const Options& options() const { return options_; }

 private:
  /// A call that waits until another gives its connection back.
  struct Waiter {
    explicit Waiter(int wake) : wake_fd(wake) {}
    const int wake_fd;  // readable once granted
    bool granted = false;
  };
  /// The right to have a connection, counted in leases_ while it lives.
  class Lease;

  Status Enter(Deadline deadline, CancelSignal& cancel);
  void Leave();
  void LeaveLocked();
  void ForgetParentLocked();
  std::size_t Host();
  std::unique_ptr<HttpConnection> Take(std::size_t host);
  void Give(std::unique_ptr<HttpConnection> connection, std::size_t host);

  const std::vector<Url> hosts_;
  const Options options_;
  const Factory make_;
  ForkMutex mutex_;
  OwnerProcess owner_;                                 // of what follows
  std::size_t host_ = 0;                               // that calls go to
  std::size_t leases_ = 0;                             // calls that have a connection
  std::vector<std::unique_ptr<HttpConnection>> idle_;  // to host_; the last one was used last
  std::deque<Waiter*> waiters_;                        // not yet granted
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_CONNECTION_POOL_H_
