// What a storage must support at least, and the engine accepts at most. The engine checks these
// limits because it knows the place in the statement; a storage checks them again.
#ifndef TQLKIT_MOCKSERVER_STORAGE_LIMITS_H_
#define TQLKIT_MOCKSERVER_STORAGE_LIMITS_H_

#include <cstddef>

namespace tql::storage {

/// Columns of a table or of a result.
inline constexpr std::size_t kMaxColumns = 2000;
/// Tables in one FROM, including those of derived tables that a storage may merge into it.
inline constexpr std::size_t kMaxJoinedTables = 64;

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_LIMITS_H_
