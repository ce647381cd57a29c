// The answer to one statement as one line of JSON, written piece by piece.
//
// A table of any size is one line, so the line is never built in memory: each call appends to a
// buffer that the caller sends and clears between calls whenever it likes.
//
//   ResponseLineWriter line(&buffer);
//   line.Begin();
//   line.Context(context);
//   line.Header(header_json);
//   while (…) { line.Row(cells); if (buffer.size() >= kChunk) { send(buffer); buffer.clear(); } }
//   line.Message(pb::…::INFO, "Statement executed successfully. \n");
//   line.Complete();
//   line.End();
//
// Order: Begin, then Context, Question, Progress, Header, Row, Message, Complete, End. Each may be
// left out, and Question, Progress, Row and Message may be called repeatedly. In this order the
// line has the very bytes of ToJson for the ExecuteQueryResponse with the same content, and a
// newline. A kind may come earlier or later, as when a context is known only after progress: the
// line is still right, only its keys lie in the order of the calls. But all calls of one kind
// (rows belong to their header) stand together: one that comes after another kind has begun would
// repeat a key, which readers answer by forgetting the first; it is a mistake of the caller,
// asserted, and ignored where assertions are off.
//
// Never written: "complete":false, "rows":[], a table without a header.
//
// Thread safety: none; one writer belongs to one thread.
#ifndef TQL_WIRE_RESPONSE_LINE_H_
#define TQL_WIRE_RESPONSE_LINE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tql/wire/messages.h"

namespace tql {

class ResponseLineWriter {
 public:
  using OutMessage = pb::ExecuteQueryResponse::Result::OutMessage;
  using ProgressMessage = pb::ExecuteQueryResponse::Result::Progress;
  using Table = pb::ExecuteQueryResponse::Result::TableResult;

  /// `out` outlives the writer.
  explicit ResponseLineWriter(std::string* out) : out_(out) {}

  /// The JSON of a table's headers for Header(); may be kept and used again for every answer with
  /// the same columns. Rows in `table` are ignored.
  static std::string EncodeHeader(const Table& table);

  /// Starts the line. In the answer to a script: `request` is the statement answered (may be
  /// null), `script_complete` that this is known to be the last line.
  void Begin(const pb::ExecuteQueryRequest* request = nullptr, bool script_complete = false);

  void Context(const pb::QueryContext& context);
  void Question(const pb::InteractiveQueryQuestion& question);
  void Progress(const ProgressMessage& progress);
  /// The columns of the table that the rows belong to: what EncodeHeader returned.
  void Header(std::string_view header_json);
  void Row(std::span<const std::string_view> cells);
  void Message(OutMessage::Type type, std::string_view value);
  /// The statement has ended.
  void Complete();
  /// Ends the line, newline included. `script_complete`: only now is it known that the script has
  /// ended; it is then written after the result, not before it as JsonUtil would.
  void End(bool script_complete = false);

  /// Whether a cell is written as {"s":"x"} rather than "x": readers are to take both.
  void set_cell_objects(bool objects) { cell_objects_ = objects; }

  /// Whether Begin was called and End was not.
  bool open() const { return state_ != State::kClosed; }

 private:
  // Which value is open, i.e. what must be closed before another key.
  enum class State : std::uint8_t {
    kClosed,
    kResult,
    kQuestions,
    kProgress,
    kTable,
    kRows,
    kMessages
  };

  bool StartKey(State state, std::string_view key);
  bool StartElement(State state, std::string_view key);
  void CloseValue();

  std::string* out_;
  State state_ = State::kClosed;
  bool cell_objects_ = false;
  bool script_complete_ = false;
  bool first_key_ = true;
  bool empty_table_ = false;  // the header wrote no key: no comma before "rows"
  std::uint32_t seen_ = 0;    // the states already written, as bits
  bool complete_ = false;
  bool context_ = false;
};

}  // namespace tql

#endif  // TQL_WIRE_RESPONSE_LINE_H_
