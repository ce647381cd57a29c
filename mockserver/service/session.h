// Users and their sessions.
#ifndef TQLKIT_MOCKSERVER_SERVICE_SESSION_H_
#define TQLKIT_MOCKSERVER_SERVICE_SESSION_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

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
  std::uint32_t number = 0;  // in its namespace, from 1: for what must not show tokens
  std::chrono::system_clock::time_point expires;  // by its namespace's clock
  std::optional<std::uint32_t> org;               // that the user has chosen
};

/// UNAUTHENTICATED: the namespace of a session or a login does not exist.
Status UnknownNamespaceError(std::string_view name);

/// Thread safety: every method but AddUser and UseEnvironments may be called from any number of
/// threads.
class SessionStore {
 public:
  struct Options {
    std::chrono::seconds idle_timeout{std::chrono::minutes(30)};
    std::chrono::seconds absolute_timeout{std::chrono::hours(24)};
    /// Both timeouts of a remembered session, unless those of the others are longer.
    std::chrono::seconds remembered_timeout{std::chrono::hours(24 * 7)};
    /// Maximum number of sessions of a user; a further login ends the one that was idle longest.
    std::size_t max_sessions = 10'000;
    /// Rounds of PBKDF2 with SHA-256 for a password.
    int hash_rounds = 600'000;
  };
  /// Returns the environment of a namespace, or null for an unknown one.
  using FindEnvironment =
      std::function<std::shared_ptr<space::Environment>(std::string_view space)>;
  /// `clock` must outlive the store. Until UseEnvironments is called, there are all namespaces, and
  /// they have the same environment with this clock.
  SessionStore(Options options, const engine::Clock& clock);
  /// To be called before the other methods. Times, tokens and numbers of sessions are then those of
  /// their namespaces.
  void UseEnvironments(FindEnvironment find) { find_environment_ = std::move(find); }

  /// To be called before the other methods. The user's first login replaces the password by a
  /// salted hash, whose computation is slow and would delay the start of the server.
  Status AddUser(std::string_view name, std::string_view password, bool can_manage_data);

  struct LoginResult {
    /// Identifies the session: 256 bits in hexadecimal, random unless the namespace has a seed.
    std::string token;
    Session session;
  };
  /// Starts a session of the namespace `space`. UNAUTHENTICATED if the name or the password is
  /// wrong; the error does not reveal which. UNAUTHENTICATED, too, for an unknown namespace, which
  /// only clients with a right password learn. RESOURCE_EXHAUSTED after too many wrong passwords
  /// for this user of this namespace from this peer (of IPv6: its /64 network): the peer must then
  /// wait 1 s of the namespace's time, doubling up to 30 s, even with the right password; other
  /// peers need not. Guesses in unknown namespaces count to "main". Passwords are hashed one at a
  /// time, so that guesses are counted one by one and use at most one processor. A password that
  /// succeeded before is not hashed again.
  StatusOr<LoginResult> Login(std::string_view name, std::string_view password,
                              std::string_view peer, std::string_view space = space::kMain);
  /// Starts a session of a user without the password. UNAUTHENTICATED for an unknown user or
  /// namespace.
  StatusOr<LoginResult> Trust(std::string_view name, std::string_view space);
  /// Starts a session of a user who has no password here. All such users together have the maximum
  /// number of sessions of one user. UNAUTHENTICATED for an unknown namespace.
  StatusOr<LoginResult> Trust(User user, std::string_view space);
  /// Makes the session last for a week. Ignores an unknown token.
  void Remember(std::string_view token);
  struct LoginName {
    std::string_view user;
    std::string_view space;
  };
  /// The user and the namespace of a login: behind the last '+' of a name may stand a namespace,
  /// unless there is a user of the whole name; otherwise the namespace is `space`.
  LoginName Resolve(std::string_view name, std::string_view space) const;
  bool HasUser(std::string_view name) const { return accounts_.contains(std::string(name)); }
  /// All users, in alphabetical order.
  std::vector<User> Users() const;
  /// Ends the session. Ignores an unknown token, which may be a bearer token (bearer_token.h).
  void Logout(std::string_view token);
  /// Sets the org of the session. Ignores an unknown token.
  void ChooseOrg(std::string_view token, std::uint32_t org);
  /// Ends all sessions of a namespace.
  void EndAll(std::string_view space);
  /// The number of sessions of a namespace.
  std::size_t CountOf(std::string_view space) const;
  /// The sessions of a namespace, in the order of their logins.
  std::vector<Session> SessionsOf(std::string_view space) const;
  /// Returns the session of a token, which may be a bearer token, and restarts its idle time.
  /// UNAUTHENTICATED if it has ended.
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
    std::chrono::seconds idle_timeout;
    std::chrono::seconds absolute_timeout;
  };
  struct Guesses {
    int failures = 0;
    TimePoint blocked_until;  // of the namespace's clock
    engine::MachineClock::time_point last;
  };

  static std::string KeyOf(std::string_view token);
  /// Returns a fast digest of a password with a random key of this process.
  std::optional<Digest> Mac(std::string_view password) const;
  StatusOr<bool> CheckPassword(Account& account, std::string_view password) TQL_REQUIRES(hashing_);
  /// A peer that logs in as a user of a namespace.
  struct Guesser {
    std::string who;
    std::shared_ptr<space::Environment> environment;  // of the namespace, or of "main"
  };
  StatusOr<bool> HashAndCheck(const Guesser& guesser, Account& account, std::string_view password);
  StatusOr<LoginResult> Start(Account& account, std::shared_ptr<const User> user,
                              space::Environment& environment, std::string_view space,
                              std::string_view guesser);
  StatusOr<std::string> NewToken(const space::Identifiers& identifiers, std::uint32_t number) const;
  bool IsKnown(const Account& account, const std::optional<Digest>& mac) const TQL_REQUIRES(mutex_);
  Status CheckBlock(const Guesser& guesser) TQL_REQUIRES(mutex_);
  Guesses& GuessesOf(const Guesser& guesser) TQL_REQUIRES(mutex_);
  TimePoint TimeOf(const Guesses& guesses, const Guesser& guesser) const TQL_REQUIRES(mutex_);
  void CountFailure(const Guesser& guesser) TQL_REQUIRES(mutex_);
  void End(std::list<Entry>::iterator entry) TQL_REQUIRES(mutex_);

  const Options options_;
  const engine::Clock& clock_;
  FindEnvironment find_environment_;
  Digest mac_key_{};
  bool has_mac_key_ = false;
  std::unordered_map<std::string, Account> accounts_;  // by name; fixed once the store is in use
  Account visitors_;  // has the sessions of users without a password
  Account nobody_;    // checked for an unknown user, so that both take the same time

  base::Mutex hashing_;           // guards the accounts' password and hash; locked before mutex_
  std::atomic<int> waiting_ = 0;  // for hashing_

  mutable base::Mutex mutex_;                        // also guards the accounts' known and sessions
  std::list<Entry> entries_ TQL_GUARDED_BY(mutex_);  // most recently used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_ TQL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, Guesses> guesses_
      TQL_GUARDED_BY(mutex_);                // by namespace, user, peer
  Guesses overflow_ TQL_GUARDED_BY(mutex_);  // shared by all others while guesses_ is full
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_SESSION_H_
