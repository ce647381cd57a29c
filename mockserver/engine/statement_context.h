// The parameter that all functions of execute.h share.
#ifndef TQLKIT_MOCKSERVER_ENGINE_STATEMENT_CONTEXT_H_
#define TQLKIT_MOCKSERVER_ENGINE_STATEMENT_CONTEXT_H_

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/catalog.h"
#include "mockserver/engine/engine.h"
#include "mockserver/engine/environment.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/statement_writer.h"
#include "mockserver/engine/table_activity.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::engine {

/// The parts of the engine, the request for one statement and the writer of its result, all
/// borrowed.
struct StatementContext {
  Catalog& catalog;
  storage::Storage& storage;
  GuidSource& guids;
  TableActivity& activity;
  const Engine::Request& request;
  StatementWriter& writer;
  /// Help to read large tables; null: the statement has its own thread only.
  ScanThreads* threads = nullptr;

  /// As Catalog::InTransaction(), until the statement is cancelled.
  template <typename Change>
  Status InTransaction(storage::Intent intent, const Change& change) const {
    return catalog.InTransaction(intent, request.cancellation, change);
  }
  /// Adds to a reason its place in the text of the statement.
  Status At(const Status& reason, const dialect::SourceRange& range) const {
    return errors::At(reason, request.text, range.begin);
  }
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_STATEMENT_CONTEXT_H_
