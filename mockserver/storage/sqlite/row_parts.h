// Divides the rest of a scan among several connections.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_PARTS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_PARTS_H_

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mockserver/storage/sqlite/data_versions.h"
#include "mockserver/storage/sqlite/reader_pool.h"
#include "mockserver/storage/sqlite/sql_printer.h"
#include "mockserver/storage/storage.h"

namespace tql::storage::sqlite {

/// What a scan needs so that it can be divided. `readers` and `versions` are borrowed.
struct ScanSource {
  ReaderPool* readers = nullptr;
  const DataVersions* versions = nullptr;
  std::uint64_t version = 0;  // of the table, before the scan's snapshot began
  std::int64_t rows = 0;      // SqliteOptions::divided_rows
};

/// A scan that can be divided: it keeps what its statement was run with.
class DivisibleScan {
 public:
  /// `values` are those of the varying literals; empty: as they were printed.
  DivisibleScan(const ScanSource& source, const PrintedSql& sql,
                std::span<const values::Datum> values);

  /// Whether the statement has scanned so many rows that the rest may be divided.
  bool IsLarge(sqlite3_stmt* statement) const;

  /// The rest of the scan, as the cursor hands it over.
  struct Rest {
    ReaderPool::Reader& reader;
    Statement& statement;          // stays on its row, which holds the snapshot
    std::int64_t after = 0;        // the rowid of that row
    std::int64_t rows_before = 0;  // rows that were returned
    const std::vector<CheckedExpr>& checked;
    const std::vector<bool>& real;  // as in RowValues
  };
  /// Takes the reader and the statement if it succeeds; otherwise null.
  std::unique_ptr<RowParts> Divide(const Rest& rest, const Division& division) const;
  /// Divides the whole scan; null if it does not succeed.
  std::unique_ptr<RowParts> DivideAll(ReaderPool::Reader reader, const PrintedSql& sql,
                                      std::vector<bool> real, const Division& division) const;

 private:
  ScanSource source_;
  ScanSql scan_;
  std::vector<values::Datum> parameters_;
  std::list<std::string> texts_;  // of the parameters
};

/// The greatest rowid of the table, or 0. Begins the snapshot of a connection with a transaction.
StatusOr<std::int64_t> LastRow(Connection& reader, plan::Id table);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_PARTS_H_
