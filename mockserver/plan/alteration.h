// What ALTER TABLE asks of a storage: the table before, the table after, and where each column of
// the one comes from in the other.
#ifndef TQLKIT_MOCKSERVER_PLAN_ALTERATION_H_
#define TQLKIT_MOCKSERVER_PLAN_ALTERATION_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mockserver/plan/plan.h"
#include "mockserver/plan/value_conversion.h"

namespace tql::plan {

struct Alteration {
  TablePtr before;
  /// The same id and a higher live_schema_version, by which a storage tells whether a plan was
  /// bound before or after. A column that comes from an old one has its id, a new one a new id.
  TablePtr after;
  struct Source {
    std::int32_t column = -1;  // position in `before`; -1: new, filled with its default or NULL
    std::optional<ColumnConversion> conversion;  // absent: as it is
  };
  std::vector<Source> sources;  // one for each column of `after`
  /// Told every now and then, by the thread that alters, how many rows were read so far; may be
  /// empty.
  std::function<void(std::int64_t rows)> on_rows = nullptr;
};

/// Values of one column that have no counterpart in its new type.
struct Inconvertible {
  std::int32_t column = 0;  // position in Alteration::after
  std::int64_t count = 0;   // never 0
  std::string first;        // of the first row that has one; cut when it is very long
};

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_ALTERATION_H_
