// Aggregates over one large table, computed by several threads from parts of its rows.
#ifndef TQLKIT_MOCKSERVER_ENGINE_PARTIAL_AGGREGATES_H_
#define TQLKIT_MOCKSERVER_ENGINE_PARTIAL_AGGREGATES_H_

#include <memory>

#include "mockserver/engine/scan_threads.h"
#include "mockserver/plan/plan.h"
#include "mockserver/storage/cancellation.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::engine {

/// The rows of a SELECT with aggregates over one large table, if several threads can compute
/// exactly what Storage::Open() would return. Null, with the query unchanged, if they cannot, or if
/// the statement fails, so that the storage reports its error. Returns the errors of the
/// Cancellation. The query must not be used after a cursor was returned.
StatusOr<std::unique_ptr<storage::Cursor>> OpenPartialAggregates(
    storage::Storage& storage, ScanThreads& threads, plan::Query& query,
    const storage::Cancellation& cancellation);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_PARTIAL_AGGREGATES_H_
