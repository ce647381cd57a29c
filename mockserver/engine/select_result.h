// The whole result of a SELECT, kept to be sent again.
#ifndef TQLKIT_MOCKSERVER_ENGINE_SELECT_RESULT_H_
#define TQLKIT_MOCKSERVER_ENGINE_SELECT_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/engine/statement_sink.h"
#include "mockserver/plan/schema.h"

namespace tql::engine {

/// The state of the catalog and of the tables that a SELECT read. Its result is right as long as
/// both are the same.
struct ResultBasis {
  std::int64_t schema_version = 0;
  std::vector<plan::Id> tables;
  std::uint64_t data_version = 0;  // as Storage::DataVersion
};

/// Immutable after it was recorded, so that any number of threads can use it.
class SelectResult {
 public:
  const ResultBasis& basis() const { return basis_; }
  /// Writes the calls of a StatementSink up to the last message; the caller calls End(). Returns
  /// false if the sink refused one.
  bool WriteTo(StatementSink& sink) const;
  /// The memory that it takes, about.
  std::size_t bytes() const { return bytes_; }

 private:
  friend class ResultRecorder;

  ResultBasis basis_;
  Context context_;
  std::vector<Column> columns_;
  std::string cells_;                // row by row, without separators
  std::vector<std::uint32_t> ends_;  // of each cell in cells_
  std::vector<std::string> messages_;
  std::size_t bytes_ = 0;
};

/// Records the result of a SELECT on its way to the sink.
class ResultRecorder : public StatementSink {
 public:
  /// Forwards every call to `next`, which is borrowed. A result of more than `most_bytes` is not
  /// recorded.
  ResultRecorder(StatementSink& next, ResultBasis basis, std::size_t most_bytes);

  bool OnProgress(std::span<const Progress> stages) override { return next_.OnProgress(stages); }
  bool OnQuestion(const Question& question) override;
  bool Begin(const Context& final_context) override;
  bool Header(std::span<const Column> columns) override;
  bool Row(std::span<const std::string_view> cells) override;
  const RowEncoder* row_encoder() override { return result_ ? nullptr : next_.row_encoder(); }
  bool Rows(EncodedRows& rows) override;
  bool Message(MessageType type, std::string_view text) override;
  void End() override { next_.End(); }

  /// Returns the result of a SELECT that succeeded, or null if it was not recorded.
  std::shared_ptr<const SelectResult> Take() { return std::move(result_); }

 private:
  /// Counts memory of the result; drops the result if it becomes too large.
  void Add(std::size_t bytes);

  StatementSink& next_;
  const std::size_t most_bytes_;
  std::shared_ptr<SelectResult> result_;  // null: it cannot be recorded
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_SELECT_RESULT_H_
