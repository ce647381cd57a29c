// Random numbers for identifiers. Not cryptographically secure: use OpenSSL's RAND_bytes for keys
// and tokens.
#ifndef TQLKIT_PROTO_BASE_RANDOM_H_
#define TQLKIT_PROTO_BASE_RANDOM_H_

#include <cstdint>
#include <random>

namespace tql::base {

/// Returns a generator that is seeded with 256 bits from the operating system.
inline std::mt19937_64 SeededGenerator() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device(),
                     device(), device(), device(), device()};
  return std::mt19937_64(seed);
}

/// The number at position `index` of the SplitMix64 sequence with this seed: the same on every
/// machine, and without a pattern from one seed, or one index, to the next.
constexpr std::uint64_t SplitMix64(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t bits = seed + (index + 1) * 0x9E3779B97F4A7C15U;
  bits = (bits ^ bits >> 30U) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ bits >> 27U) * 0x94D049BB133111EBU;
  return bits ^ bits >> 31U;
}

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_RANDOM_H_
