// Users and their sessions.
#ifndef TQLKIT_MOCKSERVER_SERVICE_SESSION_H_
#define TQLKIT_MOCKSERVER_SERVICE_SESSION_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "mockserver/engine/environment.h"
#include "mockserver/space/namespaces.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::service {

struct User {
  std::string name;
  std::string guid;  // derived from the name, so it survives a restart
  /// Whether the user is an administrator or has the privilege "can manage data", which statements
  /// require.
  bool can_manage_data = true;
};

/// A valid login. Immutable; a request may keep it when the session ends.
struct Session {
  std::shared_ptr<const User> user;
  std::shared_ptr<const std::string> space;  // the name of the namespace that it belongs to
  std::uint32_t number = 0;  // of the session, from 1: for what must not show tokens
};

/// Thread safety: every method but AddUser may be called from any number of threads.
class SessionStore {
 public:
  struct Options {
    std::chrono::seconds idle_timeout{std::chrono::minutes(30)};
    std::chrono::seconds absolute_timeout{std::chrono::hours(24)};
    /// Maximum number of sessions of a user; a further login ends the one that was idle longest.
    std::size_t max_sessions = 10'000;
    /// Rounds of PBKDF2 with SHA-256 for a password.
    int hash_rounds = 600'000;
  };
  /// `clock` must outlive the store.
  SessionStore(Options options, const engine::Clock& clock);

  /// To be called before the other methods. The user's first login replaces the password by a
  /// salted hash, whose computation is slow and would delay the start of the server.
  Status AddUser(std::string_view name, std::string_view password, bool can_manage_data);

  struct LoginResult {
    /// Identifies the session: 256 random bits in hexadecimal.
    std::string token;
    Session session;
  };
  /// Starts a session of the namespace `space`. UNAUTHENTICATED if the name or the password is
  /// wrong; the error does not reveal which. RESOURCE_EXHAUSTED after too many wrong passwords for
  /// this user from this peer (of IPv6: its /64 network): the peer must then wait 1 s, doubling up
  /// to 30 s, even with the right password; other peers need not. Passwords are hashed one at a
  /// time, so that guesses are counted one by one and use at most one processor. A password that
  /// succeeded before is not hashed again.
  StatusOr<LoginResult> Login(std::string_view name, std::string_view password,
                              std::string_view peer, std::string_view space = space::kMain);
  struct LoginName {
    std::string_view user;
    std::string_view space;
  };
  /// The user and the namespace of a login: behind the last '+' of a name may stand a namespace,
  /// unless there is a user of the whole name; otherwise the namespace is `space`.
  LoginName Resolve(std::string_view name, std::string_view space) const;
  bool HasUser(std::string_view name) const { return accounts_.contains(std::string(name)); }
  /// Ends the session. Ignores an unknown token.
  void Logout(std::string_view token);
  /// Ends all sessions of a namespace.
  void EndAll(std::string_view space);
  /// The number of sessions of a namespace.
  std::size_t CountOf(std::string_view space) const;
  /// Returns the session of a token and restarts its idle time. UNAUTHENTICATED if it has ended.
  StatusOr<Session> Authenticate(std::string_view token);

  std::size_t size() const;

 private:
  using Digest = std::array<unsigned char, 32>;
  using TimePoint = engine::Clock::TimePoint;
  struct Account {
    std::shared_ptr<const User> user;
    std::string password;  // until the first check computes the hash
    Digest salt{};
    std::optional<Digest> hash;
    std::optional<Digest> known;  // Mac() of the password after a successful check
    std::size_t sessions = 0;
  };
  struct Entry {
    std::string key;
    Account* account;
    Session session;
    TimePoint started;
    TimePoint used;
  };
  struct Guesses {
    int failures = 0;
    TimePoint blocked_until;
    TimePoint last;
  };

  static std::string KeyOf(std::string_view token);
  /// Returns a fast digest of a password with a random key of this process.
  std::optional<Digest> Mac(std::string_view password) const;
  StatusOr<bool> CheckPassword(Account& account, std::string_view password) TQL_REQUIRES(hashing_);
  StatusOr<bool> HashAndCheck(const std::string& who, Account& account, std::string_view password);
  bool IsKnown(const Account& account, const std::optional<Digest>& mac) const TQL_REQUIRES(mutex_);
  Status CheckBlock(const std::string& who) TQL_REQUIRES(mutex_);
  Guesses& GuessesOf(const std::string& who) TQL_REQUIRES(mutex_);
  void CountFailure(const std::string& who) TQL_REQUIRES(mutex_);
  void End(std::list<Entry>::iterator entry) TQL_REQUIRES(mutex_);

  const Options options_;
  const engine::Clock& clock_;
  Digest mac_key_{};
  bool has_mac_key_ = false;
  std::unordered_map<std::string, Account> accounts_;  // by name; fixed once the store is in use
  Account nobody_;  // checked for an unknown user, so that both take the same time

  base::Mutex hashing_;           // guards the accounts' password and hash; locked before mutex_
  std::atomic<int> waiting_ = 0;  // for hashing_

  mutable base::Mutex mutex_;                        // also guards the accounts' known and sessions
  std::list<Entry> entries_ TQL_GUARDED_BY(mutex_);  // most recently used first
  std::uint32_t last_number_ TQL_GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_ TQL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, Guesses> guesses_ TQL_GUARDED_BY(mutex_);  // by user and peer
  Guesses overflow_ TQL_GUARDED_BY(mutex_);  // shared by all others while guesses_ is full
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_SESSION_H_
