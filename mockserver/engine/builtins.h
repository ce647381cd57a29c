// The databases that exist on every server.
#ifndef TQLKIT_MOCKSERVER_ENGINE_BUILTINS_H_
#define TQLKIT_MOCKSERVER_ENGINE_BUILTINS_H_

#include <string_view>

#include "mockserver/engine/environment.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::engine {

/// Whether a database of this name is built in. Its definitions cannot be changed, but its rows
/// can, so that a test may fill the calendar.
bool IsBuiltIn(std::string_view database);

/// Creates thoughtspot_internal (calendar and fiscal, empty) and thoughtspot_internal_stats (some
/// of its tables, empty) in an empty storage, unless another server has just done so. Returns the
/// records of the storage afterwards.
StatusOr<storage::CatalogRecords> CreateBuiltIns(storage::Storage& storage, GuidSource& guids);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_BUILTINS_H_
