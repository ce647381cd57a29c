#include "client/src/relogin_transport.h"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "client/src/duration.h"
#include "client/src/fork.h"

namespace tql {
namespace {

class ReloginTransport : public Transport {
 public:
  ReloginTransport(std::shared_ptr<Transport> transport, std::chrono::milliseconds login_timeout)
      : transport_(std::move(transport)), login_timeout_(login_timeout) {}

  Status Login(const LoginParams& params) override {
    Turn turn(*this, params.limits);
    if (!turn.status().ok()) return turn.status();
    Status status = transport_->Login(params);
    if (status.ok()) {
      const std::lock_guard lock(mutex_);
      account_ = Account{params.user, params.password};
    }
    // Another user's wrong password is nothing to those who wait for their own session.
    if (status.ok()) turn.EndWith(status);
    return status;
  }

  Status Logout(const LogoutParams& params) override {
    Turn turn(*this, params.limits);
    if (!turn.status().ok()) return turn.status();
    Status status = transport_->Logout(params);
    // After any other error the session goes on.
    if (status.ok() || status.needs_login()) {
      const std::lock_guard lock(mutex_);
      account_.reset();
    }
    return status;
  }

  StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) override {
    return InSession(params.limits, [&] { return transport_->Query(params); });
  }
  StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) override {
    return InSession(params.limits, [&] { return transport_->RunScript(params); });
  }
  StatusOr<Tokens> GetTokens(const TokensParams& params) override {
    return InSession(params.limits, [&] { return transport_->GetTokens(params); });
  }
  StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) override {
    return InSession(params.limits, [&] { return transport_->SchemaVersion(params); });
  }

 private:
  struct Account {
    std::string user;
    std::string password;
  };

  /// While it lives, nobody else logs in or out.
  class Turn {
   public:
    Turn(ReloginTransport& owner, const CallLimits& limits) : owner_(owner) {
      std::unique_lock lock(owner.mutex_);
      status_ = owner.WaitWhileBusy(lock, limits);
      if (status_.ok()) owner.turns_.get().busy = true;
    }
    ~Turn() {
      if (!status_.ok()) return;
      const std::lock_guard lock(owner_.mutex_);
      owner_.turns_.get().busy = false;
      owner_.turns_.get().ended.notify_all();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    /// Why there is no turn: CANCELLED or DEADLINE_EXCEEDED.
    const Status& status() const { return status_; }
    /// Leaves the result of a login to those who wait for it.
    void EndWith(const Status& login) {
      const std::lock_guard lock(owner_.mutex_);
      ++owner_.logins_;
      owner_.last_login_ = login;
    }

   private:
    ReloginTransport& owner_;
    Status status_;
  };

  Status WaitWhileBusy(std::unique_lock<ForkMutex>& lock, const CallLimits& limits);
  Status Relogin(std::uint64_t logins_before, const CallLimits& limits);

  template <typename Call>
  auto InSession(const CallLimits& limits, Call call) -> decltype(call()) {
    const std::uint64_t logins_before = logins();
    auto result = call();
    if (!result.status().needs_login()) return result;
    if (!has_account()) return result;
    if (Status status = Relogin(logins_before, limits); !status.ok()) return status;
    return call();
  }

  std::uint64_t logins() const {
    const std::lock_guard lock(mutex_);
    return logins_;
  }
  bool has_account() const {
    const std::lock_guard lock(mutex_);
    return account_.has_value();
  }

  const std::shared_ptr<Transport> transport_;
  const std::chrono::milliseconds login_timeout_;
  /// Who logs in or out, and who waits for it: threads of one process.
  struct Turns {
    std::condition_variable_any ended;
    bool busy = false;
  };

  mutable ForkMutex mutex_;
  PerProcess<Turns> turns_;
  std::uint64_t logins_ = 0;  // that have ended, however they did
  Status last_login_;
  std::optional<Account> account_;
};

Status ReloginTransport::WaitWhileBusy(std::unique_lock<ForkMutex>& lock,
                                       const CallLimits& limits) {
  Turns& turns = turns_.get();
  const auto free = [&] { return !turns.busy; };
  if (limits.deadline == Deadline::max()) {
    turns.ended.wait(lock, limits.stop, free);
  } else {
    turns.ended.wait_until(lock, limits.stop, limits.deadline, free);
  }
  if (!turns.busy) return {};
  if (limits.stop.stop_requested()) return CancelledError("the call was cancelled");
  return DeadlineExceededError("the call took too long");
}

Status ReloginTransport::Relogin(std::uint64_t logins_before, const CallLimits& limits) {
  Turn turn(*this, limits);
  if (!turn.status().ok()) return turn.status();
  LoginParams params;
  {
    const std::lock_guard lock(mutex_);
    // A login that another call cut short says nothing about the account.
    const bool cut = last_login_.code() == StatusCode::kCancelled ||
                     last_login_.code() == StatusCode::kDeadlineExceeded;
    if (logins_ != logins_before && !cut) return last_login_;
    if (!account_) return UnauthenticatedError("logged out");
    params.user = account_->user;
    params.password = account_->password;
  }
  params.limits = limits;
  params.limits.deadline = std::min(
      limits.deadline, std::chrono::steady_clock::now() + std::min(login_timeout_, kLongestTime));
  Status status = transport_->Login(params);
  turn.EndWith(status);
  return status;
}

}  // namespace

std::shared_ptr<Transport> MakeReloginTransport(std::shared_ptr<Transport> transport,
                                                std::chrono::milliseconds login_timeout) {
  return std::make_shared<ReloginTransport>(std::move(transport), login_timeout);
}

}  // namespace tql
