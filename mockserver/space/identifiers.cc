#include "mockserver/space/identifiers.h"

#include "proto/base/fnv1a.h"
#include "proto/base/random.h"
#include "proto/base/text.h"

namespace tql::space {
namespace {

using base::SplitMix64;

std::uint64_t HashOf(std::string_view text) {
  base::Fnv1a hash;
  hash.Add(text);
  return hash.value();
}

// Guids and tokens have sequences of their own.
constexpr std::uint64_t kGuids = 0;
constexpr std::uint64_t kTokens = 1;

}  // namespace

Identifiers::Identifiers(std::string_view space, std::optional<std::uint64_t> seed)
    : space_(HashOf(space)), seed_(seed) {}

std::optional<std::uint64_t> Identifiers::seed() const {
  const base::MutexLock lock(mutex_);
  return seed_;
}

void Identifiers::SetSeed(std::optional<std::uint64_t> seed) {
  const base::MutexLock lock(mutex_);
  if (seed && seed != seed_) last_session_ = 0;
  seed_ = seed;
}

std::string Identifiers::NewGuid(std::int64_t id) {
  const std::optional<std::uint64_t> key = seed();
  if (!key) return engine::RandomGuidSource().NewGuid(id);
  const std::uint64_t object = SplitMix64(SplitMix64(*key, kGuids), static_cast<std::uint64_t>(id));
  return engine::GuidOf(SplitMix64(object, 0), SplitMix64(object, 1));
}

std::optional<std::string> Identifiers::TokenOf(std::uint32_t session) const {
  const std::optional<std::uint64_t> key = seed();
  if (!key) return std::nullopt;
  const std::uint64_t space = SplitMix64(SplitMix64(*key, kTokens), space_);
  std::string token;
  for (const int part : {0, 1, 2, 3})
    token += base::Hex(SplitMix64(SplitMix64(space, session), part));
  return token;
}

}  // namespace tql::space
