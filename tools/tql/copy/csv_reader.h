// An incremental reader for comma-separated values (RFC 4180).
#ifndef TQLKIT_TOOLS_TQL_COPY_CSV_READER_H_
#define TQLKIT_TOOLS_TQL_COPY_CSV_READER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/render/csv_dialect.h"
#include "tql/status.h"

namespace tql::shell {

/// One value of a record.
struct CsvField {
  std::string_view text;
  bool quoted = false;  // distinguishes an empty string from NULL
};

/// Fields are separated by delimiters. A field that contains a delimiter, a quote or a line end is
/// quoted; quotes in it are preceded by the escape character, which by default is the quote itself.
/// Records end with \n, \r\n or the end of the text. A byte order mark at the start is skipped. The
/// text must be valid UTF-8 without NUL.
///
/// Thread safety: one thread.
class CsvReader {
 public:
  /// Reads up to `size` bytes; returns 0 at the end.
  using Source = std::function<StatusOr<std::size_t>(char* into, std::size_t size)>;
  /// The maximum size of a record, in bytes.
  static constexpr std::size_t kLongest = std::size_t{96} << 20;

  explicit CsvReader(Source source, const CsvDialect& csv = {}, std::size_t longest = kLongest)
      : source_(std::move(source)), csv_(csv), longest_(longest) {}

  /// Reads the next record; returns false at the end. INVALID_ARGUMENT with "line N" for invalid
  /// CSV; the errors of the source. After an error nothing more can be read.
  StatusOr<bool> Next();
  /// The fields of the record, valid until the next call of Next().
  const std::vector<CsvField>& fields() const { return fields_; }
  /// The line on which the record begins, from 1.
  std::uint64_t line() const { return line_; }
  /// Number of bytes of the text up to the end of the record.
  std::uint64_t bytes() const { return bytes_ - (buffer_.size() - next_); }

 private:
  enum class Found : std::uint8_t { kRecord, kMore, kMistake };
  struct Piece {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool quoted = false;
    bool escaped = false;  // contains escapes
  };
  Found Scan();
  Found ScanQuoted(std::size_t* at, Piece* piece);
  Found ScanPlain(std::size_t* at, Piece* piece);
  Found Mistake(std::size_t at, const std::string& what);
  Status Refill();
  Status Take();

  Source source_;
  const CsvDialect csv_;
  const std::size_t longest_;
  std::string buffer_;
  std::size_t begin_ = 0;  // start of the record
  std::size_t next_ = 0;   // end of the record
  bool ended_ = false;     // the source has ended
  bool started_ = false;
  std::uint64_t line_ = 1;
  std::uint64_t next_line_ = 1;
  std::uint64_t bytes_ = 0;  // read from the source
  std::vector<Piece> pieces_;
  std::vector<CsvField> fields_;
  Status mistake_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_CSV_READER_H_
