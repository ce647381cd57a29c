/// \file
/// The response to a statement or script as a stream of events, the same for every protocol.
#ifndef TQL_RESULT_STREAM_H_
#define TQL_RESULT_STREAM_H_

#include "tql/cxx20.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tql/status.h"

namespace tql {

/// The type of a column of a result; the service's ColumnHeader.Type.
enum class ColumnType : std::uint8_t {
  kUnknown = 0,  ///< Not sent, or unknown to this version. The cells are text.
  kVarchar = 1,
  kDouble = 2,
  kFloat = 3,
  kBool = 4,
  kInt = 5,
  kDateTime = 6,
  kDate = 7,
  kTime = 8,
  kBigInt = 9,
};

/// The name of a type as the service spells it, e.g. "VARCHAR"; "UNKNOWN" for any other value.
std::string_view ColumnTypeName(ColumnType type);

/// A column of a result.
struct Column {
  std::string name;                        ///< As in the select list; names may repeat.
  ColumnType type = ColumnType::kUnknown;  ///< The type of its cells, which are sent as text.
  friend bool operator==(const Column&, const Column&) = default;
};

/// The context of a statement, in which unqualified names are looked up. The service keeps no
/// context between requests; the client sends the one that it received last.
struct Context {
  std::string database;                          ///< Empty: no database is current.
  std::string schema = "falcon_default_schema";  ///< The current schema of the database.
  /// Changed by every successful DDL statement. -1 before the first response.
  std::int64_t server_schema_version = -1;
  friend bool operator==(const Context&, const Context&) = default;
};

/// Changes of the context by a statement, e.g. USE. Members that the response does not mention are
/// unset. Client applies them to its context, so that the next statement sees them.
struct ContextChange {
  std::optional<std::string> database;
  std::optional<std::string> schema;
  std::optional<std::int64_t> server_schema_version;
  friend bool operator==(const ContextChange&, const ContextChange&) = default;
};

/// The severity of a Message. A severity that this version does not know is read as kInfo.
enum class Severity : std::uint8_t { kInfo = 0, kWarning = 1, kError = 2 };

/// A message of the service to the user, e.g. the output of SHOW, or the reason of an error. A
/// statement failed if one of its messages has the severity kError (see StatementStatus).
struct Message {
  Severity severity = Severity::kInfo;  ///< The kind of the message.
  std::string text;                     ///< Usually ends with a newline.
  friend bool operator==(const Message&, const Message&) = default;
};

/// The progress of one stage of a long statement. A later event with the same `id` replaces it.
struct Progress {
  std::string id;       ///< Identifies the stage within the statement.
  std::string label;    ///< Name of the stage, for display.
  int percentage = 0;   ///< From 0 to 100.
  std::string details;  ///< More text, for display; often empty.
  friend bool operator==(const Progress&, const Progress&) = default;
};

/// A question that the service asks before it executes a statement, e.g. whether to drop dependent
/// objects. The statement has not been executed: the client sends it again with an Answer. Client
/// does so if Options::on_question is set.
struct Question {
  std::string id;                    ///< Answer::question_id refers to it.
  std::string banner;                ///< Explanation, displayed once, above the prompt.
  std::string prompt;                ///< The question itself.
  std::vector<std::string> options;  ///< The permitted answers. Empty: any text.
  friend bool operator==(const Question&, const Question&) = default;
};

/// The columns of the rows that follow. Only a SELECT has a header, and only one.
struct Header {
  std::vector<Column> columns;
  friend bool operator==(const Header&, const Header&) = default;
};

/// The cells of one row, as text. The span and the cells are valid until the next call of Next().
using RowView = std::span<const std::string_view>;

/// In the response to a script: the start of a statement. Sent only if the service repeats its
/// text.
struct StatementBegin {
  std::string statement;  ///< Its text, as the service repeats it.
  friend bool operator==(const StatementBegin&, const StatementBegin&) = default;
};

/// The end of a statement. If one query contains several statements, the end of the last one.
struct StatementEnd {
  friend bool operator==(const StatementEnd&, const StatementEnd&) = default;
};

/// The end of a complete response. A truncated response ends with an error instead.
struct StreamEnd {
  friend bool operator==(const StreamEnd&, const StreamEnd&) = default;
};

/// One event of a response.
using ResultEvent = std::variant<RowView, Header, ContextChange, Message, Progress, Question,
                                 StatementBegin, StatementEnd, StreamEnd>;

/// The response to one call, read event by event as it is received. Memory stays bounded, whatever
/// the size of the result.
///
/// ```cpp
/// while (true) {
///   tql::StatusOr<tql::ResultEvent> event = (*stream)->Next();
///   if (!event) return event.status();
///   if (auto* header = std::get_if<tql::Header>(&*event)) {
///     for (const tql::Column& column : header->columns) std::cout << column.name << ' ';
///     std::cout << '\n';
///   } else if (auto* row = std::get_if<tql::RowView>(&*event)) {
///     std::cout << (*row)[0] << '\n';
///   } else if (auto* message = std::get_if<tql::Message>(&*event)) {
///     std::cout << message->text;
///   } else if (std::holds_alternative<tql::StreamEnd>(*event)) {
///     return tql::Status();
///   }
/// }
/// ```
///
/// The failure of a statement on the server is not an error of the stream: the stream has a Message
/// of severity kError, followed by StatementEnd.
///
/// Destroying a stream before StreamEnd cancels the call; the transport stays usable.
///
/// Thread safety: one thread calls Next() and destroys the stream; Cancel() may be called from any
/// thread at the same time.
class ResultStream {
 public:
  virtual ~ResultStream() = default;

  /// Returns the next event; blocks until it arrives. After StreamEnd, or after an error, every
  /// call returns the same again.
  ///
  /// Errors: CANCELLED after Cancel(); DEADLINE_EXCEEDED; UNAVAILABLE or DATA_LOSS if the response
  /// is truncated; INTERNAL if it is invalid.
  virtual StatusOr<ResultEvent> Next() = 0;

  /// Cancels the call. A blocked Next() soon returns CANCELLED.
  virtual void Cancel() = 0;
};

}  // namespace tql

#endif  // TQL_RESULT_STREAM_H_
