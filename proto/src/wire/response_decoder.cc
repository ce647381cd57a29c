#include "tql/wire/response_decoder.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "tql/wire/json.h"
#include "tql/wire/utf8.h"
#include "wire/json_reader.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tql {
namespace {

constexpr std::size_t kMaxKeyBytes = 64 * 1024;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool EndsBareValue(char c) { return c == ',' || c == '}' || c == ']' || c == ':' || IsBlank(c); }

/// The closing quote of a string that begins at `at` (behind its opening quote), or npos. Tells
/// whether the string has backslashes or bytes beyond ASCII, and stops at control characters.
struct StringScan {
  std::size_t end = std::string_view::npos;
  bool unusual = false;
  bool control = false;
};

StringScan ScanString(const char* text, std::size_t at, std::size_t size) {
  StringScan scan;
  for (;;) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i last_control = _mm_set1_epi8(0x1F);
    while (size - at >= 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at));
      const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
      const __m128i stop = _mm_or_si128(
          control, _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
      const auto mask = static_cast<unsigned>(_mm_movemask_epi8(stop));
      const auto high = static_cast<unsigned>(_mm_movemask_epi8(bytes));
      if (mask != 0) {
        scan.unusual |= (high & ((mask & -mask) - 1)) != 0;
        at += static_cast<std::size_t>(__builtin_ctz(mask));
        break;
      }
      scan.unusual |= high != 0;
      at += 16;
    }
#endif
    while (at < size) {
      const auto c = static_cast<unsigned char>(text[at]);
      if (c == '"' || c == '\\' || c < 0x20) break;
      scan.unusual |= c >= 0x80;
      ++at;
    }
    if (at >= size) return scan;
    if (text[at] == '"') {
      scan.end = at;
      return scan;
    }
    if (text[at] != '\\') {
      scan.control = true;
      return scan;
    }
    scan.unusual = true;
    at += 2;
    if (at > size) return scan;
  }
}

/// Finds quotes 64 bytes at a time: where the next one is does not depend on the one before, which
/// is what makes rows of short cells fast.
class QuoteFinder {
 public:
  QuoteFinder(const char* text, std::size_t size) : text_(text), size_(size) {}

  /// Looks from `at` on.
  void Start(std::size_t at) {
    base_ = at;
    Load();
  }
  /// The next quote behind plain ASCII; npos when something else comes before it, or the text may
  /// end first.
  std::size_t Next() {
    for (;;) {
      if (quotes_ != 0) {
        const std::uint64_t lowest = quotes_ & (~quotes_ + 1);
        if ((others_ & (lowest - 1)) != 0) return std::string_view::npos;
        quotes_ ^= lowest;
        return base_ + static_cast<std::size_t>(__builtin_ctzll(lowest));
      }
      if (others_ != 0 || !loaded_) return std::string_view::npos;
      base_ += 64;
      Load();
    }
  }

 private:
  void Load() {
    quotes_ = 0;
    others_ = 0;
    loaded_ = false;
#ifdef __SSE2__
    if (size_ < base_ || size_ - base_ < 64) return;
    for (unsigned i = 0; i < 4; ++i) {
      const __m128i bytes =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(text_ + base_ + 16 * i));
      // Signed: control characters and bytes beyond ASCII are both below the blank.
      const __m128i other = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
                                         _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
      const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
      others_ |= std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(other))} << (16 * i);
      quotes_ |= std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(quote))} << (16 * i);
    }
    loaded_ = true;
#endif
  }

  const char* const text_;
  const std::size_t size_;
  std::size_t base_ = 0;
  std::uint64_t quotes_ = 0;  // those not yet given, from base_ on
  std::uint64_t others_ = 0;  // what is no plain ASCII
  bool loaded_ = false;
};

}  // namespace

// ---- The value scanner
// ---------------------------------------------------------------------------

ResponseDecoder::ValueScanner::Result ResponseDecoder::ValueScanner::Scan(std::string_view text,
                                                                          int max_depth) {
  while (at < text.size()) {
    const char c = text[at];
    if (in_string) {
      const StringScan scan = ScanString(text.data(), at, text.size());
      if (scan.control) {  // no JSON; whoever reads the unit says so
        ++at;
        continue;
      }
      if (scan.end == text.npos) {
        // Goes on behind what is surely not the end: not within an escape.
        std::size_t stop = text.size();
        std::size_t backslashes = 0;
        while (stop > at && text[stop - 1] == '\\') --stop, ++backslashes;
        at = backslashes % 2 == 0 ? text.size() : text.size() - 1;
        return Result::kMore;
      }
      at = scan.end + 1;
      in_string = false;
      if (depth == 0) return Result::kDone;
      continue;
    }
    if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > max_depth) return Result::kTooDeep;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return Result::kDone;  // behind a bare value
      if (--depth == 0) {
        ++at;
        return Result::kDone;
      }
    } else if (depth == 0 && EndsBareValue(c)) {
      return Result::kDone;
    }
    ++at;
  }
  return Result::kMore;
}

// ---- Bytes in, events out
// ------------------------------------------------------------------------

ResponseDecoder::ResponseDecoder(const DecoderLimits& limits) : limits_(limits) {}
ResponseDecoder::~ResponseDecoder() = default;

void ResponseDecoder::Feed(std::string block) {
  const std::size_t left = block_.size() - pos_;
  base_ += pos_;
  if (left == 0) {
    block_ = std::move(block);
  } else if (left < block.size()) {
    block.insert(0, block_, pos_, left);
    block_ = std::move(block);
  } else {
    block_.erase(0, pos_);
    block_ += block;
  }
  pos_ = 0;
}

void ResponseDecoder::Finish() { finished_ = true; }

ResponseDecoder::Event ResponseDecoder::Next() {
  if (event_ == Event::kError || event_ == Event::kEnd) return event_;
  // Nearly always: the next row of a table.
  if (event_ == Event::kRow && TakeFastRow()) return event_;
  for (;;) {
    switch (Advance()) {
      case Step::kAgain:
        break;
      case Step::kNeedMore:
        return event_ = Event::kNeedMore;
      case Step::kEvent:
        return event_;
    }
  }
}

ResponseDecoder::Step ResponseDecoder::Emit(Event event) {
  event_ = event;
  return Step::kEvent;
}

ResponseDecoder::Step ResponseDecoder::Fail(StatusCode code, std::size_t pos, std::string message) {
  TextPlace place;
  place.offset = base_ + pos;
  place.column = static_cast<std::uint32_t>(place.offset + 1);
  status_ = Status(
      code, "the answer of the server, byte " + std::to_string(place.offset) + ": " + message,
      place);
  return Emit(Event::kError);
}

ResponseDecoder::Step ResponseDecoder::FailUnexpected(std::string_view expected) {
  wire::JsonReader reader(std::string_view(block_).substr(pos_), 1);
  return Fail(StatusCode::kInvalidArgument, pos_,
              "found " + reader.Found() + ", expected " + std::string(expected));
}

// An error within a unit that begins at `pos`, behind `wrapped` bytes that were put before it.
ResponseDecoder::Step ResponseDecoder::FailIn(std::size_t pos, const Status& status,
                                              std::size_t wrapped) {
  const std::size_t offset = status.place() ? status.place()->offset : 0;
  std::string message = status.message();
  if (const std::size_t colon = message.find(": "); status.place() && colon != message.npos) {
    message.erase(0, colon + 2);  // the line and column within the unit
  }
  return Fail(status.code(), pos + (offset > wrapped ? offset - wrapped : 0), message);
}

ResponseDecoder::Step ResponseDecoder::Advance() {
  while (pos_ < block_.size() && IsBlank(block_[pos_])) ++pos_;
  if (pos_ == block_.size()) {
    if (!finished_) return Step::kNeedMore;
    if (frames_.empty()) return Emit(Event::kEnd);
    return Fail(StatusCode::kDataLoss, pos_, "the answer ends in the middle");
  }
  const char c = block_[pos_];
  if (frames_.empty()) return AdvanceTop(c);
  Frame* frame = &frames_.back();
  switch (frame->level) {
    case Level::kArray:
    case Level::kRows:
    case Level::kElements:
      return AdvanceArray(frame, c);
    case Level::kResponse:
    case Level::kResult:
    case Level::kTable:
      return AdvanceObject(frame, c);
  }
  return Step::kAgain;
}

ResponseDecoder::Step ResponseDecoder::Push(Level level) {
  frames_.push_back({level, Expect::kFirst});
  ++pos_;
  if (level == Level::kResponse) complete_ = false;
  return Step::kAgain;
}

ResponseDecoder::Step ResponseDecoder::Pop() {
  const Level level = frames_.back().level;
  frames_.pop_back();
  ++pos_;
  if (!frames_.empty()) frames_.back().expect = Expect::kSeparator;
  return level == Level::kResponse ? Emit(Event::kStatementEnd) : Step::kAgain;
}

ResponseDecoder::Step ResponseDecoder::AdvanceTop(char c) {
  if (c == '{') return Push(Level::kResponse);
  if (c == '[') return Push(Level::kArray);
  return FailUnexpected("a response object");
}

ResponseDecoder::Step ResponseDecoder::AdvanceArray(Frame* frame, char c) {
  if (c == ']' && frame->expect != Expect::kItem) return Pop();
  if (frame->expect == Expect::kSeparator) {
    if (c != ',') return FailUnexpected("',' or ']'");
    frame->expect = Expect::kItem;
    ++pos_;
    return Step::kAgain;
  }
  if (frame->level == Level::kRows) return ReadRow();
  if (frame->level == Level::kElements) return ReadElement();
  return c == '{' ? Push(Level::kResponse) : FailUnexpected("a response object");
}

ResponseDecoder::Step ResponseDecoder::AdvanceObject(Frame* frame, char c) {
  switch (frame->expect) {
    case Expect::kFirst:
      if (c == '}') return Pop();
      return ReadKey();
    case Expect::kItem:
      return ReadKey();
    case Expect::kColon:
      if (c != ':') return FailUnexpected("':' behind a key");
      frame->expect = Expect::kValue;
      ++pos_;
      return Step::kAgain;
    case Expect::kValue:
      return ReadValue(c);
    case Expect::kSeparator:
      if (c == '}') return Pop();
      if (c != ',') return FailUnexpected("',' or '}'");
      frame->expect = Expect::kItem;
      ++pos_;
      return Step::kAgain;
  }
  return Step::kAgain;
}

ResponseDecoder::Step ResponseDecoder::ReadKey() {
  if (block_[pos_] != '"') return FailUnexpected("a key in double quotes");
  std::string_view unit;
  const std::size_t start = pos_;
  if (const Step step = TakeUnit(kMaxKeyBytes, &unit); step != Step::kAgain) return step;
  std::string key;
  wire::JsonReader reader(unit, limits_.max_depth);
  if (!reader.ReadString(&key)) return FailIn(start, reader.status());

  struct Known {
    Level level;
    std::string_view name;
    Field field;
  };
  static constexpr Known kKnown[] = {
      {Level::kResponse, "request", Field::kRequest},
      {Level::kResponse, "script_complete", Field::kScriptComplete},
      {Level::kResponse, "scriptComplete", Field::kScriptComplete},
      {Level::kResponse, "result", Field::kResult},
      {Level::kResult, "final_context", Field::kContext},
      {Level::kResult, "finalContext", Field::kContext},
      {Level::kResult, "interactive_question", Field::kQuestions},
      {Level::kResult, "interactiveQuestion", Field::kQuestions},
      {Level::kResult, "progress", Field::kProgress},
      {Level::kResult, "table", Field::kTable},
      {Level::kResult, "message", Field::kMessages},
      {Level::kResult, "complete", Field::kComplete},
      {Level::kTable, "headers", Field::kHeaders},
      {Level::kTable, "rows", Field::kRows},
  };
  field_ = Field::kUnknown;
  for (const Known& known : kKnown) {
    if (known.level == frames_.back().level && known.name == key) field_ = known.field;
  }
  frames_.back().expect = Expect::kColon;
  return Step::kAgain;
}

ResponseDecoder::Step ResponseDecoder::TakeUnit(std::size_t max_bytes, std::string_view* unit) {
  const std::string_view rest = std::string_view(block_).substr(pos_);
  const ValueScanner::Result result = scanner_.Scan(rest, limits_.max_depth);
  if (result == ValueScanner::Result::kTooDeep) {
    return Fail(
        StatusCode::kResourceExhausted, pos_ + scanner_.at,
        "more than " + std::to_string(limits_.max_depth) + " objects and arrays within each other");
  }
  if (scanner_.at > max_bytes) {
    return Fail(StatusCode::kResourceExhausted, pos_,
                "a value has more than " + std::to_string(max_bytes) + " bytes");
  }
  // Every value stands in an object or array, whose end is still to come.
  if (result == ValueScanner::Result::kMore) {
    if (!finished_) return Step::kNeedMore;
    return Fail(StatusCode::kDataLoss, block_.size(), "the answer ends in the middle");
  }
  if (scanner_.at == 0) return FailUnexpected("a value");
  *unit = rest.substr(0, scanner_.at);
  pos_ += scanner_.at;
  scanner_ = ValueScanner();
  return Step::kAgain;
}

ResponseDecoder::Step ResponseDecoder::ReadMessage(google::protobuf::Message* message,
                                                   Event event) {
  std::string_view unit;
  const std::size_t start = pos_;
  if (const Step step = TakeUnit(limits_.max_value_bytes, &unit); step != Step::kAgain) return step;
  JsonLimits limits;
  limits.max_bytes = limits_.max_value_bytes;
  limits.max_depth = limits_.max_depth;
  if (const Status status = FromJson(unit, message, limits); !status.ok()) {
    return FailIn(start, status);
  }
  return Emit(event);
}

ResponseDecoder::Step ResponseDecoder::ReadValue(char c) {
  Frame& frame = frames_.back();
  switch (field_) {
    case Field::kResult:
      if (c == '{') return Push(Level::kResult);
      break;
    case Field::kTable:
      if (c == '{') return Push(Level::kTable);
      break;
    case Field::kRows:
      if (c == '[') return Push(Level::kRows);
      break;
    case Field::kQuestions:
    case Field::kProgress:
    case Field::kMessages:
      elements_field_ = field_;
      if (c == '[') return Push(Level::kElements);
      break;
    default:
      break;
  }
  std::string_view unit;
  const std::size_t start = pos_;
  if (c != 'n' && (field_ == Field::kRequest || field_ == Field::kContext)) {
    google::protobuf::Message* message =
        field_ == Field::kRequest
            ? static_cast<google::protobuf::Message*>(response_.mutable_request())
            : response_.mutable_result()->mutable_final_context();
    const Step step =
        ReadMessage(message, field_ == Field::kRequest ? Event::kRequest : Event::kContext);
    if (step == Step::kEvent) frame.expect = Expect::kSeparator;
    return step;
  }
  if (const Step step = TakeUnit(limits_.max_value_bytes, &unit); step != Step::kAgain) return step;
  frame.expect = Expect::kSeparator;
  if (unit == "null") return Step::kAgain;
  switch (field_) {
    case Field::kUnknown:
      return SkipUnit(unit);
    case Field::kScriptComplete:
    case Field::kComplete:
      return ReadFlag(unit);
    case Field::kHeaders:
      return ReadHeaders(unit);
    default:
      pos_ = start;
      return FailUnexpected(field_ == Field::kResult || field_ == Field::kTable ? "an object"
                                                                                : "an array");
  }
}

ResponseDecoder::Step ResponseDecoder::SkipUnit(std::string_view unit) {
  wire::JsonReader reader(unit, limits_.max_depth);
  if (reader.SkipValue() && reader.AtEnd()) return Step::kAgain;
  if (reader.status().ok()) reader.FailExpected("the end of the value");
  return FailIn(pos_ - unit.size(), reader.status());
}

ResponseDecoder::Step ResponseDecoder::ReadFlag(std::string_view unit) {
  const bool is_true = unit == "true" || unit == "\"true\"";
  if (!is_true && unit != "false" && unit != "\"false\"") {
    pos_ -= unit.size();
    return FailUnexpected("true or false");
  }
  if (field_ == Field::kScriptComplete) {
    return is_true ? Emit(Event::kScriptComplete) : Step::kAgain;
  }
  complete_ = is_true;
  return Step::kAgain;
}

ResponseDecoder::Step ResponseDecoder::ReadHeaders(std::string_view unit) {
  constexpr std::string_view kBefore = "{\"headers\":";
  std::string object(kBefore);
  object += unit;
  object += '}';
  JsonLimits limits;
  limits.max_bytes = object.size();
  limits.max_depth = limits_.max_depth + 1;
  Table* table = response_.mutable_result()->mutable_table();
  const Status status = FromJson(object, table, limits);
  if (!status.ok()) return FailIn(pos_ - unit.size(), status, kBefore.size());
  if (static_cast<std::size_t>(table->headers_size()) > limits_.max_columns) {
    return Fail(StatusCode::kResourceExhausted, pos_,
                "more than " + std::to_string(limits_.max_columns) + " columns");
  }
  return Emit(Event::kHeader);
}

ResponseDecoder::Step ResponseDecoder::ReadElement() {
  auto& result = *response_.mutable_result();
  Step step = Step::kAgain;
  switch (elements_field_) {
    case Field::kQuestions:
      result.clear_interactive_question();
      step = ReadMessage(result.add_interactive_question(), Event::kQuestion);
      break;
    case Field::kProgress:
      result.clear_progress();
      step = ReadMessage(result.add_progress(), Event::kProgress);
      break;
    default:
      result.clear_message();
      step = ReadMessage(result.add_message(), Event::kMessage);
      break;
  }
  if (step == Step::kEvent) frames_.back().expect = Expect::kSeparator;
  return step;
}

// ---- Rows
// ----------------------------------------------------------------------------------------

ResponseDecoder::Step ResponseDecoder::ReadRow() {
  // A row that an earlier block began is looked at again only when all of it is there.
  if (scanner_.at == 0) {
    std::size_t end = 0;
    switch (ScanRow(&end)) {
      case FastRow::kDone:
        if (end - pos_ > limits_.max_row_bytes) break;  // the scanner below says so
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

// From behind one row over the comma to the end of the next, when nothing is unusual about it.
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

// Recognises {"v":["…","…"]} at pos_ and notes its cells as they stand, still escaped.
ResponseDecoder::FastRow ResponseDecoder::ScanRow(std::size_t* end) {
  constexpr std::string_view kStart = "{\"v\":[\"";
  const char* const text = block_.data();
  const std::size_t size = block_.size();
  cell_count_ = 0;
  unusual_cells_.clear();
  if (size - pos_ < kStart.size()) return FastRow::kIncomplete;
  if (std::memcmp(text + pos_, kStart.data(), kStart.size()) != 0) return FastRow::kUnusual;
  std::string_view* cells = cells_.data();
  std::size_t room = cells_.size();
  std::size_t count = 0;
  std::size_t at = pos_ + kStart.size();
  QuoteFinder finder(text, size);
  finder.Start(at);
  bool in_step = true;  // the finder stands in the cell at `at`
  for (;;) {
    bool unusual = false;
    if (!in_step) finder.Start(at);
    std::size_t close = finder.Next();
    in_step = close != std::string_view::npos;
    if (!in_step) {
      const StringScan scan = ScanString(text, at, size);
      if (scan.control) return FastRow::kUnusual;
      close = scan.end;
      unusual = scan.unusual;
    }
    if (close == std::string_view::npos || size - close < 3) return FastRow::kIncomplete;
    if (count == room) {
      if (count == limits_.max_columns) return FastRow::kUnusual;
      room = std::min(limits_.max_columns, std::max<std::size_t>(16, 2 * count));
      cells_.resize(room);
      cells = cells_.data();
    }
    if (unusual) unusual_cells_.push_back(count);
    cells[count++] = {text + at, close - at};
    if (text[close + 1] == ',' && text[close + 2] == '"') {
      at = close + 3;
      in_step = in_step && finder.Next() == close + 2;
    } else if (text[close + 1] == ']' && text[close + 2] == '}') {
      cell_count_ = count;
      *end = close + 3;
      return FastRow::kDone;
    } else {
      return FastRow::kUnusual;
    }
  }
}

namespace {

/// Four hexadecimal digits; -1 when they are none.
std::int32_t HexUnit(const char* at, const char* end) {
  if (end - at < 4) return -1;
  std::int32_t unit = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

char* PutUtf8(char32_t c, char* out) {
  std::string bytes;
  AppendUtf8(c, &bytes);
  for (const char byte : bytes) *out++ = byte;
  return out;
}

/// Takes the escape at `at` (a backslash) and writes what it stands for, which is never longer.
bool Unescape(const char*& at, const char* end, char*& out) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  const char c = at[1];
  if (c != 'u') {
    const std::size_t i = kLetters.find(c);
    if (i == kLetters.npos) return false;
    *out++ = kValues[i];
    at += 2;
    return true;
  }
  const std::int32_t unit = HexUnit(at + 2, end);
  if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) return false;
  at += 6;
  if (unit < 0xD800 || unit > 0xDFFF) {
    out = PutUtf8(static_cast<char32_t>(unit), out);
    return true;
  }
  if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return false;
  const std::int32_t low = HexUnit(at + 2, end);
  if (low < 0xDC00 || low > 0xDFFF) return false;
  at += 6;
  out = PutUtf8(
      0x10000 + static_cast<char32_t>((unit - 0xD800) << 10) + static_cast<char32_t>(low - 0xDC00),
      out);
  return true;
}

}  // namespace

// False: Fail was called.
bool ResponseDecoder::UnescapeCells() {
  for (const std::size_t index : unusual_cells_) {
    const std::string_view raw = cells_[index];
    const auto pos = static_cast<std::size_t>(raw.data() - block_.data());
    const std::size_t valid = ValidUtf8Prefix(raw);
    if (valid != raw.size()) {
      Fail(StatusCode::kInvalidArgument, pos + valid, "found bytes that are no UTF-8");
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
      if (stop != nullptr && !Unescape(at, end, out)) {
        Fail(StatusCode::kInvalidArgument, static_cast<std::size_t>(at - block_.data()),
             "found an escape that is none");
        return false;
      }
    }
    cells_[index] = {raw.data(), static_cast<std::size_t>(out - raw.data())};
  }
  return true;
}

// A row with other keys, blanks, or cells that are no strings.
ResponseDecoder::Step ResponseDecoder::ReadGenericRow(std::string_view unit) {
  const std::size_t start = pos_ - unit.size();
  wire::JsonReader in(unit, limits_.max_depth);
  std::vector<bool> nulls;
  scratch_.clear();
  std::string key;
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
        if (!in.ReadString(&key) || !in.Expect(':', "behind a key")) return false;
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
      if (!in.ReadString(&key) || !in.Expect(':', "behind a key")) return false;
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
