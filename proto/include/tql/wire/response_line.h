// Writer for the response to one statement: one line of JSON, written piece by piece.
//
// A table of any size is one line, so the line is never held in memory as a whole: each call
// appends to a buffer that the caller may send and clear between any two calls.
//
//   ResponseLineWriter line(&buffer);
//   line.Begin();
//   line.Context(ResponseLineWriter::EncodeContext(context));
//   line.Header(header_json);
//   while (…) { line.Row(cells); if (buffer.size() >= kChunk) { send(buffer); buffer.clear(); } }
//   line.Message(pb::…::INFO, "Statement executed successfully. \n");
//   line.Complete();
//   line.End();
//
// Canonical order: Begin, Context, Question, Progress, Header, Row, Message, Complete, End. All but
// Begin and End are optional; Question, Progress, Row and Message may be repeated. In this order
// the line has exactly the bytes of ToJson for the equivalent ExecuteQueryResponse, plus a newline.
//
// Another order of kinds is permitted, e.g. if the context is only known after the progress; then
// the keys have the order of the calls. But all calls of one kind must be consecutive (rows belong
// to their header), because a repeated key makes readers discard its first value. A call that
// violates this is a bug of the caller: it is asserted, and ignored without assertions.
//
// Never written: "complete":false, "rows":[], a table without a header.
//
// Thread safety: one thread.
#ifndef TQL_WIRE_RESPONSE_LINE_H_
#define TQL_WIRE_RESPONSE_LINE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tql/wire/messages.h"

namespace tql {

/// See the comment at the top of the file.
class ResponseLineWriter {
 public:
  using OutMessage = pb::ExecuteQueryResponse::Result::OutMessage;
  using ProgressMessage = pb::ExecuteQueryResponse::Result::Progress;
  using Table = pb::ExecuteQueryResponse::Result::TableResult;

  /// `out` must outlive the writer.
  explicit ResponseLineWriter(std::string* out) : out_(out) {}

  /// Returns the JSON of a table's headers, for Header(). The result can be reused for every
  /// response with the same columns. The rows of `table` are ignored.
  static std::string EncodeHeader(const Table& table);
  /// Returns the JSON of a context, for Context(). The result can be reused for every statement
  /// with the same context.
  static std::string EncodeContext(const pb::QueryContext& context);
  /// Appends one column to `json`, which then lacks the final "]" of EncodeHeader's result: for
  /// callers that have no message.
  static void AppendColumn(std::string_view name, Table::ColumnHeader::Type type,
                           std::string* json);

  /// Starts the line. In the response to a script, `request` is the statement that the line
  /// responds to (may be null), and `script_complete` marks the last line of the script.
  void Begin(const pb::ExecuteQueryRequest* request = nullptr, bool script_complete = false);

  /// Writes the context, as returned by EncodeContext.
  void Context(std::string_view context_json);
  void Question(const pb::InteractiveQueryQuestion& question);
  void Progress(const ProgressMessage& progress);
  /// Starts the table with its columns, as returned by EncodeHeader.
  void Header(std::string_view header_json);
  void Row(std::span<const std::string_view> cells);
  /// Writes rows that AppendRow (row_encoder.h) has encoded, each after a comma.
  void Rows(std::string_view encoded);
  void Message(OutMessage::Type type, std::string_view value);
  /// Marks the end of the statement.
  void Complete();
  /// Ends the line, including the newline. `script_complete` marks the last line of a script if
  /// this was not known at Begin; the flag then follows the result instead of preceding it as in
  /// JsonUtil's output.
  void End(bool script_complete = false);

  /// Writes cells as {"s":"x"} instead of "x"; readers must accept both.
  void set_cell_objects(bool objects) { cell_objects_ = objects; }

  /// Whether Begin was called and End was not.
  bool open() const { return state_ != State::kClosed; }
  /// Whether the last call was Row or Rows. Then the caller may send the argument of Rows instead
  /// of calling it.
  bool in_rows() const { return state_ == State::kRows; }

 private:
  // The value that is open and must be closed before the next key.
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
  bool StartRows();
  bool StartElement(State state, std::string_view key);
  void CloseValue();

  std::string* out_;
  State state_ = State::kClosed;
  bool cell_objects_ = false;
  bool script_complete_ = false;
  bool first_key_ = true;
  bool empty_table_ = false;  // the header is empty, so no comma precedes "rows"
  std::uint32_t seen_ = 0;    // bit set of the states that were already written
  bool complete_ = false;
  bool context_ = false;
};

}  // namespace tql

#endif  // TQL_WIRE_RESPONSE_LINE_H_
