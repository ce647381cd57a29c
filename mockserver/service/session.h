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
  std::string guid;  // derived from the name: the same after a restart
  /// Administrator, or the privilege "can manage data". Without it no statement runs.
  bool can_manage_data = true;
};

/// A login that is still good. Immutable, may be kept by a request while the session ends.
struct Session {
  std::shared_ptr<const User> user;
  std::shared_ptr<const std::string> space;  // the name of the namespace that it belongs to
};

/// Thread safety: every method but AddUser may be called from any number of threads.
class SessionStore {
 public:
  struct Options {
    std::chrono::seconds idle_timeout{std::chrono::minutes(30)};
    std::chrono::seconds absolute_timeout{std::chrono::hours(24)};
    /// Of one user. When there are more, the one that was idle longest ends.
    std::size_t max_sessions = 10'000;
    /// Rounds of PBKDF2 with SHA-256 for a password.
    int hash_rounds = 600'000;
  };
  /// `clock` outlives the store.
  SessionStore(Options options, const engine::Clock& clock);

  /// Before the store is used. The password is replaced by a salted hash when the user's first
  /// login is tried; the slow hash would delay the start of the server.
  Status AddUser(std::string_view name, std::string_view password, bool can_manage_data);

  struct LoginResult {
    /// Names the session: 256 random bits in hexadecimal.
    std::string token;
    Session session;
  };
  /// UNAUTHENTICATED for a wrong name or password, which are not told apart. RESOURCE_EXHAUSTED
  /// when this peer has guessed too often at this user: it must wait (1 s, doubling up to 30 s)
  /// whether it is right or not; nobody else has to. An IPv6 peer is its /64 network. Passwords
  /// are hashed one at a time, so that guesses are counted one by one and take one processor at
  /// most; a password that was right before is recognised without it. The session belongs to the
  /// namespace `space`.
  StatusOr<LoginResult> Login(std::string_view name, std::string_view password,
                              std::string_view peer, std::string_view space = space::kMain);
  bool HasUser(std::string_view name) const { return accounts_.contains(std::string(name)); }
  /// Ends the session; unknown tokens are nothing to complain about.
  void Logout(std::string_view token);
  /// The session of a token, whose idle time starts again. UNAUTHENTICATED when it has ended.
  StatusOr<Session> Authenticate(std::string_view token);

  std::size_t size() const;

 private:
  using Digest = std::array<unsigned char, 32>;
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Account {
    std::shared_ptr<const User> user;
    std::string password;  // until its first check makes the hash
    Digest salt{};
    std::optional<Digest> hash;
    std::optional<Digest> known;  // Mac() of the password, once it was right
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
  /// A fast digest of a password, under a key that only this process knows.
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
  Account nobody_;  // hashed against when there is no such user, so that both take the same time

  base::Mutex hashing_;           // of the accounts' password and hash; locked before mutex_
  std::atomic<int> waiting_ = 0;  // for hashing_

  mutable base::Mutex mutex_;  // of what follows, and of the accounts' known and sessions
  std::list<Entry> entries_ TQL_GUARDED_BY(mutex_);  // most recently used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_ TQL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, Guesses> guesses_ TQL_GUARDED_BY(mutex_);  // by user and peer
  Guesses overflow_ TQL_GUARDED_BY(mutex_);  // of all who guess while guesses_ is full of others
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_SESSION_H_
