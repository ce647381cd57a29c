#include "mockserver/service/session.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>

#include "proto/base/text.h"

namespace tql::service {
namespace {

/// Some 2 ms: enough to make a stolen table of hashes costly, little enough for a test that logs in
/// often.
constexpr int kHashRounds = 5'000;
constexpr int kFreeFailures = 5;
constexpr std::chrono::seconds kLongestBlock{30};
constexpr std::size_t kMaxGuessers = 10'000;
constexpr std::size_t kMaxCredential = 4'096;

template <std::size_t size>
bool Random(std::array<unsigned char, size>& bytes) {
  return RAND_bytes(bytes.data(), static_cast<int>(size)) == 1;
}

std::array<unsigned char, 32> HashPassword(std::string_view password,
                                           const std::array<unsigned char, 32>& salt) {
  std::array<unsigned char, 32> hash{};
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt.data(),
                    static_cast<int>(salt.size()), kHashRounds, EVP_sha256(),
                    static_cast<int>(hash.size()), hash.data());
  return hash;
}

template <typename Bytes>
std::string Hex(const Bytes& bytes) {
  return base::Hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::array<unsigned char, 32> Sha256(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

std::string GuidOf(std::string_view name) {
  std::string hex = Hex(Sha256("user " + std::string(name))).substr(0, 32);
  hex[12] = '5';  // a UUID made from a name
  hex[16] = 'a';
  for (const std::size_t at : {8, 13, 18, 23}) hex.insert(at, 1, '-');
  return hex;
}

}  // namespace

SessionStore::SessionStore(Options options, const engine::Clock& clock)
    : options_(options), clock_(clock), nobody_() {}

Status SessionStore::AddUser(std::string_view name, std::string_view password,
                             bool can_manage_data) {
  if (name.empty()) return InvalidArgumentError("a user needs a name");
  if (name.size() > kMaxCredential || password.size() > kMaxCredential) {
    return InvalidArgumentError("the name or password of a user is too long");
  }
  Account account;
  account.user =
      std::make_shared<const User>(User{std::string(name), GuidOf(name), can_manage_data});
  if (!Random(account.salt)) return InternalError("no random numbers");
  account.hash = HashPassword(password, account.salt);
  if (!accounts_.emplace(name, std::move(account)).second) {
    return AlreadyExistsError("the user " + std::string(name) + " is given twice");
  }
  return Status();
}

std::string SessionStore::KeyOf(std::string_view token) {
  const auto digest = Sha256(token);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Status SessionStore::CheckGuesses(const std::string& who) {
  std::lock_guard lock(mutex_);
  const auto it = guesses_.find(who);
  if (it == guesses_.end() || clock_.Now() >= it->second.blocked_until) return Status();
  return ResourceExhaustedError("too many failed logins; wait and try again");
}

void SessionStore::NoteFailure(const std::string& who) {
  std::lock_guard lock(mutex_);
  const TimePoint now = clock_.Now();
  if (guesses_.size() >= kMaxGuessers) {
    std::erase_if(guesses_,
                  [&](const auto& entry) { return now - entry.second.last > 2 * kLongestBlock; });
    if (guesses_.size() >= kMaxGuessers) guesses_.erase(guesses_.begin());
  }
  Guesses& guesses = guesses_[who];
  guesses.last = now;
  if (++guesses.failures < kFreeFailures) return;
  const int doublings = std::min(guesses.failures - kFreeFailures, 5);
  guesses.blocked_until = now + std::min(std::chrono::seconds(1 << doublings), kLongestBlock);
}

StatusOr<SessionStore::LoginResult> SessionStore::Login(std::string_view name,
                                                        std::string_view password,
                                                        std::string_view peer) {
  if (name.size() > kMaxCredential || password.size() > kMaxCredential) {
    return UnauthenticatedError("wrong user name or password");
  }
  const std::string who = std::string(name) + '\0' + std::string(peer);
  if (Status status = CheckGuesses(who); !status.ok()) return status;

  const auto it = accounts_.find(std::string(name));
  const Account& account = it == accounts_.end() ? nobody_ : it->second;
  const Hash hash = HashPassword(password, account.salt);
  const bool equal = CRYPTO_memcmp(hash.data(), account.hash.data(), hash.size()) == 0;
  if (!equal || it == accounts_.end()) {
    NoteFailure(who);
    return UnauthenticatedError("wrong user name or password");
  }

  std::array<unsigned char, 32> random{};
  if (!Random(random)) return InternalError("no random numbers");
  LoginResult result{Hex(random), Session{account.user}};
  std::lock_guard lock(mutex_);
  guesses_.erase(who);
  if (entries_.size() >= options_.max_sessions) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  const TimePoint now = clock_.Now();
  entries_.push_front(Entry{KeyOf(result.token), result.session, now, now});
  by_key_.emplace(entries_.front().key, entries_.begin());
  return result;
}

void SessionStore::Logout(std::string_view token) {
  const std::string key = KeyOf(token);
  std::lock_guard lock(mutex_);
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return;
  const auto entry = it->second;
  by_key_.erase(it);
  entries_.erase(entry);
}

StatusOr<Session> SessionStore::Authenticate(std::string_view token) {
  const std::string key = KeyOf(token);
  std::lock_guard lock(mutex_);
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return UnauthenticatedError("not logged in");
  const auto entry = it->second;
  const TimePoint now = clock_.Now();
  if (now - entry->used >= options_.idle_timeout ||
      now - entry->started >= options_.absolute_timeout) {
    by_key_.erase(it);
    entries_.erase(entry);
    return UnauthenticatedError("the session has expired");
  }
  entry->used = now;
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->session;
}

std::size_t SessionStore::size() const {
  std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace tql::service
