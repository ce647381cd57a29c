// The statement that the printers append to.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_OUTPUT_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_OUTPUT_H_

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/sql_printer.h"

namespace tql::storage::sqlite {

/// The relations that the columns of a statement may refer to.
class Relations {
 public:
  void AddTable(plan::RelationId id, const plan::TableDef& table) { tables_[id] = &table; }
  void AddDerived(plan::RelationId id) { tables_[id] = nullptr; }

  bool Contains(plan::RelationId id) const { return tables_.contains(id); }
  /// Returns null for a derived table and for an unknown relation.
  const plan::TableDef* FindTable(plan::RelationId id) const {
    const auto found = tables_.find(id);
    return found != tables_.end() ? found->second : nullptr;
  }
  /// The tables among them; a table may occur several times.
  std::vector<TableVersion> Versions() const;

 private:
  std::unordered_map<plan::RelationId, const plan::TableDef*> tables_;  // Null: derived table.
};

/// A statement and the first error of its printers, after which the text is incomplete.
class SqlOutput {
 public:
  explicit SqlOutput(const AbsentTables& absent) {
    sql_.absent = absent;
    sql_.text.reserve(512);
  }

  /// Appends texts and integers.
  template <typename... Parts>
  void Append(const Parts&... parts) {
    (AppendPart(parts), ...);
  }
  /// Fails if the table does not have the column.
  void AppendColumn(const plan::TableDef& table, std::int32_t column);
  /// Appends NULL or a parameter. Equal constants share a parameter, so that SQLite recognizes
  /// `x + 1` in the list and in GROUP BY as the same expression.
  void AppendParameter(const values::Datum& value);
  /// Appends a parameter that no other constant shares.
  void AppendOwnParameter(const values::Datum& value);
  /// The same for a literal that may vary; see plan::Literal.
  void AppendVaryingParameter(const values::Datum& value, std::size_t varies_at);
  /// Appends the number of the expression in PrintedSql::checked.
  void AppendNumberOf(CheckedExpr checked);

  std::size_t size() const { return sql_.text.size(); }
  /// Removes the text from offset `begin` on and returns it. What the text refers to remains.
  std::string Cut(std::size_t begin);

  std::size_t parameter_count() const { return sql_.parameters.size(); }
  bool IsAbsent(const plan::TableDef& table) const;
  Relations& relations() { return relations_; }

  /// The statement is a scan, whose last column is the rowid, if it has no sub-queries.
  void set_scan(const ScanSql& scan) {
    sql_.has_rowid = true;
    sql_.scan = scan;
  }

  void set_has_sub_query() { has_sub_query_ = true; }
  bool has_sub_query() const { return has_sub_query_; }

  bool ok() const { return status_.ok(); }
  void Fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }

  /// Returns the statement and leaves this object empty.
  StatusOr<PrintedSql> Take();

 private:
  void AppendPart(std::string_view text) { sql_.text += text; }
  void AppendPart(char c) { sql_.text += c; }
  template <std::integral Integer>
  void AppendPart(Integer number) {
    char digits[24];
    sql_.text.append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
  }

  PrintedSql sql_;
  Status status_;
  Relations relations_;
  std::map<std::string, std::size_t> shared_;  // The numbers of shared parameters by value.
  bool has_sub_query_ = false;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_OUTPUT_H_
