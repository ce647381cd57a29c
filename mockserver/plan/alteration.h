// An ALTER TABLE as passed to a storage: the old table, the new table, and the source of each
// column of the new table.
#ifndef TQLKIT_MOCKSERVER_PLAN_ALTERATION_H_
#define TQLKIT_MOCKSERVER_PLAN_ALTERATION_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mockserver/plan/plan.h"
#include "mockserver/values/value_conversion.h"

namespace tql::plan {

struct Alteration {
  TablePtr before;
  /// Has the same id and a higher live_schema_version, by which a storage recognizes plans that
  /// were bound before the alteration. A column filled from an old one keeps its id; other columns
  /// have new ids.
  TablePtr after;
  struct Source {
    std::int32_t column = -1;  // Position in `before`; -1: filled with the default or NULL.
    std::optional<values::ColumnConversion> conversion;  // Not set: copied unchanged.
  };
  std::vector<Source> sources;  // One for each column of `after`.
  /// Called repeatedly with the number of rows read so far, by the thread that alters the table.
  /// May be empty.
  std::function<void(std::int64_t rows)> on_rows = nullptr;
};

/// The values of one column that cannot be converted to its new type.
struct Inconvertible {
  std::int32_t column = 0;  // Position in Alteration::after.
  std::int64_t count = 0;   // At least 1.
  std::string first;        // The value in the first such row; cut if it is very long.
};

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_ALTERATION_H_
