// Incremental parser for the body of a response to a query or script.
//
//   ResponseDecoder decoder;
//   for (;;) {
//     switch (decoder.Next()) {
//       case ResponseDecoder::Event::kNeedMore:
//         if (read(&block)) decoder.Feed(std::move(block)); else decoder.Finish();
//         break;
//       case ResponseDecoder::Event::kRow: use(decoder.row()); break;
//       case ResponseDecoder::Event::kEnd: return;
//       …
//
// The body is a sequence of ExecuteQueryResponse objects: one per line, without separators, or in
// arrays. It may be split into blocks at any byte. Keys may come in any order, in snake_case or
// camelCase; unknown keys are skipped. Values are parsed as leniently as by FromJson (json.h). An
// unknown type of a column or message is treated as absent, i.e. as UNKNOWN or INFO.
//
// Memory: the decoder holds the last block and one row or value. Its memory does not grow with the
// table, although one line of JSON carries the whole table and may be gigabytes long. Rows in the
// form that servers write are parsed in place, at about 1 GB/s.
//
// Thread safety: one thread.
#ifndef TQL_WIRE_RESPONSE_DECODER_H_
#define TQL_WIRE_RESPONSE_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tql/status.h"
#include "tql/wire/messages.h"

namespace tql {

namespace wire {
struct PlainCells;
}

/// Limits on the memory that a server can make the decoder use. Exceeding one is an error with code
/// kResourceExhausted.
struct DecoderLimits {
  /// Maximum size of one row as JSON, in bytes; this also limits one cell.
  std::size_t max_row_bytes = std::size_t{64} << 20;
  /// Maximum size of any other value as JSON, in bytes: a context, a message, all headers, a value
  /// that is skipped.
  std::size_t max_value_bytes = std::size_t{64} << 20;
  /// Maximum number of cells of a row.
  std::size_t max_columns = 1'000'000;
  /// Maximum nesting depth of objects and arrays within one value.
  int max_depth = 64;
};

/// A pull parser: Next() returns one event at a time, and kNeedMore when it needs another block.
class ResponseDecoder {
 public:
  using OutMessage = pb::ExecuteQueryResponse::Result::OutMessage;
  using Progress = pb::ExecuteQueryResponse::Result::Progress;
  using Table = pb::ExecuteQueryResponse::Result::TableResult;

  enum class Event : std::uint8_t {
    kNeedMore,        // call Feed or Finish, then Next
    kRequest,         // request(): the statement of the script that this object responds to
    kContext,         // context()
    kQuestion,        // question()
    kProgress,        // progress()
    kHeader,          // table(): its headers
    kRow,             // row()
    kMessage,         // message()
    kScriptComplete,  // the script has ended
    kStatementEnd,    // the end of one response object; see complete()
    kEnd,             // the end of a complete body
    kError,           // status(); every later call returns kError again
  };

  explicit ResponseDecoder(const DecoderLimits& limits = {});
  ~ResponseDecoder();
  ResponseDecoder(const ResponseDecoder&) = delete;
  ResponseDecoder& operator=(const ResponseDecoder&) = delete;

  /// Adds the next block of the body, of any size. After kNeedMore the block is usually not copied;
  /// at other times it is appended to the unread bytes.
  void Feed(std::string block);
  /// Declares the end of the body.
  void Finish();

  /// Returns the next event. The result of the accessor that belongs to the event is valid until
  /// the next call of Next, Feed or Finish.
  Event Next();

  /// The cells of the row. A null cell is a view with data() == nullptr.
  std::span<const std::string_view> row() const { return {cells_.data(), cell_count_}; }
  const pb::ExecuteQueryRequest& request() const { return response_.request(); }
  const pb::QueryContext& context() const { return response_.result().final_context(); }
  const pb::InteractiveQueryQuestion& question() const {
    return response_.result().interactive_question(0);
  }
  const Progress& progress() const { return response_.result().progress(0); }
  const Table& table() const { return response_.result().table(); }
  const OutMessage& message() const { return response_.result().message(0); }
  /// After kStatementEnd: whether the object had "complete":true.
  bool complete() const { return complete_; }
  /// After kError: kInvalidArgument (not JSON, or not a response), kResourceExhausted (a limit),
  /// kDataLoss (a truncated body). Its position is the byte offset in the body; the whole body
  /// counts as line 1.
  const Status& status() const { return status_; }

 private:
  // The kinds of containers that are parsed step by step. Any other value is buffered until it is
  // complete and parsed as one unit.
  enum class Level : std::uint8_t { kArray, kResponse, kResult, kTable, kRows, kElements };
  // The tokens that may follow within the container.
  enum class Expect : std::uint8_t { kFirst, kItem, kColon, kValue, kSeparator };
  // The result of one parsing step. kAgain: no event yet, continue.
  enum class Step : std::uint8_t { kAgain, kNeedMore, kEvent };
  enum class Field : std::uint8_t {
    kUnknown,
    kRequest,
    kScriptComplete,
    kResult,
    kContext,
    kQuestions,
    kProgress,
    kTable,
    kMessages,
    kComplete,
    kHeaders,
    kRows
  };

  struct Frame {
    Level level;
    Expect expect;
  };
  // Finds the end of a JSON value without parsing its contents. Can be suspended at any byte and
  // resumed with more text.
  struct ValueScanner {
    enum class Result : std::uint8_t { kMore, kDone, kTooDeep };
    Result Scan(std::string_view text, int max_depth);
    std::size_t at = 0;  // offset from the start of the value
    int depth = 0;
    bool in_string = false;
  };

  Step Advance();
  Step AdvanceTop(char c);
  Step AdvanceArray(Frame* frame, char c);
  Step AdvanceObject(Frame* frame, char c);
  Step ReadKey();
  Step ReadValue(char c);
  Step ReadElement();
  Step ReadRow();
  Step ReadGenericRow(std::string_view unit);
  Step ReadHeaders(std::string_view unit);
  Step ReadFlag(std::string_view unit);
  Step SkipUnit(std::string_view unit);
  Step Push(Level level);
  Step Pop();
  Step Emit(Event event);
  Step Fail(StatusCode code, std::size_t pos, std::string message);
  Step FailUnexpected(std::string_view expected);
  Step FailIn(std::size_t pos, const Status& status, std::size_t wrapped = 0);

  // Sets *unit to the complete JSON value at pos_ and moves pos_ to its end. kAgain: success.
  Step TakeUnit(std::size_t max_bytes, std::string_view* unit);
  // Parses the unit at pos_ into the message and emits the event.
  Step ReadMessage(google::protobuf::Message* message, Event event);

  // The result of parsing a row with the fast path, which only handles the form that servers write.
  enum class FastRow : std::uint8_t { kDone, kIncomplete, kUnusual };
  FastRow ScanRow(std::size_t* end);
  bool TakeFastRow();
  bool UnescapeCells();

  const DecoderLimits limits_;
  wire::PlainCells (*const find_plain_cells_)(std::string_view text, std::size_t at,
                                              std::span<std::string_view> cells);
  std::string block_;
  std::size_t pos_ = 0;   // offset in block_ of the first byte that is not consumed
  std::size_t base_ = 0;  // offset of block_ in the body
  ValueScanner scanner_;  // state of the scan for the end of the unit at pos_
  bool finished_ = false;

  std::vector<Frame> frames_;
  Field field_ = Field::kUnknown;           // the field of the last key
  Field elements_field_ = Field::kUnknown;  // the field of the array at Level::kElements
  std::vector<std::string_view> cells_;     // sized for the widest row so far
  std::size_t cell_count_ = 0;
  std::vector<std::size_t> unusual_cells_;  // indexes of cells with escapes or non-ASCII bytes
  std::vector<std::string> scratch_;        // the cells of a row that the generic path parsed
  pb::ExecuteQueryResponse response_;
  bool complete_ = false;
  Event event_ = Event::kNeedMore;
  Status status_;
};

}  // namespace tql

#endif  // TQL_WIRE_RESPONSE_DECODER_H_
