/// \file
/// Plans of the mock server as C++ structs: rules that change what calls and statements answer, and
/// what a test expects of the journal. The names are those of mock_control.proto.
#ifndef TQL_MOCK_PLAN_H_
#define TQL_MOCK_PLAN_H_

#include "tql/cxx20.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tql::mock {

/// Selects calls, or statements of calls. A member that is empty matches everything; of a list, one
/// element must match. All members that are set must match.
struct Match {
  /// A call of the service.
  enum class Call : std::uint8_t {
    kQuery = 1,
    kScript,
    kLogin,
    kLogout,
    kTokens,
    kSchemaVersion,
    kOther,  // calls that a front end answers itself, e.g. a health check or an unknown path
    kLoad,   // calls of the tsload service, but for its login
    kThena,  // calls of Thena's API
    kRest,   // calls of the REST API, but for logins and logouts
  };
  /// How a call reaches the server.
  enum class Transport : std::uint8_t { kHttp = 1, kHttps, kGrpc, kInProcess };
  /// How a call ended.
  enum class Outcome : std::uint8_t {
    kOk = 1,
    kFailed,     // the answer has an ERROR message
    kAsked,      // the answer is a question
    kRefused,    // the call ended with a status and no answer
    kCut,        // a rule ended the answer early
    kCancelled,  // the client disconnected, or the statement was cancelled
  };

  std::vector<Call> call = {};
  std::vector<Transport> transport = {};
  std::string user = {};
  /// A header or metadata name, and an RE2 that matches the whole value. Only of rules.
  std::map<std::string, std::string> header = {};
  /// Paths of HTTP, or methods of gRPC; * is any text.
  std::vector<std::string> path = {};
  /// Of HTTP: "POST".
  std::string method = {};
  /// Names of GET /mock/coverage: "SELECT", "ALTER TABLE"; "" is a text that is not a statement.
  std::vector<std::string> kind = {};
  /// Tables that the statement refers to: t, schema.t or database.schema.t; * is any text.
  std::vector<std::string> table = {};
  /// The same statement, independent of white space and of the case of keywords; ? is any literal.
  /// At most one of `like`, `exact` and `regex` is set.
  std::optional<std::string> like = {};
  std::optional<std::string> exact = {};
  /// An RE2 that matches anywhere in the first 64 KiB of the text.
  std::optional<std::string> regex = {};
  /// The literals that the ?s of `like` stand for, in order; "*" is any.
  std::vector<std::string> literal = {};
  /// The position of the statement in its script, from 0.
  std::optional<std::uint32_t> index = {};
  /// Options that the client set: {"adv_options.allow_unsafe", "true"}.
  std::map<std::string, std::string> option = {};
  /// The database of the context of the request.
  std::string database = {};

  /// Only of expectations, as the two members below.
  std::vector<Outcome> outcome = {};
  /// An RE2 that matches anywhere in the ERROR message or the message of the status.
  std::string error = {};
  /// The id of a rule that acted.
  std::string rule = {};
};

/// A position in the answer of a statement. An action takes effect before what it names.
struct Position {
  /// What is counted, from 0.
  enum class Unit : std::uint8_t {
    kStart,     // before the first byte
    kLine,      // lines of JSON, or messages of gRPC
    kRow,       // rows of the table
    kMessage,   // INFO, WARNING and ERROR messages
    kByte,      // bytes of the body; only over HTTP
    kComplete,  // the mark of completeness of the statement
    kEnd,       // the end of the whole answer
  };
  Unit unit = Unit::kStart;
  /// The number of the line, row, message or byte.
  std::uint64_t number = 0;

  /// Before row `number`.
  static Position Row(std::uint32_t number) { return {Unit::kRow, number}; }
  /// Before line `number`.
  static Position Line(std::uint32_t number) { return {Unit::kLine, number}; }
  /// Before message `number`.
  static Position Message(std::uint32_t number) { return {Unit::kMessage, number}; }
  /// Before byte `number`.
  static Position Byte(std::uint64_t number) { return {Unit::kByte, number}; }
  /// Before the mark of completeness.
  static Position Complete() { return {Unit::kComplete, 0}; }
  /// Before the end of the whole answer.
  static Position End() { return {Unit::kEnd, 0}; }
};

/// Whether a statement runs on which a rule acts.
enum class Run : std::uint8_t {
  kDefault,  // kNot for an Answer and a Refusal, otherwise kFirst
  kNot,
  kFirst,  // with a Refusal or a Cut: it takes effect, but its answer is lost
};

/// Waits before the answer.
struct Delay {
  std::chrono::nanoseconds time{0};
};

/// Replaces the answer.
struct Answer {
  /// A column of a table.
  struct Column {
    std::string name = {};
    /// "VARCHAR", "BIGINT", …
    std::string type = "VARCHAR";
  };
  /// A message of the service.
  struct Message {
    /// The severity.
    enum class Type : std::uint8_t { kInfo, kWarning, kError };
    Type type = Type::kInfo;
    std::string text = {};
  };
  /// The progress of a stage of a long statement.
  struct Progress {
    std::string id = {};
    std::string label = {};
    std::int32_t percentage = 0;
    std::string details = {};
  };
  /// A question to the user.
  struct Question {
    std::string id = {};
    std::string banner = {};
    std::string prompt = {};
    std::vector<std::string> options = {};
  };
  /// A part of the answer, in the order of its members.
  struct Result {
    /// The database of the statements that follow, as after USE.
    std::string database = {};
    std::vector<Question> questions = {};
    std::vector<Progress> progress = {};
    std::vector<Column> columns = {};
    std::vector<std::vector<std::string>> rows = {};
    std::vector<Message> messages = {};
  };
  Run run = Run::kDefault;
  std::vector<Result> results = {};
  /// Whether the last result has the mark of completeness, unless it has a question.
  bool complete = true;
  /// Short for one result with this ERROR message.
  std::string error = {};
  /// Only over HTTP: the body, each piece sent separately.
  std::vector<std::string> pieces = {};
  /// Cells with this text are NULL.
  std::optional<std::string> null_string = {};
};

/// Refuses the call (`status` of mock_control.proto). One of `http` and `grpc` determines the
/// other.
struct Refusal {
  Run run = Run::kDefault;
  int http = 0;
  /// "UNAVAILABLE"
  std::string grpc = {};
  std::string message = {};
  /// Only over HTTP: the type of `body`.
  std::string content_type = {};
  /// Only over HTTP. Default: the service's error body with `message`.
  std::string body = {};
};

/// Ends the answer early.
struct Cut {
  /// How the connection ends.
  enum class How : std::uint8_t {
    kClose,  // closes it without the end of the answer
    kReset,  // resets it
    kStall,  // sends nothing more, and keeps it open
  };
  Run run = Run::kDefault;
  Position at = {};
  How how = How::kClose;
};

/// Changes the answer: one of the members after `at` is set.
struct Edit {
  Position at = {};
  /// Bytes to insert.
  std::optional<std::string> insert = {};
  /// The number of units that are removed.
  std::uint32_t drop = 0;
  /// The number of times that the unit is sent again.
  std::uint32_t repeat = 0;
  /// Exchanges the unit with the next one.
  bool swap = false;
};

/// Replaces what an RE2 matches in every line (`edit.replace` of mock_control.proto). Only over
/// HTTP.
struct Replace {
  std::string regex = {};
  /// \1 is the first group.
  std::string with = {};
  /// The number of replacements; 0: all.
  std::uint32_t times = 0;
};

/// Sends the answer slowly. Only over HTTP.
struct Drip {
  std::uint32_t bytes = 1;
  std::chrono::nanoseconds every{0};
  Position from = {};
};

/// Changes the header fields of the HTTP response.
struct Head {
  std::map<std::string, std::string> set = {};
  std::vector<std::string> remove = {};
};

/// Ends the session of the call, or all sessions of the namespace, before the call, which then
/// fails
/// (`session` of mock_control.proto).
struct Expire {
  bool all = false;
};

/// One action of a rule.
using Action = std::variant<Delay, Answer, Refusal, Cut, Edit, Replace, Drip, Head, Expire>;

/// What happens to matching calls and statements.
/// ```cpp
/// tql::mock::Rule lost{
///     .match = {.kind = {"INSERT"}, .table = {"sale"}},
///     .actions = {tql::mock::Cut{.run = tql::mock::Run::kFirst,  // the rows are stored
///                                .how = tql::mock::Cut::How::kReset}}};
/// ```
struct Rule {
  /// Default: r1, r2, …
  std::string id = {};
  Match match = {};
  /// The number of matches that pass before the rule acts.
  std::uint32_t skip = 0;
  /// The number of matches that it acts on; 0: all.
  std::uint32_t times = 1;
  /// Whether a verification ignores that it is not used up.
  bool may_stay_unused = false;
  /// Carried out in their order (`do` of mock_control.proto). Empty: the rule only counts.
  std::vector<Action> actions = {};
};

/// The order of the rows of a SELECT without ORDER BY.
enum class RowOrder : std::uint8_t { kInsertion, kReversed, kShuffled };

/// What happens to what the real service may not know, or what has no effect in the mock: unknown
/// keys of requests, options and clauses without an effect, clauses of which less is known than
/// required (see Evidence), and results that the default maximum of rows may have cut.
enum class Strictness : std::uint8_t {
  kOff,
  kWarn,   // the journal has warnings, which Namespace::Verify() reports
  kError,  // the statement or the call fails, too
};

/// How the behaviour of the real service is known, see GET /mock/coverage.
enum class Evidence : std::uint8_t { kInferred, kSample, kClient, kDocumented };

/// The settings of a plan. What is not set is as in the Config of the server.
struct Settings {
  /// Whether a statement fails that no rule matches.
  std::optional<bool> fail_unmatched = {};
  std::optional<RowOrder> unordered_rows = {};
  /// The seed of guids, session tokens and shuffled rows.
  std::optional<std::uint64_t> seed = {};
  std::optional<Strictness> strict = {};
  std::optional<Evidence> evidence = {};
};

/// Rules, of which the first one acts that matches and is not used up.
struct Plan {
  Settings settings = {};
  std::vector<Rule> rules = {};
};

/// How many calls or statements of the journal must match. Default: at least one.
struct Expectation {
  Match match = {};
  /// Excludes the two members below.
  std::optional<std::uint32_t> exactly = {};
  std::optional<std::uint32_t> at_least = {};
  std::optional<std::uint32_t> at_most = {};
};

/// What a test expects of the journal.
struct Verification {
  /// Empty: that every rule is used up, that no statement was unmatched where the plan requires a
  /// rule, and that no entry has a warning.
  std::vector<Expectation> expect = {};
  /// Whether the entries must come in the order of the expectations.
  bool in_order = false;
  /// Whether no other statement may refer to tables.
  bool nothing_else = false;
  /// The time to wait for success.
  std::chrono::nanoseconds within{0};
  /// Only entries with a greater number.
  std::uint64_t after = 0;
};

}  // namespace tql::mock

#endif  // TQL_MOCK_PLAN_H_
