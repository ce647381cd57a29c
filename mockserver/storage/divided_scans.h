// Scans of large tables that a storage divides from their first row on. A part of the interface of
// storages that not every one has.
#ifndef TQLKIT_MOCKSERVER_STORAGE_DIVIDED_SCANS_H_
#define TQLKIT_MOCKSERVER_STORAGE_DIVIDED_SCANS_H_

#include <memory>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/storage.h"

namespace tql::storage {

/// A base class of those storages. Thread-safe as they are.
class DividedScans {
 public:
  virtual ~DividedScans() = default;

  /// Null if the storage is not one of them. Borrowed from it.
  static DividedScans* Of(Storage& storage) { return dynamic_cast<DividedScans*>(&storage); }

  /// Whether Storage::Open() would read all rows of a single large table, in their order, so that
  /// OpenParts() is worth it for a query with its FROM.
  virtual bool IsLargeScan(const plan::Query& query) = 0;
  /// The rows of a query in parts, all from one snapshot. A column of the type of NULL has the
  /// values as they are stored, e.g. integers also among reals. Null if the rows cannot be divided,
  /// or if the table has just changed; Storage::Open() may succeed then. The query is borrowed
  /// until the call returns.
  virtual std::unique_ptr<RowParts> OpenParts(const plan::Query& query,
                                              const Division& division) = 0;
};

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_DIVIDED_SCANS_H_
