#include "client/src/retry_transport.h"

#include <algorithm>
#include <condition_variable>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "proto/base/mutex.h"
#include "proto/base/status.h"
#include "proto/base/text.h"

namespace tql {
namespace {

class RetryTransport : public Transport {
 public:
  RetryTransport(std::shared_ptr<Transport> transport, RetryOptions options,
                 RetryEnvironment environment)
      : transport_(std::move(transport)),
        options_(std::move(options)),
        environment_(std::move(environment)) {
    if (options_.sleep) environment_.sleep = options_.sleep;
  }

  Status Login(const LoginParams& params) override {
    return Retry(params, true, [&](const auto& attempt) { return transport_->Login(attempt); });
  }
  Status Logout(const LogoutParams& params) override {
    return Retry(params, true, [&](const auto& attempt) { return transport_->Logout(attempt); });
  }
  // Only errors before the response begins are returned here. Later errors are in the stream and
  // are not retried.
  StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) override {
    const bool repeatable = params.idempotent || OnlyReads(params.statement);
    return Retry(params, repeatable,
                 [&](const auto& attempt) { return transport_->Query(attempt); });
  }
  StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) override {
    return Retry(params, false,
                 [&](const auto& attempt) { return transport_->RunScript(attempt); });
  }
  StatusOr<Tokens> GetTokens(const TokensParams& params) override {
    return Retry(params, true, [&](const auto& attempt) { return transport_->GetTokens(attempt); });
  }
  StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) override {
    return Retry(params, true,
                 [&](const auto& attempt) { return transport_->SchemaVersion(attempt); });
  }

 private:
  // `params` is a copy, because its note is replaced for the attempts.
  template <typename Params, typename Call>
  auto Retry(Params params, bool repeatable, Call call) -> decltype(call(params)) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    using std::chrono::milliseconds;
    const CallLimits& limits = params.limits;
    FailureNote own;
    FailureNote& note = limits.note ? *limits.note : own;
    params.limits.note = &note;
    const Milliseconds most = options_.max_backoff;
    Milliseconds ceiling = std::min<Milliseconds>(options_.initial_backoff, most);
    Deadline last_start = limits.deadline;
    if (options_.max_elapsed.count() > 0) {
      last_start = std::min(last_start, environment_.now() + options_.max_elapsed);
    }
    for (int attempt = 1;; ++attempt) {
      note = {};
      auto result = call(params);
      const Status status = base::StatusOf(result);
      if (attempt >= options_.max_attempts || !MayRetry(status)) return result;
      if (!repeatable && !note.nothing_sent) return result;
      // A pause that exceeds the time left cannot help, so the error is returned immediately.
      const auto pause =
          std::max(std::chrono::duration_cast<milliseconds>(ceiling * environment_.random()),
                   note.retry_after);
      if (last_start != Deadline::max() && environment_.now() + pause >= last_start) return result;
      if (limits.trace) ReportRetry(*limits.trace, status, pause);
      environment_.sleep(pause, limits.stop);
      if (limits.stop.stop_requested()) return CancelledError("the call was cancelled");
      ceiling = std::min(ceiling * std::max(options_.multiplier, 1.0), most);
    }
  }

  bool MayRetry(const Status& status) const {
    if (status.ok()) return false;
    return options_.retry_on ? options_.retry_on(status) : status.retryable();
  }
  static void ReportRetry(CallTrace& trace, const Status& status, std::chrono::milliseconds pause) {
    const int attempt = trace.attempts.fetch_add(1);
    if (trace.observer) trace.observer->OnRetry(trace.call, attempt, status, pause);
  }

  const std::shared_ptr<Transport> transport_;
  const RetryOptions options_;
  RetryEnvironment environment_;  // constant after the constructor
};

/// Splits a statement into words, skipping strings, quoted names and comments.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  /// Returns the next word in lower case, or ";"; nullopt at the end.
  std::optional<std::string> Next() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\'' || c == '"') {
        at_ = EndOf(text_.find(c, at_ + 1), 1);
      } else if (text_.substr(at_, 2) == "--") {
        at_ = EndOf(text_.find('\n', at_), 1);
      } else if (text_.substr(at_, 2) == "/*") {
        at_ = EndOf(text_.find("*/", at_ + 2), 2);
      } else if (c == ';') {
        ++at_;
        return ";";
      } else if (base::IsLetter(c)) {
        std::string word;
        while (at_ < text_.size() && (base::IsLetter(text_[at_]) || text_[at_] == '_')) {
          word += base::ToLower(text_[at_++]);
        }
        return word;
      } else {
        ++at_;
      }
    }
    return std::nullopt;
  }

 private:
  std::size_t EndOf(std::size_t found, std::size_t size) const {
    return found == text_.npos ? text_.size() : found + size;
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

// Errs on the side of false: a column named "into" without quotes is enough to prevent a retry.
bool OnlyReads(std::string_view statement) {
  Words words(statement);
  const std::optional<std::string> first = words.Next();
  if (!first || (*first != "select" && *first != "show" && *first != "script")) return false;
  bool ended = false;
  while (const std::optional<std::string> word = words.Next()) {
    if (*word != ";" && (ended || *word == "into")) return false;
    ended = ended || *word == ";";
  }
  return true;
}

RetryEnvironment SystemRetryEnvironment() {
  RetryEnvironment environment;
  environment.now = [] { return std::chrono::steady_clock::now(); };
  environment.sleep = [](std::chrono::milliseconds pause, const std::stop_token& stop) {
    base::Mutex mutex;
    std::condition_variable_any wake;
    base::MutexLock lock(mutex);
    wake.wait_for(lock, stop, pause, [] { return false; });
  };
  environment.random = [] {
    thread_local std::minstd_rand generator(std::random_device{}());
    return std::uniform_real_distribution<double>(0, 1)(generator);
  };
  return environment;
}

std::shared_ptr<Transport> MakeRetryTransport(std::shared_ptr<Transport> transport,
                                              RetryOptions options, RetryEnvironment environment) {
  return std::make_shared<RetryTransport>(std::move(transport), std::move(options),
                                          std::move(environment));
}

}  // namespace tql
