#include "mockserver/storage/sqlite/row_transfer.h"

#include <sqlite3.h>

#include <unordered_map>
#include <utility>

#include "proto/base/status_macros.h"

namespace tql::storage::sqlite {
namespace {

using values::Datum;

Datum::Kind KindOf(values::TypeKind type) {
  if (values::IsReal(type)) return Datum::Kind::kReal;
  return type == values::TypeKind::kVarchar ? Datum::Kind::kText : Datum::Kind::kInteger;
}

StatusOr<std::string> DefinitionOf(Connection& writer, const plan::TableDef& table) {
  TQL_ASSIGN_OR_RETURN(
      Statement read,
      writer.Prepare("SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?1"));
  read.Bind(1, PhysicalTable(table.id));
  TQL_ASSIGN_OR_RETURN(const bool found, read.Step());
  if (!found) return InternalError("the table does not exist");
  return read.Text(0);
}

/// A database with one empty table: its file, and the places of the table's columns.
struct EmptyTable {
  std::vector<unsigned char> file;  // empty if SQLite cannot make it
  std::unordered_map<std::string, std::size_t> columns;
};

EmptyTable Create(const std::string& definition, const std::string& name) {
  EmptyTable made;
  sqlite3* db = nullptr;
  sqlite3_stmt* all = nullptr;
  if (sqlite3_open(":memory:", &db) == SQLITE_OK &&
      sqlite3_exec(db, definition.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK &&
      sqlite3_prepare_v2(db, ("SELECT * FROM " + name).c_str(), -1, &all, nullptr) == SQLITE_OK) {
    for (int i = 0; i < sqlite3_column_count(all); ++i) {
      made.columns.emplace(sqlite3_column_name(all, i), static_cast<std::size_t>(i));
    }
    sqlite3_int64 size = 0;
    unsigned char* const bytes = sqlite3_serialize(db, "main", &size, 0);
    if (bytes != nullptr) made.file.assign(bytes, bytes + size);
    sqlite3_free(bytes);
  }
  sqlite3_finalize(all);
  sqlite3_close(db);
  return made;
}

}  // namespace

StatusOr<std::unique_ptr<RowTransfer>> RowTransfer::Make(Connection& writer,
                                                         const plan::TableDef& table) {
  const Connection::OwnStatements own(writer);
  TQL_ASSIGN_OR_RETURN(const std::string definition, DefinitionOf(writer, table));
  EmptyTable empty = Create(definition, PhysicalTable(table.id));
  std::vector<std::size_t> places;
  for (const plan::ColumnDef& column : table.columns) {
    const auto found = empty.columns.find(PhysicalColumn(column.id));
    if (found != empty.columns.end()) places.push_back(found->second);
  }
  if (empty.file.empty() || places.size() != table.columns.size() ||
      places.size() != empty.columns.size()) {
    return std::unique_ptr<RowTransfer>();
  }
  return std::unique_ptr<RowTransfer>(
      new RowTransfer(writer, table, std::move(places), std::move(empty.file)));
}

RowTransfer::RowTransfer(Connection& writer, const plan::TableDef& table,
                         std::vector<std::size_t> places, std::vector<unsigned char> empty)
    : writer_(writer),
      insert_("INSERT INTO main." + PhysicalTable(table.id) + " SELECT * FROM " +
              std::string(kImageSchema) + "." + PhysicalTable(table.id)),
      places_(std::move(places)),
      row_(places_.size()),
      image_(std::move(empty)) {
  for (const plan::ColumnDef& column : table.columns) kinds_.push_back(KindOf(column.type.kind));
}

bool RowTransfer::Append(std::span<const Datum> row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].kind() != kinds_[i] && !row[i].is_null()) return false;
    row_[places_[i]] = row[i];
  }
  return image_.Append(row_);
}

Status RowTransfer::Flush() {
  if (image_.empty()) return Status();
  const Connection::OwnStatements own(writer_);
  const Status status = writer_.WithImage(image_.Finish(), [&]() -> Status {
    TQL_ASSIGN_OR_RETURN(Statement insert, writer_.Prepare(insert_));
    return insert.Run();
  });
  image_.Clear();
  return status;
}

}  // namespace tql::storage::sqlite
