// Patterns of table names: t, schema.t, database.schema.t.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_TABLE_GLOB_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_TABLE_GLOB_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/testdouble/facts.h"
#include "tql/status.h"

namespace tql::testdouble {

/// Names compare without regard to case, as in the language. In a part without quotes * stands for
/// any text, so that `sales_*` is possible; a part in double quotes is a name with other
/// characters.
class TableGlob {
 public:
  static StatusOr<TableGlob> Compile(std::string_view pattern, std::string_view path);

  bool Matches(const TableName& table) const;
  const std::string& pattern() const { return pattern_; }
  /// TableKey() of the tables that it can match; nullopt: they have different names.
  std::optional<std::uint64_t> table_key() const;
  /// 1 to 3.
  std::size_t part_count() const { return parts_.size(); }

 private:
  struct Part {
    std::string lower;
    bool quoted = false;
    bool has_star() const { return !quoted && lower.find('*') != std::string::npos; }
    bool Matches(std::string_view name) const;
  };
  std::string pattern_;
  std::vector<Part> parts_;  // the table first, then the schema and the database
};

/// The last `parts` parts of a table's name.
std::string LastParts(const TableName& table, std::size_t parts);

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_TABLE_GLOB_H_
