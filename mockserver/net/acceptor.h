// Accepts connections for a library that serves them itself.
#ifndef TQLKIT_MOCKSERVER_NET_ACCEPTOR_H_
#define TQLKIT_MOCKSERVER_NET_ACCEPTOR_H_

#include <functional>
#include <memory>
#include <thread>

#include "mockserver/net/listener.h"
#include "tql/status.h"

namespace tql::net {

/// A listener with a thread that waits for its connections. Thread safety: one thread.
class Acceptor {
 public:
  /// Takes ownership of a connection, a non-blocking socket with TCP_NODELAY. Called by the
  /// acceptor's thread, one call at a time.
  using Take = std::function<void(int fd)>;

  /// UNAVAILABLE if the process has no descriptors or threads left.
  static StatusOr<std::unique_ptr<Acceptor>> Start(Listener listener, Take take);
  /// Closes the listener after the last call has returned.
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

 private:
  Acceptor(Listener listener, int wake_fd, Take take)
      : listener_(std::move(listener)), wake_fd_(wake_fd), take_(std::move(take)) {}
  void Accept() const;

  const Listener listener_;
  const int wake_fd_;  // readable once the thread must end
  const Take take_;
  std::thread thread_;
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_ACCEPTOR_H_
