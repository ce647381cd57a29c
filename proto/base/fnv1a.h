// A hash that is the same on every machine and in every version.
#ifndef TQLKIT_PROTO_BASE_FNV1A_H_
#define TQLKIT_PROTO_BASE_FNV1A_H_

#include <cstdint>
#include <string_view>

namespace tql::base {

/// FNV-1a, 64 bits.
class Fnv1a {
 public:
  void Add(unsigned char byte) { value_ = (value_ ^ byte) * 1099511628211U; }
  void Add(std::string_view text) {
    for (const char c : text) Add(static_cast<unsigned char>(c));
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037U;
};

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_FNV1A_H_
