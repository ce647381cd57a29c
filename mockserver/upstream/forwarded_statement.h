// A statement that another service executes.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_FORWARDED_STATEMENT_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_FORWARDED_STATEMENT_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "mockserver/engine/statement_sink.h"
#include "proto/base/mutex.h"
#include "tql/client.h"
#include "tql/status.h"
#include "tql/wire/messages.h"

namespace tql::upstream {

/// A statement to forward, with all that its answer depends on.
struct Forwarded {
  bool script = false;  // sent as a script of this statement alone
  std::string text;     // without a semicolon
  engine::Context context;
  StatementOptions options;
  std::vector<Answer> answers;           // to questions of the service
  std::chrono::milliseconds timeout{0};  // zero: that of the client
};

/// The text that stands for NULL in the answers of forwarded statements. It is random, so that no
/// other cell has it.
const std::string& NullMarker();

/// Sends the statement and reads its answer on a thread of its own, so that the thread of the call
/// can observe its client meanwhile. Memory is bounded, whatever the size of the answer. Belongs to
/// one thread.
class ForwardedStatement {
 public:
  using Result = pb::ExecuteQueryResponse::Result;

  /// The client is copied. A requested `stop` cancels the statement.
  ForwardedStatement(const Client& client, Forwarded statement, std::stop_token stop);
  /// Cancels what is left.
  ~ForwardedStatement();
  ForwardedStatement(const ForwardedStatement&) = delete;
  ForwardedStatement& operator=(const ForwardedStatement&) = delete;

  /// Waits for the next part of the answer; nullopt after the last one. The parts together are the
  /// answer of the statement; NULL cells have the text NullMarker(). `gone` (may be null) is polled
  /// while it waits: when it returns true, the statement is cancelled and the result is CANCELLED.
  StatusOr<std::optional<Result>> Next(const std::function<bool()>& gone);
  /// Whether Next would return without a wait.
  bool ready() const;

 private:
  void Read();
  Status ReadParts();
  /// Adds an event to the part in progress.
  void Add(const ResultEvent& event);
  /// Passes the part in progress on. Returns false if nobody wants it.
  bool Push();

  const Forwarded statement_;
  Client client_;
  std::stop_source stop_;
  const std::stop_callback<std::function<void()>> on_stop_;

  mutable base::Mutex mutex_;
  mutable std::condition_variable_any changed_;
  std::deque<Result> parts_ TQL_GUARDED_BY(mutex_);
  bool ended_ TQL_GUARDED_BY(mutex_) = false;
  Status status_ TQL_GUARDED_BY(mutex_);

  // Of the reading thread.
  Result part_;
  std::size_t part_bytes_ = 0;
  std::chrono::steady_clock::time_point pushed_;
  std::thread reader_;  // last: it uses the other members
};

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_FORWARDED_STATEMENT_H_
