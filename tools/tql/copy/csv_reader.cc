#include "tools/tql/copy/csv_reader.h"

#include <algorithm>
#include <cstring>

#include "mockserver/dialect/chars.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::shell {
namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10;

/// Whether the character at a position of a quoted field is an escape.
bool IsEscape(const CsvDialect& csv, const char* at, const char* end) {
  return *at == csv.escape && end - at > 1 && (at[1] == csv.quote || at[1] == csv.escape);
}

/// Returns the position of the first quote or escape; the end if there is none.
const char* NextSpecial(const CsvDialect& csv, const char* from, const char* end) {
  if (csv.quote != csv.escape) {
    return std::find_if(from, end, [&](char c) { return c == csv.quote || c == csv.escape; });
  }
  const void* const found = std::memchr(from, csv.quote, static_cast<std::size_t>(end - from));
  return found != nullptr ? static_cast<const char*>(found) : end;
}

/// Removes the escapes and returns the new size.
std::size_t UndoEscapes(const CsvDialect& csv, char* text, std::size_t size) {
  std::size_t to = 0;
  for (std::size_t from = 0; from < size; ++from) {
    if (IsEscape(csv, text + from, text + size)) ++from;
    text[to++] = text[from];
  }
  return to;
}

}  // namespace

StatusOr<bool> CsvReader::Next() {
  if (!mistake_.ok()) return mistake_;
  begin_ = next_;
  line_ = next_line_;
  if (!started_) {
    while (!ended_ && buffer_.size() < base::kByteOrderMark.size()) {
      if (mistake_ = Refill(); !mistake_.ok()) return mistake_;
    }
    started_ = true;
    if (buffer_.starts_with(base::kByteOrderMark)) begin_ = base::kByteOrderMark.size();
  }
  for (;;) {
    if (begin_ == buffer_.size() && ended_) return false;
    const Found found = Scan();
    if (found == Found::kMistake) return mistake_;
    if (found == Found::kRecord) break;
    if (mistake_ = Refill(); !mistake_.ok()) return mistake_;
  }
  mistake_ = Take();
  if (!mistake_.ok()) return mistake_;
  return true;
}

CsvReader::Found CsvReader::Mistake(std::size_t at, const std::string& what) {
  const auto line = line_ + static_cast<std::uint64_t>(std::count(
                                buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                                buffer_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  mistake_ = InvalidArgumentError("line " + std::to_string(line) + ", field " +
                                  std::to_string(pieces_.size() + 1) + ": " + what);
  return Found::kMistake;
}

// Finds the fields of the record at begin_, and its end.
CsvReader::Found CsvReader::Scan() {
  pieces_.clear();
  std::size_t at = begin_;
  for (;;) {
    Piece piece;
    if (at == buffer_.size() && !ended_) return Found::kMore;
    const bool quoted = at < buffer_.size() && buffer_[at] == csv_.quote;
    const Found found = quoted ? ScanQuoted(&at, &piece) : ScanPlain(&at, &piece);
    if (found != Found::kRecord) return found;
    if (at < buffer_.size() && buffer_[at] == '\r') {
      if (at + 1 == buffer_.size() && !ended_) return Found::kMore;
      if (at + 1 < buffer_.size() && buffer_[at + 1] != '\n') {
        return Mistake(at, "a carriage return that ends no line; such a field needs quotes");
      }
      ++at;
    }
    pieces_.push_back(piece);
    if (at >= buffer_.size() || buffer_[at] == '\n') {
      next_ = std::min(at + 1, buffer_.size());
      return Found::kRecord;
    }
    ++at;  // the delimiter
  }
}

// A field must be followed by a delimiter, a line end or the end of the text.
CsvReader::Found CsvReader::ScanQuoted(std::size_t* at, Piece* piece) {
  piece->quoted = true;
  piece->begin = *at + 1;
  const char* const end = buffer_.data() + buffer_.size();
  const char* from = buffer_.data() + piece->begin;
  for (;;) {
    from = NextSpecial(csv_, from, end);
    if (!ended_ && end - from <= 1) return Found::kMore;
    if (from == end) return Mistake(*at, "a quote that is never closed");
    if (IsEscape(csv_, from, end)) {
      piece->escaped = true;
      from += 2;
    } else if (*from == csv_.quote) {
      break;
    } else {
      ++from;
    }
  }
  piece->end = static_cast<std::size_t>(from - buffer_.data());
  *at = piece->end + 1;
  const char next = *at < buffer_.size() ? buffer_[*at] : '\n';
  if (next == csv_.delimiter || next == '\n' || next == '\r') return Found::kRecord;
  return Mistake(*at, csv_.quote == csv_.escape
                          ? "text after a closing quote; a quote in a field is written twice"
                          : "text after a closing quote; a quote in a field needs the escape");
}

CsvReader::Found CsvReader::ScanPlain(std::size_t* at, Piece* piece) {
  piece->begin = *at;
  const char* const end = buffer_.data() + buffer_.size();
  const char* const begin = buffer_.data() + *at;
  const char* const stop = std::find_if(begin, end, [csv = csv_](char c) {
    return c == csv.delimiter || c == '\n' || c == '\r' || c == csv.quote;
  });
  *at = static_cast<std::size_t>(stop - buffer_.data());
  piece->end = *at;
  if (stop == end) return ended_ ? Found::kRecord : Found::kMore;
  if (*stop != csv_.quote) return Found::kRecord;
  return Mistake(*at, "a quote inside a field that does not begin with one");
}

Status CsvReader::Refill() {
  const std::size_t held = buffer_.size() - begin_;
  if (held > longest_) {
    return InvalidArgumentError("line " + std::to_string(line_) + ": a record of more than " +
                                std::to_string(longest_) + " bytes");
  }
  buffer_.erase(0, begin_);
  begin_ = 0;
  // Double the buffer at least, so that the number of rescans of a long record is logarithmic.
  const std::size_t room = std::max(kBlock, held);
  std::size_t filled = held;
  buffer_.resize(held + room);
  do {
    const StatusOr<std::size_t> count = source_(buffer_.data() + filled, held + room - filled);
    if (!count.ok()) return count.status();
    ended_ = *count == 0;
    filled += *count;
    bytes_ += *count;
  } while (!ended_ && filled < 2 * held);
  buffer_.resize(filled);
  return {};
}

// Creates the fields of the record that Scan found.
Status CsvReader::Take() {
  const std::string_view record = std::string_view(buffer_).substr(begin_, next_ - begin_);
  if (const std::size_t bad = base::ValidTextPrefix(record); bad < record.size()) {
    const auto in_front = [&](const Piece& piece) { return piece.end < begin_ + bad; };
    pieces_.resize(
        static_cast<std::size_t>(std::ranges::find_if_not(pieces_, in_front) - pieces_.begin()));
    Mistake(begin_ + bad, record[bad] == '\0' ? "a NUL byte, which no text of TQL may have"
                                              : "invalid UTF-8: the byte " +
                                                    base::ShownByte(record[bad], base::kLowerHex));
    return mistake_;
  }
  next_line_ = line_ + static_cast<std::uint64_t>(std::count(record.begin(), record.end(), '\n'));
  fields_.clear();
  for (const Piece& piece : pieces_) {
    char* const text = buffer_.data() + piece.begin;
    std::size_t size = piece.end - piece.begin;
    if (piece.escaped) size = UndoEscapes(csv_, text, size);
    fields_.push_back({{text, size}, piece.quoted});
  }
  return {};
}

}  // namespace tql::shell
