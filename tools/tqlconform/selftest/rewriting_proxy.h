// A proxy in front of an HTTP server. It rewrites requests and responses, and streams where the
// rules permit it.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SELFTEST_REWRITING_PROXY_H_
#define TQLKIT_TOOLS_TQLCONFORM_SELFTEST_REWRITING_PROXY_H_

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "proto/base/mutex.h"
#include "tools/tqlconform/selftest/rewrite.h"
#include "tools/tqlconform/server/connection.h"
#include "tql/status.h"

namespace tqlconform {

class RewritingProxy {
 public:
  /// Listens on a free port of 127.0.0.1. UNAVAILABLE.
  static tql::StatusOr<std::unique_ptr<RewritingProxy>> Start(Endpoint server);
  /// Closes all connections.
  ~RewritingProxy();
  RewritingProxy(const RewritingProxy&) = delete;
  RewritingProxy& operator=(const RewritingProxy&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// The rules of requests that begin from now on. None: bytes pass unchanged, and the session of
  /// the last login is kept, to be lent.
  void SetRules(RewriteRules rules);

 private:
  class Exchange;
  friend class Exchange;

  RewritingProxy(int fd, std::uint16_t port, Endpoint server);
  void Accept();
  void Serve(std::unique_ptr<Connection> client);

  const int fd_;
  const std::uint16_t port_;
  const Endpoint server_;
  std::stop_source stop_;
  Interrupt interrupt_{stop_.get_token()};
  tql::base::Mutex mutex_;
  std::shared_ptr<const RewriteRules> rules_ = std::make_shared<RewriteRules>();
  std::string session_;  // "JSESSIONID=…"
  struct Worker {
    std::atomic<bool> done{false};
    std::jthread thread;
  };
  std::list<Worker> workers_;  // Of the accepting thread.
  std::jthread acceptor_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SELFTEST_REWRITING_PROXY_H_
