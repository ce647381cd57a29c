#include "mockserver/service/session.h"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <algorithm>
#include <iterator>
#include <new>

#include "mockserver/service/bearer_token.h"
#include "mockserver/space/name_guid.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::service {
namespace {

constexpr int kFreeFailures = 5;
constexpr std::chrono::seconds kLongestBlock{30};
constexpr std::size_t kMaxGuessers = 10'000;
constexpr std::size_t kMaxCredential = 4'096;
constexpr int kMaxWaiting = 128;
constexpr std::size_t kTokenLength = 64;  // of a session; a bearer token is longer

/// From the kernel. OpenSSL's generator, which is seeded by it as well, takes a sixth of the start
/// of a server to set itself up.
template <std::size_t size>
bool Random(std::array<unsigned char, size>& bytes) {
  static_assert(size <= 256, "the limit of getentropy()");
  return getentropy(bytes.data(), size) == 0;
}

std::optional<std::array<unsigned char, 32>> HashPassword(std::string_view password,
                                                          const std::array<unsigned char, 32>& salt,
                                                          int rounds) {
  std::array<unsigned char, 32> hash{};
  const bool hashed =
      PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt.data(),
                        static_cast<int>(salt.size()), rounds, EVP_sha256(),
                        static_cast<int>(hash.size()), hash.data()) == 1;
  return hashed ? std::optional(hash) : std::nullopt;
}

template <typename Bytes>
bool SameBytes(const Bytes& a, const Bytes& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

template <typename Bytes>
std::string Hex(const Bytes& bytes) {
  return base::Hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// Hashes with an algorithm and a context that are looked up once: OpenSSL's SHA256() looks them up
/// for each call, which takes three times as long as hashing a token.
std::array<unsigned char, 32> Sha256(std::string_view text) {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);  // never freed
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeDigestContext> context(EVP_MD_CTX_new());
  std::array<unsigned char, 32> digest{};
  if (algorithm == nullptr || context == nullptr ||
      EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), text.data(), text.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  return digest;
}

/// The network to which the guesses of an address count: of an IPv6 address, its /64 network.
std::string NetworkOf(std::string_view peer) {
  constexpr std::size_t kNetworkBytes = 8;
  in6_addr address{};
  const std::string text(peer.substr(0, peer.find('%')));
  if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return std::string(peer);
  const auto* bytes = reinterpret_cast<const char*>(address.s6_addr);
  if (IN6_IS_ADDR_V4MAPPED(&address) || IN6_IS_ADDR_LOOPBACK(&address)) {
    return {bytes, sizeof(address.s6_addr)};
  }
  return {bytes, kNetworkBytes};
}

Status WrongCredentials() { return UnauthenticatedError("wrong user name or password"); }

}  // namespace

Status UnknownNamespaceError(std::string_view name) {
  constexpr std::size_t kQuotedName = 100;
  return UnauthenticatedError("unknown namespace \"" + base::Excerpt(name, kQuotedName) + '"');
}

SessionStore::SessionStore(Options options, const engine::Clock& clock)
    : options_(options),
      clock_(clock),
      find_environment_([environment = std::make_shared<space::Environment>(space::kMain, clock)](
                            std::string_view /*space*/) { return environment; }),
      has_mac_key_(Random(mac_key_)) {
  nobody_.hash.emplace();
}

Status SessionStore::AddUser(std::string_view name, std::string_view password,
                             bool can_manage_data) {
  if (name.empty()) return InvalidArgumentError("a user needs a name");
  if (name.size() > kMaxCredential || password.size() > kMaxCredential) {
    return InvalidArgumentError("the name or password of a user is too long");
  }
  Account account;
  account.user = std::make_shared<const User>(
      User{std::string(name), space::NameGuid("user", name), can_manage_data});
  account.password = password;
  if (!Random(account.salt)) return InternalError("no random numbers");
  if (!accounts_.emplace(name, std::move(account)).second) {
    return AlreadyExistsError("the user " + std::string(name) + " is given twice");
  }
  return Status();
}

std::string SessionStore::KeyOf(std::string_view token) {
  // A thread often serves one client, and a digest takes longer than to compare the token.
  thread_local std::string last;
  thread_local std::string key;
  if (!key.empty() && SameBytes(token, std::string_view(last))) return key;
  const auto digest = Sha256(token);
  key.clear();  // until both are set: the next two may throw
  last = token;
  key.assign(reinterpret_cast<const char*>(digest.data()), digest.size());
  return key;
}

std::optional<SessionStore::Digest> SessionStore::Mac(std::string_view password) const {
  Digest mac{};
  const auto* bytes = reinterpret_cast<const unsigned char*>(password.data());
  const bool made =
      has_mac_key_ && HMAC(EVP_sha256(), mac_key_.data(), static_cast<int>(mac_key_.size()), bytes,
                           password.size(), mac.data(), nullptr) != nullptr;
  return made ? std::optional(mac) : std::nullopt;
}

bool SessionStore::IsKnown(const Account& account, const std::optional<Digest>& mac) const {
  return mac && account.known && SameBytes(*mac, *account.known);
}

/// Hashes one password for any account, so that the time does not depend on the account.
StatusOr<bool> SessionStore::CheckPassword(Account& account, std::string_view password) {
  const bool first = !account.hash;
  const std::optional<Digest> hash = HashPassword(
      first ? std::string_view(account.password) : password, account.salt, options_.hash_rounds);
  if (!hash) return InternalError("the password cannot be hashed");
  if (!first) return SameBytes(*hash, *account.hash) && account.user != nullptr;
  const bool right = SameBytes(std::string_view(account.password), password);
  account.hash = hash;
  OPENSSL_cleanse(account.password.data(), account.password.size());
  account.password.clear();
  return right;
}

StatusOr<bool> SessionStore::HashAndCheck(const Guesser& guesser, Account& account,
                                          std::string_view password) {
  const std::optional<Digest> mac = Mac(password);
  {
    const base::MutexLock lock(mutex_);
    if (Status status = CheckBlock(guesser); !status.ok()) return status;
    if (IsKnown(account, mac)) return true;
  }
  if (waiting_.fetch_add(1) >= kMaxWaiting) {
    --waiting_;
    return ResourceExhaustedError("too many logins at the same time; wait and try again");
  }
  const base::MutexLock hashing(hashing_);
  --waiting_;
  {
    // Meanwhile another login may have failed or succeeded.
    const base::MutexLock lock(mutex_);
    if (Status status = CheckBlock(guesser); !status.ok()) return status;
    if (IsKnown(account, mac)) return true;
  }
  StatusOr<bool> right = CheckPassword(account, password);
  if (!right.ok()) return right;
  const base::MutexLock lock(mutex_);
  if (*right) {
    account.known = mac;
  } else {
    CountFailure(guesser);
  }
  return right;
}

Status SessionStore::CheckBlock(const Guesser& guesser) {
  const Guesses& guesses = GuessesOf(guesser);
  const auto left = guesses.blocked_until - TimeOf(guesses, guesser);
  // A longer block was made before the clock was set back.
  if (left <= left.zero() || left > kLongestBlock) return Status();
  return ResourceExhaustedError("too many failed logins; wait and try again");
}

/// Blocks are kept until they expire. While the table is full, all other peers share one entry.
SessionStore::Guesses& SessionStore::GuessesOf(const Guesser& guesser) {
  const auto it = guesses_.find(guesser.who);
  return it == guesses_.end() ? overflow_ : it->second;
}

SessionStore::TimePoint SessionStore::TimeOf(const Guesses& guesses, const Guesser& guesser) const {
  return &guesses == &overflow_ ? clock_.Now() : guesser.environment->clock.Now();
}

// The table is kept small by the machine's time: that of each namespace is another.
void SessionStore::CountFailure(const Guesser& guesser) {
  const engine::MachineClock::time_point now = clock_.MachineNow();
  if (guesses_.size() >= kMaxGuessers) {
    std::erase_if(guesses_,
                  [&](const auto& entry) { return now - entry.second.last > 2 * kLongestBlock; });
  }
  if (guesses_.size() < kMaxGuessers) guesses_.try_emplace(guesser.who);
  Guesses& guesses = GuessesOf(guesser);
  guesses.last = now;
  if (++guesses.failures < kFreeFailures) return;
  const int doublings = std::min(guesses.failures - kFreeFailures, 5);
  guesses.blocked_until =
      TimeOf(guesses, guesser) + std::min(std::chrono::seconds(1 << doublings), kLongestBlock);
}

StatusOr<std::string> SessionStore::NewToken(const space::Identifiers& identifiers,
                                             std::uint32_t number) const {
  if (std::optional<std::string> token = identifiers.TokenOf(number)) return *std::move(token);
  Digest random{};
  if (!Random(random)) return InternalError("no random numbers");
  return Hex(random);
}

StatusOr<SessionStore::LoginResult> SessionStore::Login(std::string_view name,
                                                        std::string_view password,
                                                        std::string_view peer,
                                                        std::string_view space) {
  if (name.size() > kMaxCredential || password.size() > kMaxCredential) return WrongCredentials();
  const std::shared_ptr<space::Environment> environment = find_environment_(space);
  Guesser guesser{.who = std::string(environment ? space : space::kMain),
                  .environment = environment ? environment : find_environment_(space::kMain)};
  guesser.who.append(1, '\0').append(name).append(1, '\0').append(NetworkOf(peer));
  const auto it = accounts_.find(std::string(name));
  Account& account = it == accounts_.end() ? nobody_ : it->second;
  const StatusOr<bool> right = HashAndCheck(guesser, account, password);
  if (!right.ok()) return right.status();
  if (!*right) return WrongCredentials();
  if (!environment) return UnknownNamespaceError(space);
  return Start(account, account.user, *environment, space, guesser.who);
}

StatusOr<SessionStore::LoginResult> SessionStore::Trust(std::string_view name,
                                                        std::string_view space) {
  const std::shared_ptr<space::Environment> environment = find_environment_(space);
  if (!environment) return UnknownNamespaceError(space);
  const auto it = accounts_.find(std::string(name));
  if (it == accounts_.end()) return UnauthenticatedError("unknown user");
  return Start(it->second, it->second.user, *environment, space, {});
}

StatusOr<SessionStore::LoginResult> SessionStore::Trust(User user, std::string_view space) {
  const std::shared_ptr<space::Environment> environment = find_environment_(space);
  if (!environment) return UnknownNamespaceError(space);
  return Start(visitors_, std::make_shared<const User>(std::move(user)), *environment, space, {});
}

StatusOr<SessionStore::LoginResult> SessionStore::Start(Account& account,
                                                        std::shared_ptr<const User> user,
                                                        space::Environment& environment,
                                                        std::string_view space,
                                                        std::string_view guesser) {
  const std::uint32_t number = environment.identifiers.NewSessionNumber();
  StatusOr<std::string> token = NewToken(environment.identifiers, number);
  if (!token.ok()) return token.status();
  LoginResult result{*std::move(token),
                     Session{.user = std::move(user),
                             .space = std::make_shared<const std::string>(space),
                             .number = number,
                             .expires = environment.clock.WallTime() + options_.absolute_timeout,
                             .org = std::nullopt}};
  const std::string key = KeyOf(result.token);
  const base::MutexLock lock(mutex_);
  guesses_.erase(std::string(guesser));
  // Only a seed gives the token of a session again, e.g. after its namespace was reset.
  if (const auto same = by_key_.find(key); same != by_key_.end()) End(same->second);
  if (account.sessions >= options_.max_sessions) {
    const auto idlest = std::find_if(entries_.rbegin(), entries_.rend(),
                                     [&](const Entry& entry) { return entry.account == &account; });
    if (idlest != entries_.rend()) End(std::prev(idlest.base()));
  }
  const TimePoint now = environment.clock.Now();
  entries_.push_front(Entry{key, &account, result.session, now, now, options_.idle_timeout,
                            options_.absolute_timeout});
  by_key_.emplace(entries_.front().key, entries_.begin());
  ++account.sessions;
  return result;
}

void SessionStore::End(std::list<Entry>::iterator entry) {
  --entry->account->sessions;
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

SessionStore::LoginName SessionStore::Resolve(std::string_view name, std::string_view space) const {
  // The vendor's client does not encode its form, in which a '+' then stands for a space.
  const std::size_t plus = name.find_last_of("+ ");
  if (plus == name.npos || HasUser(name)) return {name, space};
  return {name.substr(0, plus), name.substr(plus + 1)};
}

std::vector<User> SessionStore::Users() const {
  std::vector<User> users;
  for (const auto& [name, account] : accounts_) users.push_back(*account.user);
  std::ranges::sort(users, {}, &User::name);
  return users;
}

void SessionStore::EndAll(std::string_view space) {
  const base::MutexLock lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    if (*entry->session.space == space) End(entry);
    entry = next;
  }
}

std::size_t SessionStore::CountOf(std::string_view space) const {
  const base::MutexLock lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count_if(
      entries_, [&](const Entry& entry) { return *entry.session.space == space; }));
}

std::vector<Session> SessionStore::SessionsOf(std::string_view space) const {
  std::vector<Session> sessions;
  {
    const base::MutexLock lock(mutex_);
    for (const Entry& entry : entries_) {
      if (*entry.session.space == space) sessions.push_back(entry.session);
    }
  }
  std::ranges::sort(sessions, {}, &Session::number);
  return sessions;
}

void SessionStore::Logout(std::string_view token) {
  if (token.size() != kTokenLength) {
    if (const auto bearer = SessionTokenOf(token)) return Logout(*bearer);
  }
  const std::string key = KeyOf(token);
  const base::MutexLock lock(mutex_);
  const auto it = by_key_.find(key);
  if (it != by_key_.end()) End(it->second);
}

void SessionStore::ChooseOrg(std::string_view token, std::uint32_t org) {
  if (token.size() != kTokenLength) {
    if (const auto bearer = SessionTokenOf(token)) return ChooseOrg(*bearer, org);
  }
  const std::string key = KeyOf(token);
  const base::MutexLock lock(mutex_);
  const auto it = by_key_.find(key);
  if (it != by_key_.end()) it->second->session.org = org;
}

void SessionStore::Remember(std::string_view token) {
  if (token.size() != kTokenLength) {
    if (const auto bearer = SessionTokenOf(token)) return Remember(*bearer);
  }
  const std::string key = KeyOf(token);
  const base::MutexLock lock(mutex_);
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return;
  Entry& entry = *it->second;
  const auto longer = std::max(entry.absolute_timeout, options_.remembered_timeout);
  entry.session.expires += longer - entry.absolute_timeout;
  entry.absolute_timeout = longer;
  entry.idle_timeout = std::max(entry.idle_timeout, options_.remembered_timeout);
}

StatusOr<Session> SessionStore::Authenticate(std::string_view token) {
  if (token.size() != kTokenLength) {
    if (const auto bearer = SessionTokenOf(token)) return Authenticate(*bearer);
  }
  const std::string key = KeyOf(token);
  const base::MutexLock lock(mutex_);
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return UnauthenticatedError("not logged in");
  const auto entry = it->second;
  const std::shared_ptr<space::Environment> environment = find_environment_(*entry->session.space);
  if (!environment) return UnknownNamespaceError(*entry->session.space);
  const TimePoint now = environment->clock.Now();
  if (now - entry->used >= entry->idle_timeout || now - entry->started >= entry->absolute_timeout) {
    End(entry);
    return UnauthenticatedError("the session has expired");
  }
  entry->used = now;
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->session;
}

std::size_t SessionStore::size() const {
  const base::MutexLock lock(mutex_);
  return entries_.size();
}

}  // namespace tql::service
