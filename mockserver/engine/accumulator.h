// An aggregate of one group whose rows are added by several threads: each adds the rows of a part
// of the table, and the results of the parts are merged in the order of the rows.
//
// The result is the same, bit by bit, as that of one statement of the storage. Integers are added
// exactly. Reals are added one by one in the order of the rows, so a part hands over its values
// instead of their sum; see PartOfGroups.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ACCUMULATOR_H_
#define TQLKIT_MOCKSERVER_ENGINE_ACCUMULATOR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "mockserver/plan/plan.h"
#include "mockserver/values/datum.h"
#include "mockserver/values/integer_moments.h"

namespace tql::engine {

/// An aggregate whose argument is a column of the rows that are read.
struct AggregateSpec {
  plan::AggregateFunction function = plan::AggregateFunction::kCountRows;
  std::size_t argument = 0;  // the column; not used by COUNT(*)
  bool of_integers = false;  // the argument's type

  /// Whether its values have to be added in the order of the rows.
  bool in_order() const {
    return !of_integers &&
           (function == plan::AggregateFunction::kSum || function == plan::AggregateFunction::kAvg);
  }
};

/// Less than 0, 0 or greater than 0, as the storage sorts values: NULL, numbers, texts by their
/// bytes. Reals and integers are compared exactly.
int CompareValues(const values::Datum& a, const values::Datum& b);

/// The sum of values of a real type, which the storage may keep as integers. It is an integer, and
/// exact, as long as no real is added.
class RealSum {
 public:
  /// False for a text.
  bool Add(const values::Datum& value);
  /// nullopt if a sum of integers does not fit into 64 bits.
  std::optional<values::Datum> Sum() const;
  values::Datum Mean() const;

 private:
  std::int64_t count_ = 0;
  double sum_ = 0;
  std::int64_t integers_ = 0;  // the sum until the first real
  bool has_real_ = false;
  bool overflow_ = false;
};

/// The smallest or the largest value; of equal ones the first.
class Extreme {
 public:
  void Add(const values::Datum& value, bool largest);
  values::Datum value() const;
  std::size_t bytes() const { return text_.size(); }

 private:
  values::Datum value_;
  std::string text_;  // of value_
};

class Accumulator {
 public:
  explicit Accumulator(const AggregateSpec& spec);

  /// False if the value is not of the type of the argument, so that the result is not certain.
  bool Add(const AggregateSpec& spec, const values::Datum& value);
  /// Adds the values that were added to `later`, which come after its own. Not for aggregates that
  /// are added in order.
  void Merge(const AggregateSpec& spec, const Accumulator& later);
  /// nullopt if it does not fit into its type. A text is valid until the next change.
  std::optional<values::Datum> Result(const AggregateSpec& spec) const;
  /// The memory besides this object.
  std::size_t bytes() const;

 private:
  std::variant<std::int64_t, values::IntegerMoments, RealSum, Extreme> state_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ACCUMULATOR_H_
