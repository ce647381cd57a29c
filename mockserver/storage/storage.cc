#include "mockserver/storage/storage.h"

#include <utility>

namespace tql::storage {

StatusOr<CatalogRecords> Storage::Load() {
  constexpr std::int64_t kNever = -1;
  StatusOr<std::optional<CatalogRecords>> records = Reload(kNever);
  if (!records.ok()) return records.status();
  if (!*records) return InternalError("the storage has no catalog records");
  return **std::move(records);
}

}  // namespace tql::storage
