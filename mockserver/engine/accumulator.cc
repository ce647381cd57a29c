#include "mockserver/engine/accumulator.h"

#include <cmath>
#include <string_view>

namespace tql::engine {
namespace {

using plan::AggregateFunction;
using values::Datum;
using values::IntegerMoments;

template <typename Number>
int Compare(Number a, Number b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

int ClassOf(const Datum& value) {
  if (value.is_null()) return 0;
  return value.kind() == Datum::Kind::kText ? 2 : 1;
}

/// Has at least the 64 bits of an integer on all platforms of Debian with SQLite's long double.
long double NumberOf(const Datum& value) {
  return value.kind() == Datum::Kind::kInteger ? static_cast<long double>(value.integer())
                                               : static_cast<long double>(value.real());
}

/// The storage has no NaN.
Datum RealOrNull(double value) { return std::isnan(value) ? Datum::Null() : Datum::Real(value); }

}  // namespace

int CompareValues(const Datum& a, const Datum& b) {
  if (const int order = Compare(ClassOf(a), ClassOf(b)); order != 0 || a.is_null()) return order;
  if (a.kind() == Datum::Kind::kText) return Compare(a.text().compare(b.text()), 0);
  if (a.kind() != b.kind()) return Compare(NumberOf(a), NumberOf(b));
  if (a.kind() == Datum::Kind::kInteger) return Compare(a.integer(), b.integer());
  return Compare(a.real(), b.real());
}

bool RealSum::Add(const Datum& value) {
  switch (value.kind()) {
    case Datum::Kind::kNull:
      return true;
    case Datum::Kind::kInteger:
      sum_ += static_cast<double>(value.integer());
      if (!has_real_ && !overflow_) {
        overflow_ = __builtin_add_overflow(integers_, value.integer(), &integers_);
      }
      break;
    case Datum::Kind::kReal:
      sum_ += value.real();
      has_real_ = true;
      break;
    case Datum::Kind::kText:
      return false;
  }
  ++count_;
  return true;
}

std::optional<Datum> RealSum::Sum() const {
  if (count_ == 0) return Datum::Null();
  if (overflow_) return std::nullopt;
  return has_real_ ? RealOrNull(sum_) : Datum::Integer(integers_);
}

Datum RealSum::Mean() const {
  return count_ == 0 ? Datum::Null() : RealOrNull(sum_ / static_cast<double>(count_));
}

void Extreme::Add(const Datum& value, bool largest) {
  if (value.is_null()) return;
  if (!value_.is_null()) {
    const int order = CompareValues(value, this->value());
    if (largest ? order <= 0 : order >= 0) return;
  }
  value_ = value;
  if (value.kind() == Datum::Kind::kText) text_.assign(value.text());
}

Datum Extreme::value() const {
  return value_.kind() == Datum::Kind::kText ? Datum::Text(text_) : value_;
}

Accumulator::Accumulator(const AggregateSpec& spec) {
  switch (spec.function) {
    case AggregateFunction::kCountRows:
    case AggregateFunction::kCount:
      break;
    case AggregateFunction::kMin:
    case AggregateFunction::kMax:
      state_.emplace<Extreme>();
      break;
    default:
      if (spec.in_order()) {
        state_.emplace<RealSum>();
      } else {
        state_.emplace<IntegerMoments>();
      }
  }
}

bool Accumulator::Add(const AggregateSpec& spec, const Datum& value) {
  if (auto* count = std::get_if<std::int64_t>(&state_)) {
    *count += spec.function == AggregateFunction::kCountRows || !value.is_null() ? 1 : 0;
  } else if (auto* moments = std::get_if<IntegerMoments>(&state_)) {
    if (value.is_null()) return true;
    if (value.kind() != Datum::Kind::kInteger) return false;
    moments->Add(value.integer());
  } else if (auto* sum = std::get_if<RealSum>(&state_)) {
    return sum->Add(value);
  } else {
    std::get<Extreme>(state_).Add(value, spec.function == AggregateFunction::kMax);
  }
  return true;
}

void Accumulator::Merge(const AggregateSpec& spec, const Accumulator& later) {
  if (auto* count = std::get_if<std::int64_t>(&state_)) {
    *count += std::get<std::int64_t>(later.state_);
  } else if (auto* moments = std::get_if<IntegerMoments>(&state_)) {
    moments->Add(std::get<IntegerMoments>(later.state_));
  } else if (auto* extreme = std::get_if<Extreme>(&state_)) {
    extreme->Add(std::get<Extreme>(later.state_).value(), spec.function == AggregateFunction::kMax);
  }
}

std::optional<Datum> Accumulator::Result(const AggregateSpec& spec) const {
  if (const auto* count = std::get_if<std::int64_t>(&state_)) return Datum::Integer(*count);
  if (const auto* extreme = std::get_if<Extreme>(&state_)) return extreme->value();
  if (const auto* sum = std::get_if<RealSum>(&state_)) {
    return spec.function == AggregateFunction::kAvg ? sum->Mean() : sum->Sum();
  }
  const auto& moments = std::get<IntegerMoments>(state_);
  const std::uint64_t least =
      spec.function == AggregateFunction::kStddev || spec.function == AggregateFunction::kVariance
          ? 2
          : 1;
  if (moments.count() < least) return Datum::Null();
  switch (spec.function) {
    case AggregateFunction::kAvg:
      return Datum::Real(moments.Mean());
    case AggregateFunction::kVariance:
      return Datum::Real(static_cast<double>(moments.Variance()));
    case AggregateFunction::kStddev:
      return Datum::Real(static_cast<double>(std::sqrt(moments.Variance())));
    default:
      break;
  }
  const std::optional<std::int64_t> sum = moments.Sum();
  return sum ? std::optional(Datum::Integer(*sum)) : std::nullopt;
}

std::size_t Accumulator::bytes() const {
  const auto* extreme = std::get_if<Extreme>(&state_);
  return extreme != nullptr ? extreme->bytes() : 0;
}

}  // namespace tql::engine
