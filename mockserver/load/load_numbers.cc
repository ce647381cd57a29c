#include "mockserver/load/load_numbers.h"

#include <utility>

namespace tql::load {
namespace {

/// Added to the number of a load. The ids of the catalog's objects and of events are smaller.
constexpr std::int64_t kFirstLoad = std::int64_t{1} << 49;

}  // namespace

std::string LoadNumbers::NewGuid(space::Identifiers& identifiers) {
  const base::MutexLock lock(mutex_);
  const std::optional<std::uint64_t> seed = identifiers.seed();
  if (std::exchange(seed_, seed) != seed) last_ = 0;
  return identifiers.NewGuid(kFirstLoad + ++last_);
}

}  // namespace tql::load
