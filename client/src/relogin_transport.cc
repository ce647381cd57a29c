#include "client/src/relogin_transport.h"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "client/src/duration.h"
#include "client/src/fork.h"
#include "proto/base/mutex.h"

namespace tql {
namespace {

// Protocol: a call remembers how many logins had ended before it was sent. If it fails with
// UNAUTHENTICATED, it acquires a LoginLock. If a login has ended since, the session that the call
// used was replaced: the call uses the result of that login instead of logging in again. Otherwise
// it logs in itself. Explicit logins and logouts acquire a LoginLock as well, so they are never
// concurrent with a relogin.
class ReloginTransport : public Transport {
 public:
  ReloginTransport(std::shared_ptr<Transport> transport, std::chrono::milliseconds login_timeout)
      : transport_(std::move(transport)), login_timeout_(login_timeout) {}

  Status Login(const LoginParams& params) override {
    LoginLock login_lock(*this, params.limits);
    if (!login_lock.status().ok()) return login_lock.status();
    Status status = transport_->Login(params);
    if (status.ok()) {
      const base::MutexLock lock(mutex_);
      account_ = Account{params.user, params.password};
    }
    // A failed login of another account does not affect callers waiting to renew the current
    // session.
    if (status.ok()) login_lock.Publish(status);
    return status;
  }

  Status Logout(const LogoutParams& params) override {
    LoginLock login_lock(*this, params.limits);
    if (!login_lock.status().ok()) return login_lock.status();
    Status status = transport_->Logout(params);
    // After any other error the session continues, so the account is still needed.
    if (status.ok() || status.needs_login()) {
      const base::MutexLock lock(mutex_);
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

  /// The exclusive right to log in or out, held during its lifetime. The constructor waits for it.
  class LoginLock {
   public:
    LoginLock(ReloginTransport& owner, const CallLimits& limits) : owner_(owner) {
      base::MutexLock lock(owner.mutex_);
      status_ = owner.WaitWhileBusy(lock, limits);
      if (status_.ok()) owner.wait_.get().busy = true;
    }
    ~LoginLock() {
      if (!status_.ok()) return;
      const base::MutexLock lock(owner_.mutex_);
      owner_.wait_.get().busy = false;
      owner_.wait_.get().released.notify_all();
    }
    LoginLock(const LoginLock&) = delete;
    LoginLock& operator=(const LoginLock&) = delete;

    /// Whether it was acquired; otherwise CANCELLED or DEADLINE_EXCEEDED.
    const Status& status() const { return status_; }
    /// Publishes the result of a login to the callers that wait for it.
    void Publish(const Status& login) {
      const base::MutexLock lock(owner_.mutex_);
      ++owner_.ended_logins_;
      owner_.last_login_ = login;
    }

   private:
    ReloginTransport& owner_;
    Status status_;
  };

  Status WaitWhileBusy(base::MutexLock& lock, const CallLimits& limits) TQL_REQUIRES(mutex_);
  Status Relogin(std::uint64_t logins_before, const CallLimits& limits);

  /// Executes `call`, and repeats it once after a relogin if its session has ended.
  template <typename Call>
  auto InSession(const CallLimits& limits, Call call) -> decltype(call()) {
    const std::uint64_t logins_before = ended_logins();
    auto result = call();
    if (!result.status().needs_login()) return result;
    if (!has_account()) return result;
    if (Status status = Relogin(logins_before, limits); !status.ok()) return status;
    return call();
  }

  std::uint64_t ended_logins() const {
    const base::MutexLock lock(mutex_);
    return ended_logins_;
  }
  bool has_account() const {
    const base::MutexLock lock(mutex_);
    return account_.has_value();
  }

  const std::shared_ptr<Transport> transport_;
  const std::chrono::milliseconds login_timeout_;
  /// The state of the wait. Per process, because its threads do not exist in a child of fork().
  struct LoginWait {
    std::condition_variable_any released;
    bool busy = false;
  };

  mutable ForkMutex mutex_;
  PerProcess<LoginWait> wait_ TQL_GUARDED_BY(mutex_);
  // Number of logins that have ended, successfully or not.
  std::uint64_t ended_logins_ TQL_GUARDED_BY(mutex_) = 0;
  Status last_login_ TQL_GUARDED_BY(mutex_);
  std::optional<Account> account_ TQL_GUARDED_BY(mutex_);
};

Status ReloginTransport::WaitWhileBusy(base::MutexLock& lock, const CallLimits& limits) {
  LoginWait& wait = wait_.get();
  const auto free = [&] { return !wait.busy; };
  if (limits.deadline == Deadline::max()) {
    wait.released.wait(lock, limits.stop, free);
  } else {
    wait.released.wait_until(lock, limits.stop, limits.deadline, free);
  }
  if (!wait.busy) return {};
  if (limits.stop.stop_requested()) return CancelledError("the call was cancelled");
  return DeadlineExceededError("the call took too long");
}

Status ReloginTransport::Relogin(std::uint64_t logins_before, const CallLimits& limits) {
  LoginLock login_lock(*this, limits);
  if (!login_lock.status().ok()) return login_lock.status();
  LoginParams params;
  {
    const base::MutexLock lock(mutex_);
    // A login that ended with the limits of another call says nothing about the account.
    const bool cut = last_login_.code() == StatusCode::kCancelled ||
                     last_login_.code() == StatusCode::kDeadlineExceeded;
    if (ended_logins_ != logins_before && !cut) return last_login_;
    if (!account_) return UnauthenticatedError("logged out");
    params.user = account_->user;
    params.password = account_->password;
  }
  params.limits = limits;
  params.limits.deadline = std::min(
      limits.deadline, std::chrono::steady_clock::now() + std::min(login_timeout_, kLongestTime));
  Status status = transport_->Login(params);
  login_lock.Publish(status);
  return status;
}

}  // namespace

std::shared_ptr<Transport> MakeReloginTransport(std::shared_ptr<Transport> transport,
                                                std::chrono::milliseconds login_timeout) {
  return std::make_shared<ReloginTransport>(std::move(transport), login_timeout);
}

}  // namespace tql
