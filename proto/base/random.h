// Random numbers for identifiers. Not cryptographically secure: use OpenSSL's RAND_bytes for keys
// and tokens.
#ifndef TQLKIT_PROTO_BASE_RANDOM_H_
#define TQLKIT_PROTO_BASE_RANDOM_H_

#include <random>

namespace tql::base {

/// Returns a generator that is seeded with 256 bits from the operating system.
inline std::mt19937_64 SeededGenerator() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device(),
                     device(), device(), device(), device()};
  return std::mt19937_64(seed);
}

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_RANDOM_H_
