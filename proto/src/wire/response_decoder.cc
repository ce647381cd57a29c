#include "tql/wire/response_decoder.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "proto/base/utf8.h"
#include "tql/wire/json.h"
#include "wire/json_reader.h"
#include "wire/plain_cells.h"
#include "wire/string_scan.h"

namespace tql {
namespace {

// Keys are buffered until they are complete, so their size is limited.
constexpr std::size_t kMaxKeyBytes = 64 * 1024;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool EndsBareValue(char c) { return c == ',' || c == '}' || c == ']' || c == ':' || IsBlank(c); }

}  // namespace

// Finding the end of a value.

ResponseDecoder::ValueScanner::Result ResponseDecoder::ValueScanner::Scan(std::string_view text,
                                                                          int max_depth) {
  while (at < text.size()) {
    const char c = text[at];
    if (in_string) {
      const wire::StringScan scan = wire::ScanString(text.data(), at, text.size());
      if (scan.control) {  // not JSON; the parser of the unit reports it
        ++at;
        continue;
      }
      if (scan.end == text.npos) {
        // The string continues in the next block. Resume at its start, or at the backslash if an
        // escape sequence is split between the blocks.
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
      if (depth == 0) return Result::kDone;  // the end of a bare value (number, true, null, …)
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

// The state machine over the containers.

ResponseDecoder::ResponseDecoder(const DecoderLimits& limits)
    : limits_(limits), find_plain_cells_(wire::PlainCellFinders().back()) {}
ResponseDecoder::~ResponseDecoder() = default;

// Moves the unread bytes in front of the new block, copying the shorter of the two.
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
  // The common case: the next row of a table.
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

// The error has a position in the body, not in block_.
ResponseDecoder::Step ResponseDecoder::Fail(StatusCode code, std::size_t pos, std::string message) {
  TextPlace place;
  place.offset = base_ + pos;
  place.column = static_cast<std::uint32_t>(place.offset + 1);
  status_ = Status(
      code, "the server's response, byte " + std::to_string(place.offset) + ": " + message, place);
  return Emit(Event::kError);
}

ResponseDecoder::Step ResponseDecoder::FailUnexpected(std::string_view expected) {
  wire::JsonReader reader(std::string_view(block_).substr(pos_), 1);
  return Fail(StatusCode::kInvalidArgument, pos_,
              "found " + reader.Found() + ", expected " + std::string(expected));
}

// Reports an error of the parser of a unit that starts at `pos`. `wrapped` bytes were prepended to
// the unit before it was parsed.
ResponseDecoder::Step ResponseDecoder::FailIn(std::size_t pos, const Status& status,
                                              std::size_t wrapped) {
  const std::size_t offset = status.place() ? status.place()->offset : 0;
  std::string message = status.message();
  if (const std::size_t colon = message.find(": "); status.place() && colon != message.npos) {
    message.erase(0, colon + 2);  // the line and column are relative to the unit
  }
  return Fail(status.code(), pos + (offset > wrapped ? offset - wrapped : 0), message);
}

// Handles the next token of the innermost container. Every token moves pos_ or ends with an event,
// so that parsing can resume here after kNeedMore.
ResponseDecoder::Step ResponseDecoder::Advance() {
  while (pos_ < block_.size() && IsBlank(block_[pos_])) ++pos_;
  if (pos_ == block_.size()) {
    if (!finished_) return Step::kNeedMore;
    if (frames_.empty()) return Emit(Event::kEnd);
    return Fail(StatusCode::kDataLoss, pos_, "the response is truncated");
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
      if (c != ':') return FailUnexpected("':' after a key");
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
  // The same key can occur at several levels, so the level is part of the lookup.
  field_ = Field::kUnknown;
  for (const Known& known : kKnown) {
    if (known.level == frames_.back().level && known.name == key) field_ = known.field;
  }
  frames_.back().expect = Expect::kColon;
  return Step::kAgain;
}

// The scanner keeps its state between calls, so a unit that arrives in many blocks is scanned once.
ResponseDecoder::Step ResponseDecoder::TakeUnit(std::size_t max_bytes, std::string_view* unit) {
  const std::string_view rest = std::string_view(block_).substr(pos_);
  const ValueScanner::Result result = scanner_.Scan(rest, limits_.max_depth);
  if (result == ValueScanner::Result::kTooDeep) {
    return Fail(StatusCode::kResourceExhausted, pos_ + scanner_.at,
                "more than " + std::to_string(limits_.max_depth) + " nested objects and arrays");
  }
  if (scanner_.at > max_bytes) {
    return Fail(StatusCode::kResourceExhausted, pos_,
                "a value has more than " + std::to_string(max_bytes) + " bytes");
  }
  // Every value is inside an object or array, so the body cannot end here.
  if (result == ValueScanner::Result::kMore) {
    if (!finished_) return Step::kNeedMore;
    return Fail(StatusCode::kDataLoss, block_.size(), "the response is truncated");
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
  JsonLimits limits;  // the same as for the scan above
  limits.max_bytes = limits_.max_value_bytes;
  limits.max_depth = limits_.max_depth;
  limits.skip_unknown_enum_values = true;
  if (const Status status = FromJson(unit, message, limits); !status.ok()) {
    return FailIn(start, status);
  }
  return Emit(event);
}

// Enters a container of the response, or parses any other value as one unit.
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
  if (unit == "null") return Step::kAgain;  // an absent value
  switch (field_) {
    case Field::kUnknown:
      return SkipUnit(unit);
    case Field::kScriptComplete:
    case Field::kComplete:
      return ReadFlag(unit);
    case Field::kHeaders:
      return ReadHeaders(unit);
    default:  // a scalar where a container is required
      pos_ = start;
      return FailUnexpected(field_ == Field::kResult || field_ == Field::kTable ? "an object"
                                                                                : "an array");
  }
}

// Checks the syntax of a value that is not needed: ValueScanner only found its end.
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

// Wraps the array of headers in an object, so that it can be parsed as a TableResult.
ResponseDecoder::Step ResponseDecoder::ReadHeaders(std::string_view unit) {
  constexpr std::string_view kBefore = "{\"headers\":";
  std::string object(kBefore);
  object += unit;
  object += '}';
  JsonLimits limits;
  limits.max_bytes = object.size();
  limits.max_depth = limits_.max_depth + 1;
  limits.skip_unknown_enum_values = true;
  Table* table = response_.mutable_result()->mutable_table();
  const Status status = FromJson(object, table, limits);
  if (!status.ok()) return FailIn(pos_ - unit.size(), status, kBefore.size());
  if (static_cast<std::size_t>(table->headers_size()) > limits_.max_columns) {
    return Fail(StatusCode::kResourceExhausted, pos_,
                "more than " + std::to_string(limits_.max_columns) + " columns");
  }
  return Emit(Event::kHeader);
}

// Parses one question, progress or message. The accessors return element 0, so the previous element
// is removed first.
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

}  // namespace tql
