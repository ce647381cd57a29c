#include "client/src/retry_transport.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>

namespace tql {
namespace {

const Status& StatusOf(const Status& status) { return status; }
template <typename T>
Status StatusOf(const StatusOr<T>& result) {
  return result.status();
}

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
    return Retry(params.limits, true, [&] { return transport_->Login(params); });
  }
  Status Logout(const LogoutParams& params) override {
    return Retry(params.limits, true, [&] { return transport_->Logout(params); });
  }
  // Errors after the answer has begun come from the stream: those are nobody's to try again.
  StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) override {
    const bool harmless = params.idempotent || OnlyReads(params.statement);
    return Retry(params.limits, harmless, [&] { return transport_->Query(params); });
  }
  StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) override {
    return transport_->RunScript(params);
  }
  StatusOr<Tokens> GetTokens(const TokensParams& params) override {
    return Retry(params.limits, true, [&] { return transport_->GetTokens(params); });
  }
  StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) override {
    return Retry(params.limits, true, [&] { return transport_->SchemaVersion(params); });
  }

 private:
  template <typename Call>
  auto Retry(const CallLimits& limits, bool harmless, Call call) -> decltype(call()) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    const Milliseconds most = options_.max_backoff;
    Milliseconds ceiling = std::min<Milliseconds>(options_.initial_backoff, most);
    Deadline last_start = limits.deadline;
    if (harmless && options_.max_elapsed.count() > 0) {
      last_start = std::min(last_start, environment_.now() + options_.max_elapsed);
    }
    for (int attempt = 1;; ++attempt) {
      auto result = call();
      if (!harmless || attempt >= options_.max_attempts) return result;
      const Status status = StatusOf(result);
      if (!MayPass(status)) return result;
      const auto pause =
          std::chrono::duration_cast<std::chrono::milliseconds>(ceiling * environment_.random());
      if (last_start != Deadline::max() && environment_.now() + pause >= last_start) return result;
      if (limits.trace) NoteRetry(*limits.trace, status, pause);
      environment_.sleep(pause, limits.stop);
      if (limits.stop.stop_requested()) return CancelledError("the call was cancelled");
      ceiling = std::min(ceiling * std::max(options_.multiplier, 1.0), most);
    }
  }

  bool MayPass(const Status& status) const {
    if (status.ok()) return false;
    return options_.retry_on ? options_.retry_on(status) : status.retryable();
  }
  static void NoteRetry(CallTrace& trace, const Status& status, std::chrono::milliseconds pause) {
    const int attempt = trace.attempts.fetch_add(1);
    if (trace.observer) trace.observer->OnRetry(trace.call, attempt, status, pause);
  }

  const std::shared_ptr<Transport> transport_;
  const RetryOptions options_;
  RetryEnvironment environment_;  // not changed once made
};

/// The words of a statement outside strings, names in quotes and comments.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  /// The next word in lower case, or a semicolon; nothing at the end.
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
      } else if (IsLetter(c)) {
        std::string word;
        while (at_ < text_.size() && (IsLetter(text_[at_]) || text_[at_] == '_')) {
          word += static_cast<char>(text_[at_++] | 0x20);
        }
        return word;
      } else {
        ++at_;
      }
    }
    return std::nullopt;
  }

 private:
  static bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
  std::size_t EndOf(std::size_t found, std::size_t size) const {
    return found == text_.npos ? text_.size() : found + size;
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

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
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
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
