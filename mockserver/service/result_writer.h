// Writes answers that are given as messages of the service.
#ifndef TQLKIT_MOCKSERVER_SERVICE_RESULT_WRITER_H_
#define TQLKIT_MOCKSERVER_SERVICE_RESULT_WRITER_H_

#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/engine/statement_sink.h"
#include "tql/wire/messages.h"

namespace tql::service {

/// Writes the answer of one statement to its sink, in one or more parts: all calls but End(). An
/// answer that does not fit the order of a StatementSink's calls is written as far as it does: a
/// table after a message is left out.
class ResultWriter {
 public:
  using Result = pb::ExecuteQueryResponse::Result;

  /// `context` stands in for a final context that the answer does not have. The sink is borrowed.
  ResultWriter(engine::StatementSink& sink, engine::Context context)
      : sink_(sink), context_(std::move(context)) {}

  /// Cells with the text `found` are NULL: the client reads `written` instead. Both are borrowed.
  void SetNull(std::string_view found, std::string_view written) {
    null_ = {found, written};
    has_null_ = true;
  }
  /// Returns false if the sink accepts nothing more.
  bool Write(const Result& part);
  bool WriteError(std::string_view text);
  /// The context after the statement, as far as the answer is written.
  const engine::Context& context() const { return context_; }
  /// Whether the answer has a question.
  bool asked() const { return asked_; }

 private:
  bool Begin();
  bool WriteProgress(const Result& part);
  bool WriteTable(const Result::TableResult& table);

  engine::StatementSink& sink_;
  engine::Context context_;
  std::pair<std::string_view, std::string_view> null_;
  bool has_null_ = false;
  bool begun_ = false;
  bool has_header_ = false;
  bool has_message_ = false;
  bool asked_ = false;
  std::vector<std::string_view> cells_;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_RESULT_WRITER_H_
