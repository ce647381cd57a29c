#include "mockserver/storage/storage.h"

#include <numeric>
#include <utility>

#include "proto/base/status_macros.h"

namespace tql::storage {

StatusOr<CatalogRecords> Storage::Load() {
  constexpr std::int64_t kNever = -1;
  StatusOr<std::optional<CatalogRecords>> records = Reload(kNever);
  if (!records.ok()) return records.status();
  if (!*records) return InternalError("the storage has no catalog records");
  return **std::move(records);
}

StatusOr<std::int64_t> Transaction::InsertBatches(const plan::TablePtr& table, const NextRows& next,
                                                  const Cancellation& cancellation) {
  plan::Insert insert;
  insert.table = table;
  insert.columns.resize(table->columns.size());
  std::iota(insert.columns.begin(), insert.columns.end(), 0);
  std::int64_t rows = 0;
  for (;;) {
    TQL_ASSIGN_OR_RETURN(const bool more, next(&std::get<plan::LiteralRows>(insert.source)));
    if (!more) return rows;
    TQL_ASSIGN_OR_RETURN(const std::int64_t inserted, Insert(insert, cancellation));
    rows += inserted;
  }
}

}  // namespace tql::storage
