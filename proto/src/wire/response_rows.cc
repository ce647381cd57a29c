// The row parsers of ResponseDecoder: a fast path that parses {"v":["…","…"]} in place, and a
// generic path for every other form of a row.
#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "proto/base/utf8.h"
#include "tql/wire/response_decoder.h"
#include "wire/json_escape.h"
#include "wire/json_reader.h"
#include "wire/plain_cells.h"
#include "wire/string_scan.h"

namespace tql {
namespace {

char* PutUtf8(char32_t c, char* out) {
  std::string bytes;
  base::AppendUtf8(c, &bytes);
  return std::ranges::copy(bytes, out).out;
}

}  // namespace

ResponseDecoder::Step ResponseDecoder::ReadRow() {
  // If a row is split between blocks, find its end first; otherwise each block would parse it from
  // its start again.
  if (scanner_.at == 0) {
    std::size_t end = 0;
    switch (ScanRow(&end)) {
      case FastRow::kDone:
        if (end - pos_ > limits_.max_row_bytes) break;  // TakeUnit reports the error
        if (!UnescapeCells()) return Step::kEvent;
        pos_ = end;
        frames_.back().expect = Expect::kSeparator;
        return Emit(Event::kRow);
      case FastRow::kIncomplete:
      case FastRow::kUnusual:
        break;
    }
  }
  std::string_view unit;
  const std::size_t start = pos_;
  if (const Step step = TakeUnit(limits_.max_row_bytes, &unit); step != Step::kAgain) return step;
  frames_.back().expect = Expect::kSeparator;
  // The whole row is in block_ now, so the fast path can parse it, if it has the usual form.
  const std::size_t behind = std::exchange(pos_, start);
  std::size_t end = 0;
  if (ScanRow(&end) == FastRow::kDone && end == behind) {
    if (!UnescapeCells()) return Step::kEvent;
    pos_ = behind;
    return Emit(Event::kRow);
  }
  pos_ = behind;
  return ReadGenericRow(unit);
}

// Parses the comma after a row and the next row, if the fast path can handle it. Returns whether an
// event was produced.
bool ResponseDecoder::TakeFastRow() {
  Frame& frame = frames_.back();
  const std::size_t start = pos_;
  if (frame.level != Level::kRows || frame.expect != Expect::kSeparator || scanner_.at != 0 ||
      pos_ == block_.size() || block_[pos_] != ',') {
    return false;
  }
  ++pos_;
  std::size_t end = 0;
  if (ScanRow(&end) != FastRow::kDone || end - pos_ > limits_.max_row_bytes) {
    pos_ = start;
    return false;
  }
  if (UnescapeCells()) pos_ = end;
  return true;
}

// Parses {"v":["…","…"]} at pos_ and sets cells_ to its cells, still escaped.
ResponseDecoder::FastRow ResponseDecoder::ScanRow(std::size_t* end) {
  constexpr std::string_view kStart = "{\"v\":[\"";
  const char* const text = block_.data();
  const std::size_t size = block_.size();
  cell_count_ = 0;
  unusual_cells_.clear();
  if (size - pos_ < kStart.size()) return FastRow::kIncomplete;
  if (std::memcmp(text + pos_, kStart.data(), kStart.size()) != 0) return FastRow::kUnusual;
  std::size_t at = pos_ + kStart.size();
  for (;;) {
    const wire::PlainCells plain =
        find_plain_cells_(block_, at, std::span(cells_).subspan(cell_count_));
    cell_count_ += plain.count;
    if (plain.end != wire::PlainCells::End::kOther && cell_count_ == cells_.size()) {
      // A wider row than any before.
      if (cells_.size() == limits_.max_columns) return FastRow::kUnusual;
      cells_.resize(std::min(limits_.max_columns, std::max<std::size_t>(16, 2 * cell_count_)));
      at = plain.at;
      continue;
    }
    std::size_t close = plain.at;
    if (plain.end == wire::PlainCells::End::kNotPlain) {
      const wire::StringScan scan = wire::ScanString(text, plain.at, size);
      if (scan.control) return FastRow::kUnusual;
      if (scan.end == std::string_view::npos) return FastRow::kIncomplete;
      close = scan.end;
      if (scan.unusual) unusual_cells_.push_back(cell_count_);
      cells_[cell_count_++] = {text + plain.at, close - plain.at};
    }
    if (size - close < 3) return FastRow::kIncomplete;
    if (text[close + 1] == ',' && text[close + 2] == '"') {
      at = close + 3;
    } else if (text[close + 1] == ']' && text[close + 2] == '}') {
      *end = close + 3;
      return FastRow::kDone;
    } else {
      return FastRow::kUnusual;
    }
  }
}

// Unescapes the cells of the row within block_; an unescaped cell is never longer. Returns false if
// it called Fail.
bool ResponseDecoder::UnescapeCells() {
  for (const std::size_t index : unusual_cells_) {
    const std::string_view raw = cells_[index];
    const auto pos = static_cast<std::size_t>(raw.data() - block_.data());
    const std::size_t valid = base::ValidUtf8Prefix(raw);
    if (valid != raw.size()) {
      Fail(StatusCode::kInvalidArgument, pos + valid, "found invalid UTF-8");
      return false;
    }
    const char* at = raw.data();
    const char* const end = at + raw.size();
    char* out = block_.data() + pos;
    while (at != end) {
      const auto* stop =
          static_cast<const char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)));
      const auto plain = static_cast<std::size_t>((stop == nullptr ? end : stop) - at);
      if (out != at) std::memmove(out, at, plain);
      out += plain;
      at += plain;
      if (stop == nullptr) break;
      const wire::JsonEscape escape =
          wire::ReadJsonEscape({at, static_cast<std::size_t>(end - at)});
      if (escape.error != wire::JsonEscape::Error::kNone) {
        Fail(StatusCode::kInvalidArgument, static_cast<std::size_t>(at - block_.data()),
             "found an invalid escape sequence");
        return false;
      }
      out = PutUtf8(escape.code_point, out);  // never longer than the escape
      at += escape.length;
    }
    cells_[index] = {raw.data(), static_cast<std::size_t>(out - raw.data())};
  }
  return true;
}

// Parses a row with other keys, with whitespace, or with cells that are not strings.
ResponseDecoder::Step ResponseDecoder::ReadGenericRow(std::string_view unit) {
  const std::size_t start = pos_ - unit.size();
  wire::JsonReader in(unit, limits_.max_depth);
  std::vector<bool> nulls;  // which cells are null
  scratch_.clear();
  std::string key;
  // A cell is a string, {"s":"x"}, null, or a bare value, which becomes its text.
  const auto read_cell = [&]() -> bool {
    std::string& cell = scratch_.emplace_back();
    nulls.push_back(in.Peek() == 'n');
    if (scratch_.size() > limits_.max_columns) return in.Fail("too many cells");
    if (in.Peek() == '"') return in.ReadString(&cell);
    if (in.Peek() == '{') {
      if (!in.Enter()) return false;
      in.Take('{');
      bool more = !in.Take('}');
      while (more) {
        if (!in.ReadString(&key) || !in.Expect(':', "after a key")) return false;
        if (!(key == "s" && in.Peek() == '"' ? in.ReadString(&cell) : in.SkipValue())) return false;
        more = !in.Take('}');
        if (more && !in.Take(',')) return in.FailExpected("',' or '}'");
      }
      in.Leave();
      return true;
    }
    if (in.Peek() == '[') return in.FailExpected("a cell");
    const std::size_t from = in.offset();
    if (!in.SkipValue()) return false;
    if (!nulls.back()) cell = unit.substr(from, in.offset() - from);
    return true;
  };
  // The value of "v". If the key is repeated, the last value applies.
  const auto read_cells = [&]() -> bool {
    scratch_.clear();
    nulls.clear();
    if (in.Peek() == 'n') return in.SkipValue();
    if (!in.Expect('[', "before the cells")) return false;
    if (in.Take(']')) return true;
    for (;;) {
      if (!read_cell()) return false;
      if (in.Take(']')) return true;
      if (!in.Take(',')) return in.FailExpected("',' or ']'");
    }
  };
  const auto read_row = [&]() -> bool {
    if (!in.Expect('{', "before a row")) return false;
    if (in.Take('}')) return in.AtEnd() || in.FailExpected("the end of the row");
    for (;;) {
      if (!in.ReadString(&key) || !in.Expect(':', "after a key")) return false;
      if (!(key == "v" ? read_cells() : in.SkipValue())) return false;
      if (in.Take('}')) return in.AtEnd() || in.FailExpected("the end of the row");
      if (!in.Take(',')) return in.FailExpected("',' or '}'");
    }
  };
  if (!read_row()) {
    const bool many = scratch_.size() > limits_.max_columns;
    return many ? Fail(StatusCode::kResourceExhausted, start,
                       "a row has more than " + std::to_string(limits_.max_columns) + " cells")
                : FailIn(start, in.status());
  }
  cell_count_ = scratch_.size();
  if (cells_.size() < cell_count_) cells_.resize(cell_count_);
  for (std::size_t i = 0; i < cell_count_; ++i) {
    cells_[i] = nulls[i] ? std::string_view() : std::string_view(scratch_[i]);
  }
  return Emit(Event::kRow);
}

}  // namespace tql
