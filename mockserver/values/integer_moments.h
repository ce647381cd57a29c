// Sum, mean and variance of 64-bit integers with exact intermediate results.
#ifndef TQLKIT_MOCKSERVER_VALUES_INTEGER_MOMENTS_H_
#define TQLKIT_MOCKSERVER_VALUES_INTEGER_MOMENTS_H_

#include <array>
#include <cstdint>
#include <optional>

namespace tql::values {

/// Exact for fewer than 2^63 values. All bytes zero is the state without values, as SQLite zeroes
/// the memory of an aggregate. Uses 64-bit words because that memory is not aligned for wider ones.
class IntegerMoments {
 public:
  void Add(std::int64_t value);
  /// Adds the values of the other one.
  void Add(const IntegerMoments& other);

  std::uint64_t count() const { return count_; }
  /// Returns nullopt if the sum does not fit into 64 bits.
  std::optional<std::int64_t> Sum() const;
  /// The mean, rounded to the nearest double. Requires at least one value.
  double Mean() const;
  /// The variance of a sample. Requires at least two values.
  long double Variance() const;

 private:
  // The lowest word is first. sum_ is a two's complement number.
  std::uint64_t count_ = 0;
  std::array<std::uint64_t, 2> sum_{};
  std::array<std::uint64_t, 3> squares_{};
};

}  // namespace tql::values

#endif  // TQLKIT_MOCKSERVER_VALUES_INTEGER_MOMENTS_H_
