// Sum, mean and variance of 64-bit integers without a loss on the way.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_INTEGER_MOMENTS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_INTEGER_MOMENTS_H_

#include <array>
#include <cstdint>
#include <optional>

namespace tql::storage::sqlite {

/// Exact for fewer than 2^63 values. All bytes zero is the state without values, which is how
/// SQLite hands out the memory of an aggregate; words of 64 bits, because that memory is not
/// aligned for more.
class IntegerMoments {
 public:
  void Add(std::int64_t value);

  std::uint64_t count() const { return count_; }
  /// Nothing when the sum does not fit into 64 bits.
  std::optional<std::int64_t> Sum() const;
  /// The double next to the mean of one value or more.
  double Mean() const;
  /// Of a sample of two values or more.
  long double Variance() const;

 private:
  // The lowest word comes first; the sum is a two's complement.
  std::uint64_t count_ = 0;
  std::array<std::uint64_t, 2> sum_{};
  std::array<std::uint64_t, 3> squares_{};
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_INTEGER_MOMENTS_H_
