// How a SELECT begins: bound, and opened by the storage.
#ifndef TQLKIT_MOCKSERVER_ENGINE_EXEC_SELECT_H_
#define TQLKIT_MOCKSERVER_ENGINE_EXEC_SELECT_H_

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/catalog.h"
#include "mockserver/engine/engine.h"

namespace tql::engine {

/// Whether it is a SELECT … INTO, which makes a table of its rows instead of answering them.
bool MakesTable(const dialect::Select& select);

/// Begins a SELECT without INTO. RESOURCE_EXHAUSTED when the storage has no room for it.
StatusOr<BegunSelect> BeginSelect(const Catalog& catalog, storage::Storage& storage,
                                  const Engine::Request& request, const dialect::Select& select);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_EXEC_SELECT_H_
