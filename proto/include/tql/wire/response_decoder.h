// Reads the body of an answer to a query or a script while it arrives.
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
// The body is a sequence of ExecuteQueryResponse objects, one a line, or without newlines between
// them, or in arrays. It may be cut into blocks anywhere; keys may come in any order, in snake_case
// or camelCase; unknown ones are skipped. Values are read with the tolerance of json.h; the type of
// a column or of a message that the enum lacks is taken as absent: UNKNOWN, INFO.
//
// Memory: the block last fed, one row or value, and nothing that grows with the table, although
// the line that carries it may be gigabytes long. Rows in the form that servers write are
// recognised in place, at about 1 GB/s.
//
// Thread safety: none; one decoder belongs to one thread.
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

/// What a server may make the decoder hold. More is an error with code kResourceExhausted.
struct DecoderLimits {
  /// Bytes of one row as JSON, and so of one cell.
  std::size_t max_row_bytes = std::size_t{64} << 20;
  /// Bytes of one other value as JSON: a context, a message, all headers, a skipped value.
  std::size_t max_value_bytes = std::size_t{64} << 20;
  /// Cells of one row.
  std::size_t max_columns = 1'000'000;
  /// Objects and arrays within one value.
  int max_depth = 64;
};

class ResponseDecoder {
 public:
  using OutMessage = pb::ExecuteQueryResponse::Result::OutMessage;
  using Progress = pb::ExecuteQueryResponse::Result::Progress;
  using Table = pb::ExecuteQueryResponse::Result::TableResult;

  enum class Event : std::uint8_t {
    kNeedMore,        // Feed or Finish, then go on
    kRequest,         // request(): the statement of a script that this object answers
    kContext,         // context()
    kQuestion,        // question()
    kProgress,        // progress()
    kHeader,          // table(): its headers
    kRow,             // row()
    kMessage,         // message()
    kScriptComplete,  // the server says that the script has ended
    kStatementEnd,    // the end of one response object; complete()
    kEnd,             // the body has ended as it should
    kError,           // status(); every later call returns it again
  };

  explicit ResponseDecoder(const DecoderLimits& limits = {});
  ~ResponseDecoder();
  ResponseDecoder(const ResponseDecoder&) = delete;
  ResponseDecoder& operator=(const ResponseDecoder&) = delete;

  /// The next bytes of the body; any number of them. Normally called after kNeedMore: then the
  /// block is not copied.
  void Feed(std::string block);
  /// No more bytes will come.
  void Finish();

  /// Goes on to the next event. What the accessors return is valid until the next call of Next,
  /// Feed or Finish, and only after the event that it belongs to.
  Event Next();

  /// The cells. A cell that was null is a view with data() == nullptr.
  std::span<const std::string_view> row() const { return {cells_.data(), cell_count_}; }
  const pb::ExecuteQueryRequest& request() const { return response_.request(); }
  const pb::QueryContext& context() const { return response_.result().final_context(); }
  const pb::InteractiveQueryQuestion& question() const {
    return response_.result().interactive_question(0);
  }
  const Progress& progress() const { return response_.result().progress(0); }
  const Table& table() const { return response_.result().table(); }
  const OutMessage& message() const { return response_.result().message(0); }
  /// Whether the object that kStatementEnd ended had "complete":true.
  bool complete() const { return complete_; }
  /// After kError: kInvalidArgument (not JSON, or not an answer), kResourceExhausted (a limit),
  /// kDataLoss (the body ended too early). The place is the offset in the body; the whole body
  /// counts as its line 1.
  const Status& status() const { return status_; }

 private:
  // The container that the decoder is in; everything deeper is one unit.
  enum class Level : std::uint8_t { kArray, kResponse, kResult, kTable, kRows, kElements };
  // What may come next within the container.
  enum class Expect : std::uint8_t { kFirst, kItem, kColon, kValue, kSeparator };
  // What a step through the text came to; kAgain: no event yet.
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
  // Finds the end of a JSON value without looking at what is in it; stops and goes on anywhere.
  struct ValueScanner {
    enum class Result : std::uint8_t { kMore, kDone, kTooDeep };
    Result Scan(std::string_view text, int max_depth);
    std::size_t at = 0;  // from the start of the value
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

  // One whole JSON value at pos_, and goes behind it. kAgain: there it is.
  Step TakeUnit(std::size_t max_bytes, std::string_view* unit);
  // Reads the unit at pos_ into the message and emits the event.
  Step ReadMessage(google::protobuf::Message* message, Event event);

  // What became of a row in the form that servers write.
  enum class FastRow : std::uint8_t { kDone, kIncomplete, kUnusual };
  FastRow ScanRow(std::size_t* end);
  bool TakeFastRow();
  bool UnescapeCells();

  const DecoderLimits limits_;
  std::string block_;
  std::size_t pos_ = 0;   // in block_; what lies before it is done with
  std::size_t base_ = 0;  // offset of block_ in the body
  ValueScanner scanner_;  // of the unit at pos_
  bool finished_ = false;

  std::vector<Frame> frames_;
  Field field_ = Field::kUnknown;           // whose key was read last
  Field elements_field_ = Field::kUnknown;  // whose elements kElements holds
  std::vector<std::string_view> cells_;     // of the widest row so far
  std::size_t cell_count_ = 0;
  std::vector<std::size_t> unusual_cells_;  // those with escapes or bytes beyond ASCII
  std::vector<std::string> scratch_;        // the cells of a row in an unusual form
  pb::ExecuteQueryResponse response_;
  bool complete_ = false;
  Event event_ = Event::kNeedMore;
  Status status_;
};

}  // namespace tql

#endif  // TQL_WIRE_RESPONSE_DECODER_H_
