#include "mockserver/values/integer_moments.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

namespace tql::values {
namespace {

__extension__ using Uint128 = unsigned __int128;
__extension__ using Int128 = __int128;

constexpr int kWordBits = 64;

Int128 Signed(const std::array<std::uint64_t, 2>& words) {
  return static_cast<Int128>(Uint128{words[1]} << kWordBits | words[0]);
}

// The absolute value, which for the lowest value needs the unsigned type.
Uint128 Size(Int128 value) {
  const auto bits = static_cast<Uint128>(value);
  return value < 0 ? 0 - bits : bits;
}

int BitWidth(Uint128 value) {
  int width = 0;
  if (value >> kWordBits != 0) {
    width = kWordBits;
    value >>= kWordBits;
  }
  return width + static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value)));
}

/// An unsigned number of 256 bits, the lowest word first.
using Wide = std::array<std::uint64_t, 4>;

// Adds `value` << (64 * word), with carry.
void AddAt(Wide& sum, std::size_t word, Uint128 value) {
  for (; word < sum.size() && value != 0; ++word) {
    value += sum[word];
    sum[word] = static_cast<std::uint64_t>(value);
    value >>= kWordBits;
  }
}

template <std::size_t kA, std::size_t kB>
Wide Product(const std::array<std::uint64_t, kA>& a, const std::array<std::uint64_t, kB>& b) {
  Wide product{};
  for (std::size_t i = 0; i < kA; ++i) {
    for (std::size_t j = 0; j < kB; ++j) AddAt(product, i + j, Uint128{a[i]} * b[j]);
  }
  return product;
}

/// Requires a >= b.
Wide Difference(const Wide& a, const Wide& b) {
  Wide difference{};
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Uint128 word = Uint128{a[i]} - b[i] - borrow;
    difference[i] = static_cast<std::uint64_t>(word);
    borrow = word >> kWordBits != 0 ? 1 : 0;
  }
  return difference;
}

// Converts from the highest word; a long double keeps the leading 64 bits.
long double Rounded(const Wide& value) {
  long double rounded = 0;
  for (std::size_t i = value.size(); i > 0; --i) {
    rounded = std::ldexp(rounded, kWordBits) + static_cast<long double>(value[i - 1]);
  }
  return rounded;
}

}  // namespace

// A square needs up to 127 bits; the sum has 192 bits.
void IntegerMoments::Add(std::int64_t value) {
  ++count_;
  const auto sum = static_cast<Uint128>(Signed(sum_) + value);
  sum_ = {static_cast<std::uint64_t>(sum), static_cast<std::uint64_t>(sum >> kWordBits)};
  const Uint128 size = Size(value);
  const Uint128 square = size * size;
  const Uint128 low = (Uint128{squares_[1]} << kWordBits | squares_[0]) + square;
  if (low < square) ++squares_[2];
  squares_[0] = static_cast<std::uint64_t>(low);
  squares_[1] = static_cast<std::uint64_t>(low >> kWordBits);
}

void IntegerMoments::Add(const IntegerMoments& other) {
  count_ += other.count_;
  const auto sum = static_cast<Uint128>(Signed(sum_) + Signed(other.sum_));
  sum_ = {static_cast<std::uint64_t>(sum), static_cast<std::uint64_t>(sum >> kWordBits)};
  Uint128 carry = 0;
  for (std::size_t word = 0; word < squares_.size(); ++word) {
    carry += Uint128{squares_[word]} + other.squares_[word];
    squares_[word] = static_cast<std::uint64_t>(carry);
    carry >>= kWordBits;
  }
}

std::optional<std::int64_t> IntegerMoments::Sum() const {
  const Int128 sum = Signed(sum_);
  const auto narrow = static_cast<std::int64_t>(sum);
  if (narrow != sum) return std::nullopt;
  return narrow;
}

double IntegerMoments::Mean() const {
  const Int128 sum = Signed(sum_);
  if (sum == 0) return 0;
  const Uint128 size = Size(sum);
  // Compute a quotient of at least two bits more than a double has. Its lowest bit is set if there
  // is a remainder, so that the conversion rounds as it would round the exact quotient.
  constexpr int kQuotientBits = 55;
  const int shift = std::max(0, kQuotientBits + BitWidth(count_) - BitWidth(size));
  const Uint128 shifted = size << shift;
  Uint128 quotient = shifted / count_;
  if (quotient * count_ != shifted) quotient |= 1;
  const double mean = std::ldexp(static_cast<double>(quotient), -shift);
  return sum < 0 ? -mean : mean;
}

long double IntegerMoments::Variance() const {
  // (n * sum of squares - square of the sum) / (n * (n - 1)); the numerator is exact.
  const Uint128 size = Size(Signed(sum_));
  const std::array<std::uint64_t, 2> sum = {static_cast<std::uint64_t>(size),
                                            static_cast<std::uint64_t>(size >> kWordBits)};
  const std::array<std::uint64_t, 1> count = {count_};
  const Wide numerator = Difference(Product(squares_, count), Product(sum, sum));
  const auto n = static_cast<long double>(count_);
  return Rounded(numerator) / (n * (n - 1));
}

}  // namespace tql::values
