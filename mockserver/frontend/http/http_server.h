// The HTTP/1.1 server: accepts, reads requests, hands each to the handler on a worker thread.
//
// One thread watches every connection that waits for bytes, whether idle, in the middle of a
// request or of a TLS handshake; a worker is busy only while a complete request is answered. So
// neither idle nor slow senders can keep others waiting. A reader that is slower than its answer
// keeps its thread, but another works in its place (WorkerPool::Waiting); the storage's max_readers
// bounds how many such SELECTs there are, and WorkerPool::kMostWaiting all of them.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SERVER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SERVER_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "mockserver/frontend/http/connection.h"
#include "mockserver/frontend/http/response_writer.h"
#include "mockserver/net/listener.h"
#include "mockserver/net/tls.h"
#include "mockserver/net/worker_pool.h"

namespace tql::frontend {

/// Answers one request; runs on a worker thread, many at a time.
using HttpHandler =
    std::function<void(const HttpRequest&, const std::string& peer, ResponseWriter&)>;

class HttpServer {
 public:
  struct Options {
    std::size_t max_threads = 256;
    std::size_t max_connections = 16'384;
    ConnectionLimits connection;
  };
  HttpServer(Options options, HttpHandler handler);
  /// Stops at once if Stop was not called.
  ~HttpServer();

  /// Adds a socket to accept from, before Start. `tls` may be null and outlives the server.
  void Listen(net::Listener listener, const net::TlsContext* tls);
  Status Start();

  /// Accepts nothing more, closes what idles, gives requests in flight `grace` to finish, then
  /// cuts their connections and waits for their handlers. May be called more than once.
  void Stop(std::chrono::milliseconds grace);

 private:
  struct Port {
    net::Listener listener;
    const net::TlsContext* tls;
  };

  void Run();
  void Accept(const Port& port);
  void Resume(Connection* connection);
  void Serve(Connection* connection);
  bool Answer(Connection& connection);
  void Refuse(Connection& connection, int status, std::string_view why);
  bool Park(Connection* connection);
  void Close(Connection* connection);
  void CloseExpired();
  /// False when there is none.
  bool CloseOldestParked();
  void FreeDescriptor();
  void Dispatch(Connection* connection);

  const Options options_;
  const HttpHandler handler_;
  std::list<Port> ports_;
  int epoll_fd_ = -1;
  int wake_fd_ = -1;
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;  // guards connections_ and Connection::parked
  std::condition_variable closed_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;

  std::unique_ptr<net::WorkerPool> workers_;
  std::thread watcher_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SERVER_H_
