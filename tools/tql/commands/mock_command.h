// The arguments and the answers of \mock, the control interface of a mock server.
#ifndef TQLKIT_TOOLS_TQL_COMMANDS_MOCK_COMMAND_H_
#define TQLKIT_TOOLS_TQL_COMMANDS_MOCK_COMMAND_H_

#include <string>
#include <string_view>
#include <vector>

#include "tql/result_stream.h"
#include "tql/status.h"

namespace tql::shell {

/// What \mock does.
enum class MockVerb {
  kList,     // the namespaces
  kFork,     // NAME [FROM]
  kReset,    // [NAME]
  kUse,      // NAME
  kDrop,     // NAME
  kPlan,     // [FILE]: shows, or replaces
  kAdd,      // FILE: appends rules
  kClear,    // removes the plan, and empties the journal
  kJournal,  // [N]
  kClock,    // [YAML]: shows the time, or changes it
  kVerify,   // [YAML]
};

struct MockCommand {
  MockVerb verb = MockVerb::kList;
  std::string argument;
  std::string second;  // of fork
};

/// INVALID_ARGUMENT with what was found and expected.
StatusOr<MockCommand> ParseMock(std::string_view argument);

/// A user name of which the namespace is a part, "tsadmin+t1", as the name and "main" or "t1".
struct MockUser {
  std::string name;
  std::string space;
};
MockUser MockUserOf(std::string_view user);

/// A table, for any format of results.
struct MockTable {
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};
// Each reads an answer of the control interface. INTERNAL for another form of it.
StatusOr<MockTable> NamespacesOf(std::string_view json);
StatusOr<MockTable> PlanRulesOf(std::string_view json);
/// The last `most` entries.
StatusOr<MockTable> EntriesOf(std::string_view json, std::size_t most);
/// The time and whether it stands still.
StatusOr<MockTable> ClockOf(std::string_view json);
/// The reasons why a verification failed; empty if it succeeded.
StatusOr<std::string> FailureOf(std::string_view json);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COMMANDS_MOCK_COMMAND_H_
