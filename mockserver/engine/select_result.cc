#include "mockserver/engine/select_result.h"

#include <limits>

namespace tql::engine {

bool SelectResult::WriteTo(StatementSink& sink) const {
  if (!sink.Begin(context_) || !sink.Header(columns_)) return false;
  std::vector<std::string_view> row(columns_.size());
  std::size_t begin = 0;
  for (std::size_t i = 0; i < ends_.size();) {
    for (std::string_view& cell : row) {
      cell = std::string_view(cells_).substr(begin, ends_[i] - begin);
      begin = ends_[i++];
    }
    if (!sink.Row(row)) return false;
  }
  for (const std::string& message : messages_) {
    if (!sink.Message(MessageType::kInfo, message)) return false;
  }
  return true;
}

ResultRecorder::ResultRecorder(StatementSink& next, ResultBasis basis, std::size_t most_bytes)
    : next_(next), most_bytes_(most_bytes), result_(std::make_shared<SelectResult>()) {
  result_->basis_ = std::move(basis);
  Add(sizeof(SelectResult) + result_->basis_.tables.size() * sizeof(plan::Id));
}

void ResultRecorder::Add(std::size_t bytes) {
  if (!result_) return;
  result_->bytes_ += bytes;
  const bool fits = result_->bytes_ <= most_bytes_ &&
                    result_->bytes_ <= std::numeric_limits<std::uint32_t>::max();
  if (!fits) result_ = nullptr;
}

bool ResultRecorder::OnQuestion(const Question& question) {
  result_ = nullptr;
  return next_.OnQuestion(question);
}

bool ResultRecorder::Begin(const Context& final_context) {
  // The version is part of the result, and the definitions may have changed since it was bound.
  if (result_ && final_context.server_schema_version != result_->basis_.schema_version) {
    result_ = nullptr;
  }
  Add(final_context.database.size() + final_context.schema.size());
  if (result_) result_->context_ = final_context;
  return next_.Begin(final_context);
}

bool ResultRecorder::Header(std::span<const Column> columns) {
  for (const Column& column : columns) Add(sizeof(Column) + column.name.size());
  if (result_) result_->columns_.assign(columns.begin(), columns.end());
  return next_.Header(columns);
}

bool ResultRecorder::Row(std::span<const std::string_view> cells) {
  std::size_t bytes = cells.size() * sizeof(std::uint32_t);
  for (const std::string_view cell : cells) bytes += cell.size();
  Add(bytes);
  if (result_) {
    for (const std::string_view cell : cells) {
      result_->cells_ += cell;
      result_->ends_.push_back(static_cast<std::uint32_t>(result_->cells_.size()));
    }
  }
  return next_.Row(cells);
}

bool ResultRecorder::Rows(EncodedRows& rows) {
  result_ = nullptr;
  return next_.Rows(rows);
}

bool ResultRecorder::Message(MessageType type, std::string_view text) {
  if (type != MessageType::kInfo) result_ = nullptr;
  Add(sizeof(std::string) + text.size());
  if (result_) result_->messages_.emplace_back(text);
  return next_.Message(type, text);
}

}  // namespace tql::engine
