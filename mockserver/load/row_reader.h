// Reads the rows of a load from its texts.
#ifndef TQLKIT_MOCKSERVER_LOAD_ROW_READER_H_
#define TQLKIT_MOCKSERVER_LOAD_ROW_READER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/load/load_params.h"
#include "mockserver/load/record_scanner.h"
#include "mockserver/load/row_converter.h"
#include "mockserver/load/text_source.h"
#include "mockserver/plan/plan.h"
#include "tql/status.h"

namespace tql::load {

/// Rows, and the text that their values point into.
struct RowBatch {
  std::string text;
  plan::LiteralRows rows;
  std::int64_t row_count = 0;
  std::uint64_t bytes = 0;  // of the text of these rows
};

/// A record that is not a row.
struct BadRecord {
  std::string_view text;  // as received, without its line end
  std::string reason;     // begins with its place: "line 7: …"
};

/// Thread safety: one thread.
class RowReader {
 public:
  /// The maximum size of a record, and about the size of a batch, in bytes.
  static constexpr std::size_t kLongestRecord = std::size_t{96} << 20;
  static constexpr std::size_t kBatchBytes = std::size_t{256} << 10;
  /// Receives a bad record. An error ends the reading.
  using OnBadRecord = std::function<Status(const BadRecord& record)>;

  /// Each element of `texts` is a text of its own: its uploads are read as one. The first may begin
  /// with a header, the others with the same one. The table and the parameters must outlive the
  /// reader.
  RowReader(std::vector<std::vector<Upload>> texts, const plan::TableDef& table,
            const LoadParams& params, OnBadRecord on_bad);

  /// Replaces the batch by the next one, with at least one row; false at the end. INVALID_ARGUMENT
  /// for a record that is too long and for UTF-16; the errors of TextSource and OnBadRecord.
  StatusOr<bool> Next(RowBatch* batch);

 private:
  /// Reads the text of a batch: `rest_`, then bytes of the source up to `size` in all.
  Status Fill(std::size_t size, RowBatch* batch);
  Status CheckStart(std::string_view& text);
  /// Takes the complete records of the text. Returns the number of bytes that they occupy.
  StatusOr<std::size_t> TakeRecords(RowBatch* batch);
  Status TakeRecord(const Record& record, RowBatch* batch);
  /// Whether the first record of a text is a header: that of the first text, and the same again. A
  /// client may cut a file into uploads, or send files with a header each.
  bool IsHeader(std::string_view first);
  Status AtLine(std::string_view what) const;
  std::string Place() const;

  std::vector<std::vector<Upload>> texts_;
  const plan::TableDef& table_;
  const LoadParams& params_;
  const OnBadRecord on_bad_;
  RecordScanner scanner_;
  RowConverter converter_;
  Record record_;

  // The current text.
  std::size_t text_ = 0;                // its number, from 1
  std::unique_ptr<TextSource> source_;  // null: between two texts
  std::string rest_;                    // an incomplete record
  bool ended_ = false;                  // the source has ended
  bool at_start_ = false;
  bool header_is_due_ = false;
  std::optional<std::string> header_;  // of the first text
  std::uint64_t line_ = 1;             // at which the next record begins
};

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_ROW_READER_H_
