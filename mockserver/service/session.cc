#include "mockserver/service/session.h"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <iterator>
#include <new>

#include "proto/base/text.h"

namespace tql::service {
namespace {

constexpr int kFreeFailures = 5;
constexpr std::chrono::seconds kLongestBlock{30};
constexpr std::size_t kMaxGuessers = 10'000;
constexpr std::size_t kMaxCredential = 4'096;
constexpr int kMaxWaiting = 128;

template <std::size_t size>
bool Random(std::array<unsigned char, size>& bytes) {
  return RAND_bytes(bytes.data(), static_cast<int>(size)) == 1;
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

std::string GuidOf(std::string_view name) {
  std::string hex = Hex(Sha256("user " + std::string(name))).substr(0, 32);
  hex[12] = '5';  // a UUID made from a name
  hex[16] = 'a';
  for (const std::size_t at : {8, 13, 18, 23}) hex.insert(at, 1, '-');
  return hex;
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

SessionStore::SessionStore(Options options, const engine::Clock& clock)
    : options_(options), clock_(clock), has_mac_key_(Random(mac_key_)) {
  nobody_.hash.emplace();
}

Status SessionStore::AddUser(std::string_view name, std::string_view password,
                             bool can_manage_data) {
  if (name.empty()) return InvalidArgumentError("a user needs a name");
  if (name.size() > kMaxCredential || password.size() > kMaxCredential) {
    return InvalidArgumentError("the name or password of a user is too long");
  }
  Account account;
  account.user =
      std::make_shared<const User>(User{std::string(name), GuidOf(name), can_manage_data});
  account.password = password;
  if (!Random(account.salt)) return InternalError("no random numbers");
  if (!accounts_.emplace(name, std::move(account)).second) {
    return AlreadyExistsError("the user " + std::string(name) + " is given twice");
  }
  return Status();
}

std::string SessionStore::KeyOf(std::string_view token) {
  const auto digest = Sha256(token);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
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

StatusOr<bool> SessionStore::HashAndCheck(const std::string& who, Account& account,
                                          std::string_view password) {
  const std::optional<Digest> mac = Mac(password);
  {
    const base::MutexLock lock(mutex_);
    if (Status status = CheckBlock(who); !status.ok()) return status;
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
    if (Status status = CheckBlock(who); !status.ok()) return status;
    if (IsKnown(account, mac)) return true;
  }
  StatusOr<bool> right = CheckPassword(account, password);
  if (!right.ok()) return right;
  const base::MutexLock lock(mutex_);
  if (*right) {
    account.known = mac;
  } else {
    CountFailure(who);
  }
  return right;
}

Status SessionStore::CheckBlock(const std::string& who) {
  if (clock_.Now() >= GuessesOf(who).blocked_until) return Status();
  return ResourceExhaustedError("too many failed logins; wait and try again");
}

/// Blocks are kept until they expire. While the table is full, all other peers share one entry.
SessionStore::Guesses& SessionStore::GuessesOf(const std::string& who) {
  const auto it = guesses_.find(who);
  return it == guesses_.end() ? overflow_ : it->second;
}

void SessionStore::CountFailure(const std::string& who) {
  const TimePoint now = clock_.Now();
  if (guesses_.size() >= kMaxGuessers) {
    std::erase_if(guesses_,
                  [&](const auto& entry) { return now - entry.second.last > 2 * kLongestBlock; });
  }
  if (guesses_.size() < kMaxGuessers) guesses_.try_emplace(who);
  Guesses& guesses = GuessesOf(who);
  guesses.last = now;
  if (++guesses.failures < kFreeFailures) return;
  const int doublings = std::min(guesses.failures - kFreeFailures, 5);
  guesses.blocked_until = now + std::min(std::chrono::seconds(1 << doublings), kLongestBlock);
}

StatusOr<SessionStore::LoginResult> SessionStore::Login(std::string_view name,
                                                        std::string_view password,
                                                        std::string_view peer,
                                                        std::string_view space) {
  if (name.size() > kMaxCredential || password.size() > kMaxCredential) return WrongCredentials();
  const std::string who = std::string(name) + '\0' + NetworkOf(peer);
  const auto it = accounts_.find(std::string(name));
  Account& account = it == accounts_.end() ? nobody_ : it->second;
  const StatusOr<bool> right = HashAndCheck(who, account, password);
  if (!right.ok()) return right.status();
  if (!*right) return WrongCredentials();

  std::array<unsigned char, 32> random{};
  if (!Random(random)) return InternalError("no random numbers");
  LoginResult result{Hex(random),
                     Session{account.user, std::make_shared<const std::string>(space)}};
  const base::MutexLock lock(mutex_);
  result.session.number = ++last_number_;
  guesses_.erase(who);
  if (account.sessions >= options_.max_sessions) {
    const auto idlest = std::find_if(entries_.rbegin(), entries_.rend(),
                                     [&](const Entry& entry) { return entry.account == &account; });
    if (idlest != entries_.rend()) End(std::prev(idlest.base()));
  }
  const TimePoint now = clock_.Now();
  entries_.push_front(Entry{KeyOf(result.token), &account, result.session, now, now});
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

void SessionStore::Logout(std::string_view token) {
  const std::string key = KeyOf(token);
  const base::MutexLock lock(mutex_);
  const auto it = by_key_.find(key);
  if (it != by_key_.end()) End(it->second);
}

StatusOr<Session> SessionStore::Authenticate(std::string_view token) {
  const std::string key = KeyOf(token);
  const base::MutexLock lock(mutex_);
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return UnauthenticatedError("not logged in");
  const auto entry = it->second;
  const TimePoint now = clock_.Now();
  if (now - entry->used >= options_.idle_timeout ||
      now - entry->started >= options_.absolute_timeout) {
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
