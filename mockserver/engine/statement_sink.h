// Receives the result of one statement in the order in which it is sent. Implemented by front ends.
#ifndef TQLKIT_MOCKSERVER_ENGINE_STATEMENT_SINK_H_
#define TQLKIT_MOCKSERVER_ENGINE_STATEMENT_SINK_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/values/type.h"

namespace tql::engine {

class RowEncoder;
struct EncodedRows;

/// Where names that are not fully qualified are resolved.
struct Context {
  std::string database;  // Empty if none is selected.
  std::string schema = "falcon_default_schema";
  std::int64_t server_schema_version = -1;
};

enum class MessageType : std::uint8_t { kInfo, kWarning, kError };

struct Column {
  std::string name;
  values::Type type;
};

struct Question {
  std::string id;  // Derived from the statement; the server keeps no state between questions.
  std::string banner;
  std::string prompt;
  std::vector<std::string> options;
};

struct Progress {
  std::string id;
  std::string label;
  std::int32_t percentage = 0;
  std::string details;
};

/// The calls for one statement: any number of OnProgress(); then either OnQuestion() and End(), or
/// Begin(), at most one Header() with its rows, Message()s, and End(). Every call but End() returns
/// false when the receiver is no longer interested; the caller then stops and calls End().
class StatementSink {
 public:
  virtual ~StatementSink() = default;
  virtual bool OnProgress(std::span<const Progress> stages) = 0;
  virtual bool OnQuestion(const Question& question) = 0;
  /// The context after the statement, known before its first output.
  virtual bool Begin(const Context& final_context) = 0;
  /// For a SELECT; with format_output off also for SHOW and SCRIPT.
  virtual bool Header(std::span<const Column> columns) = 0;
  /// One formatted cell per column; valid during the call.
  virtual bool Row(std::span<const std::string_view> cells) = 0;
  /// Returns what encodes further rows for Rows(), on any thread; null while the sink needs their
  /// cells. Called after Header(); valid until End(), even if a later call returns null.
  virtual const RowEncoder* row_encoder() { return nullptr; }
  /// Rows of row_encoder(), instead of as many calls of Row(). The sink may move from the bytes.
  virtual bool Rows(EncodedRows& /*rows*/) { return false; }
  virtual bool Message(MessageType type, std::string_view text) = 0;
  /// The last call for this statement.
  virtual void End() = 0;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_STATEMENT_SINK_H_
