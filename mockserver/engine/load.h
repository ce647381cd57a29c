// Loads rows into a table without a statement.
#ifndef TQLKIT_MOCKSERVER_ENGINE_LOAD_H_
#define TQLKIT_MOCKSERVER_ENGINE_LOAD_H_

#include <functional>
#include <string_view>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/cancellation.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::engine {

/// The full name of a table, by which it is found as in a statement.
struct TableName {
  std::string_view database;
  std::string_view schema;
  std::string_view table;
};

/// A load is atomic: an error of any of its parts leaves the table as it was.
struct LoadRequest {
  TableName table;
  bool empty_table = false;  // delete all rows first
  const storage::Cancellation& cancellation;
  /// Returns the rows for the table as the transaction sees it, which lives as long as they do.
  /// Called again if the transaction is repeated.
  std::function<storage::NextRows(const plan::TablePtr& table)> rows;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_LOAD_H_
