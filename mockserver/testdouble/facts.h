// What rules and verifications look at: one call, or one statement of a call.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_FACTS_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_FACTS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/dialect/shape.h"
#include "mockserver/testdouble/messages.h"
#include "mockserver/testdouble/option_values.h"

namespace tql::testdouble {

/// A table as a statement refers to it, with the database and the schema of the context where the
/// statement names none. The names are as written, without quotes.
struct TableName {
  std::string database;  // empty if no database is current
  std::string schema;
  std::string table;
  /// "database.schema.table", or "schema.table" without a database.
  std::string ToString() const;
  friend bool operator==(const TableName&, const TableName&) = default;
};

/// The names of all kinds of statements, without the empty one; at most 63.
const std::vector<std::string_view>& StatementKinds();
/// The bit of the kind with this name; also of the empty one.
std::uint64_t KindBit(std::string_view kind);
/// A hash of the name of a table without schema and database: equal for names that differ in case
/// only.
std::uint64_t TableKey(std::string_view table);
/// The text without blanks around it and without semicolons at its end.
std::string_view BareText(std::string_view text);
/// A hash of BareText().
std::uint64_t TextKey(std::string_view text);

class Patterns;

/// What the text of a statement determines.
struct StatementFacts {
  /// As in GET /mock/coverage, e.g. "ALTER TABLE"; empty for a text that is not a statement. A
  /// literal of the program.
  std::string_view kind;
  std::vector<TableName> tables;  // in order of occurrence, without repetitions
  dialect::Shape shape;           // empty for a text that is not a statement
};

/// The members are views, functions and pointers that the caller keeps alive. What is computed is
/// computed on demand and once. Belongs to one thread.
class Facts {
 public:
  mockpb::Call call = mockpb::OTHER;
  mockpb::Transport transport = mockpb::IN_PROCESS;
  std::string_view user;
  std::string_view path;    // of HTTP, or the method of gRPC
  std::string_view method;  // of HTTP
  /// A header of the request, or metadata, by its name (any case); empty without one. May be null.
  std::function<std::string_view(std::string_view name)> header;
  /// Whether nobody waits for the result of a match any more, e.g. because the client has left. May
  /// be null.
  std::function<bool()> abandoned;

  // ---- Of a statement, i.e. of a QUERY or a SCRIPT ----

  std::string_view text;      // as the client wrote it
  std::string_view database;  // of the context of the request
  std::string_view schema = "falcon_default_schema";
  std::uint32_t index = 0;  // position in the script, from 0
  /// The options that the client set. May be null: none.
  std::function<std::span<const OptionValue>()> options;
  /// The parsed text. Null: not parsed yet, or not a statement.
  const dialect::Statement* statement = nullptr;
  /// The statement, or one that differs from it in literals only. May be null.
  const dialect::Statement* pattern = nullptr;
  /// Where a pattern is found if the members above have none. May be null.
  Patterns* patterns = nullptr;
  /// Known already: the text is not parsed again. Null: computed from `statement` or `text`.
  const StatementFacts* known = nullptr;

  // ---- Of what is over ----

  std::optional<mockpb::Outcome> outcome;
  std::string_view error;
  std::span<const std::string> rules;  // ids of the rules that acted

  /// A bit for `call`: its number.
  std::uint32_t call_bit() const { return 1U << static_cast<unsigned>(call); }
  /// Whether this is about a statement. The functions below are for statements only.
  bool is_statement() const { return call == mockpb::QUERY || call == mockpb::SCRIPT; }
  std::string_view kind() const;
  /// A bit for kind(); of its position in StatementKinds(), or the next one for the empty kind.
  std::uint64_t kind_bit() const;
  const std::vector<TableName>& tables() const;
  /// TableKey() of the tables, with repetitions.
  const std::vector<std::uint64_t>& table_keys() const;
  /// TextKey() of the text.
  std::uint64_t text_key() const;
  const dialect::Shape& shape() const;
  /// Whether this is a SELECT without ORDER BY.
  bool has_unordered_rows() const;
  /// `statement`, or the text parsed now; nullptr for a text that is not a statement.
  const dialect::Statement* Parsed() const;
  /// The options that the client set.
  std::span<const OptionValue> option_values() const {
    return options ? options() : std::span<const OptionValue>();
  }
  /// All three of them, e.g. to be `known` later.
  StatementFacts Derive() const { return {kind(), tables(), shape()}; }

 private:
  /// A statement with the kind and the tables of the text; nullptr for a text that is not a
  /// statement.
  const dialect::Statement* Pattern() const;

  mutable bool parsed_ = false;
  mutable std::optional<dialect::Statement> own_;            // parsed here
  mutable std::shared_ptr<const dialect::Statement> found_;  // in `patterns`
  mutable std::uint64_t kind_bit_ = 0;                       // 0: not computed
  mutable std::optional<std::vector<TableName>> tables_;
  mutable std::optional<std::vector<std::uint64_t>> table_keys_;
  mutable std::optional<std::uint64_t> text_key_;
  mutable std::optional<dialect::Shape> shape_;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_FACTS_H_
