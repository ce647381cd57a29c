#include "mockserver/load/row_reader.h"

#include <algorithm>
#include <utility>

#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::load {

RowReader::RowReader(std::vector<std::vector<Upload>> texts, const plan::TableDef& table,
                     const LoadParams& params, OnBadRecord on_bad)
    : texts_(std::move(texts)),
      table_(table),
      params_(params),
      on_bad_(std::move(on_bad)),
      scanner_(params.text),
      converter_(table, params.values) {}

std::string RowReader::Place() const {
  const std::string line = "line " + std::to_string(line_);
  return texts_.size() == 1 ? line : "upload " + std::to_string(text_) + ", " + line;
}

Status RowReader::AtLine(std::string_view what) const {
  return InvalidArgumentError(Place() + ": " + std::string(what));
}

StatusOr<bool> RowReader::Next(RowBatch* batch) {
  batch->rows.cells.clear();
  batch->rows.owned.clear();
  batch->row_count = 0;
  batch->bytes = 0;
  while (batch->row_count == 0) {
    if (!source_) {
      if (text_ == texts_.size()) return false;
      source_ = std::make_unique<TextSource>(texts_[text_++]);
      ended_ = false;
      at_start_ = true;
      header_is_due_ = params_.has_header_row;
      line_ = 1;
    }
    // A long record is scanned again with twice the text, so that the sum of the scans stays
    // linear.
    TQL_RETURN_IF_ERROR(Fill(std::max(kBatchBytes, 2 * rest_.size()), batch));
    TQL_ASSIGN_OR_RETURN(const std::size_t taken, TakeRecords(batch));
    rest_.assign(batch->text, taken);
    if (rest_.size() > kLongestRecord) {
      return AtLine("a record of more than " + std::to_string(kLongestRecord) + " bytes");
    }
    if (ended_ && rest_.empty()) source_.reset();
  }
  return true;
}

Status RowReader::Fill(std::size_t size, RowBatch* batch) {
  std::swap(batch->text, rest_);
  std::size_t filled = batch->text.size();
  batch->text.resize(size);
  while (filled < size && !ended_) {
    TQL_ASSIGN_OR_RETURN(const std::size_t got,
                         source_->Read(batch->text.data() + filled, size - filled));
    ended_ = got == 0;
    filled += got;
  }
  batch->text.resize(filled);
  return Status();
}

Status RowReader::CheckStart(std::string_view& text) {
  if (!std::exchange(at_start_, false)) return Status();
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return AtLine("the text is UTF-16, expected UTF-8");
  }
  text = base::WithoutByteOrderMark(text);
  return Status();
}

StatusOr<std::size_t> RowReader::TakeRecords(RowBatch* batch) {
  std::string_view text = batch->text;
  TQL_RETURN_IF_ERROR(CheckStart(text));
  while (!text.empty() && scanner_.Next(text, ended_, &record_, &batch->rows.owned)) {
    TQL_RETURN_IF_ERROR(TakeRecord(record_, batch));
    line_ += record_.lines;
  }
  return batch->text.size() - text.size();
}

bool RowReader::IsHeader(std::string_view first) {
  if (!header_) header_ = first;
  return *header_ == first;
}

Status RowReader::TakeRecord(const Record& record, RowBatch* batch) {
  const bool header = std::exchange(header_is_due_, false) && IsHeader(record.text);
  if (header && record.problem.empty()) return Status();
  // A line without a character is a value only in a table of one column.
  if (record.text.empty() && table_.columns.size() > 1) return Status();
  const Status status = converter_.Append(record, &batch->rows.cells);
  if (!status.ok()) return on_bad_({record.text, Place() + ": " + status.message()});
  ++batch->row_count;
  batch->bytes += record.text.size();
  return Status();
}

}  // namespace tql::load
