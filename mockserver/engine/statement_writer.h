// Writes the result of one statement in the order that a StatementSink expects.
#ifndef TQLKIT_MOCKSERVER_ENGINE_STATEMENT_WRITER_H_
#define TQLKIT_MOCKSERVER_ENGINE_STATEMENT_WRITER_H_

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/engine/catalog.h"
#include "mockserver/engine/engine.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/engine/text_table.h"
#include "tql/status.h"

namespace tql::engine {

/// The context as clients receive it: with the name of the schema and the current schema version.
Context CompleteContext(const Context& context, const Catalog& catalog);

/// Functions that return a Status return ClientGone() if the sink refuses the output; Print() of a
/// table also refuses separators that are too long. Not thread-safe.
class StatementWriter {
 public:
  /// Borrows its arguments.
  StatementWriter(const Catalog& catalog, const Engine::Request& request, StatementSink& sink)
      : catalog_(catalog), request_(request), sink_(sink) {}

  // Before the result.
  Status WriteProgress(const Progress& stage);
  /// Writes a question instead of a result.
  Status Ask(const Question& question);

  // The result. Each function begins it if necessary, with the context of the request.
  /// Begins the result with the context after the statement. Only the first call has an effect.
  Status Begin(const Context& final_context);
  Status WriteHeader(std::span<const Column> columns);
  /// Requires WriteHeader(). Takes one cell for each column.
  Status WriteRow(std::span<const std::string_view> cells);
  /// As of StatementSink.
  const RowEncoder* row_encoder() const { return sink_.row_encoder(); }
  Status WriteRows(EncodedRows& rows);
  Status WriteInfo(std::string_view text);
  /// Keeps a warning until Finish() writes it.
  void AddWarning(std::string text) { warnings_.push_back(std::move(text)); }
  /// Writes the warnings and the success message.
  Status Finish();
  /// Writes the lines as INFO messages, and finishes the result.
  Status Print(const std::vector<std::string>& lines);
  /// Writes a table as lines, or as a header and rows if format_output is off, and finishes the
  /// result.
  Status Print(const TextTable& table);

  /// Returns an error if the separators of the request are too long for a result that repeats them.
  Status CheckSeparators() const;

  /// Ends the statement. If its outcome is an error, writes the ERROR message first.
  void End(const Status& outcome);

 private:
  Status PrintAsRows(const TextTable& table);

  const Catalog& catalog_;
  const Engine::Request& request_;
  StatementSink& sink_;
  bool begun_ = false;
  std::vector<std::string> warnings_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_STATEMENT_WRITER_H_
