/// \file
/// What a TQL service answers: a stream of events that is pulled, whatever the protocol.
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

/// The types that a result column can have.
enum class ColumnType : std::uint8_t {
  kUnknown = 0,  ///< None was sent, or one that this version does not know: its cells are text.
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

/// The service's name of a type, e.g. "VARCHAR".
std::string_view ColumnTypeName(ColumnType type);

/// A column of a result.
struct Column {
  std::string name;
  ColumnType type = ColumnType::kUnknown;
  friend bool operator==(const Column&, const Column&) = default;
};

/// Where names that are not fully qualified are looked up. The service keeps no state: a client
/// sends the context that it last received.
struct Context {
  std::string database;  ///< Empty: none is current.
  std::string schema = "falcon_default_schema";
  /// Moved by every successful DDL statement; -1 before the first answer.
  std::int64_t server_schema_version = -1;
  friend bool operator==(const Context&, const Context&) = default;
};

/// What an answer says about the context after a statement; only the parts that it names.
struct ContextChange {
  std::optional<std::string> database;
  std::optional<std::string> schema;
  std::optional<std::int64_t> server_schema_version;
  friend bool operator==(const ContextChange&, const ContextChange&) = default;
};

/// How grave a Message is. A kind that this version does not know is kInfo.
enum class Severity : std::uint8_t { kInfo = 0, kWarning = 1, kError = 2 };

/// Text from the service for people. It usually ends with a newline of its own.
struct Message {
  Severity severity = Severity::kInfo;
  std::string text;
  friend bool operator==(const Message&, const Message&) = default;
};

/// The state of one stage of a long statement.
struct Progress {
  std::string id;
  std::string label;
  int percentage = 0;
  std::string details;
  friend bool operator==(const Progress&, const Progress&) = default;
};

/// Something the service wants to know before it runs a statement.
struct Question {
  std::string id;
  std::string banner;  ///< Shown once, above the prompt.
  std::string prompt;
  std::vector<std::string> options;  ///< When present, the answer must be one of these.
  friend bool operator==(const Question&, const Question&) = default;
};

/// The columns of the rows that follow. At most one in a statement, and only for a SELECT.
struct Header {
  std::vector<Column> columns;
  friend bool operator==(const Header&, const Header&) = default;
};

/// The cells of one row as text; they and the span are valid until the next call of Next().
using RowView = std::span<const std::string_view>;

/// In the answer to a script: the statement whose events follow, if the service names it.
struct StatementBegin {
  std::string statement;
  friend bool operator==(const StatementBegin&, const StatementBegin&) = default;
};

/// Nothing more comes for the statement; of several statements in one query, for the last one.
struct StatementEnd {
  friend bool operator==(const StatementEnd&, const StatementEnd&) = default;
};

/// The whole answer has arrived. Never given for an answer that was cut short.
struct StreamEnd {
  friend bool operator==(const StreamEnd&, const StreamEnd&) = default;
};

/// One event of an answer.
using ResultEvent = std::variant<RowView, Header, ContextChange, Message, Progress, Question,
                                 StatementBegin, StatementEnd, StreamEnd>;

/// The answer to one call. A statement that fails on the server is a Message of kError followed by
/// its StatementEnd: the stream itself went well. Rows arrive one by one as they are received and
/// memory stays bounded, whatever the size of the result.
///
/// Destroying a stream before its StreamEnd abandons the call; the transport stays usable.
/// Thread safety: one thread pulls and destroys; Cancel() may be called from any thread meanwhile.
class ResultStream {
 public:
  virtual ~ResultStream() = default;

  /// The next event; blocks until there is one. After StreamEnd it is StreamEnd for ever, and after
  /// an error the same error: CANCELLED after Cancel(), DEADLINE_EXCEEDED, UNAVAILABLE or DATA_LOSS
  /// for an answer that was cut short, INTERNAL for one that cannot be understood.
  virtual StatusOr<ResultEvent> Next() = 0;

  /// Ends the call soon: a blocked Next() returns CANCELLED.
  virtual void Cancel() = 0;
};

}  // namespace tql

#endif  // TQL_RESULT_STREAM_H_
