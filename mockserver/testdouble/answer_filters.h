// What the actions of a rule change in the encoded form of an answer: lines, bytes, messages, and
// the pace of an HTTP body. Positions count from the statement that the rule acts on.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_ANSWER_FILTERS_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_ANSWER_FILTERS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "mockserver/service/answer_control.h"
#include "mockserver/testdouble/messages.h"
#include "mockserver/testdouble/rule.h"

namespace tql::testdouble {

/// The warning about a line that is too long to be edited.
inline constexpr std::string_view kLongLine =
    "a line has more than 16 MiB, so an action on it was left out";

struct FilterEnvironment {
  std::function<bool()> released;  // ends a stall when it returns true
  /// Waits. Returns false if the client has disconnected.
  std::function<bool(std::chrono::nanoseconds)> pause;
  std::function<void()> on_cut;  // called before a filter ends the answer
  std::function<void()> on_long_line =
      {};  // called when a line is too long to be edited; may be empty
};

/// The parts of the actions that act on bytes, in their order. Null if no action does. The actions
/// must outlive the filter.
std::unique_ptr<service::BodyFilter> MakeBodyFilter(const std::vector<RuleAction>& actions,
                                                    const FilterEnvironment& environment);

/// The same for messages. Actions that need bytes are left out.
std::unique_ptr<service::MessageFilter> MakeMessageFilter(const std::vector<RuleAction>& actions,
                                                          const FilterEnvironment& environment);

/// What the actions do at one unit of an answer: a row, a message, or a line.
struct UnitActions {
  const mockpb::Action::Cut* cut = nullptr;  // ends the answer before the unit
  std::vector<std::string_view> inserted;    // before the unit
  std::uint64_t copies = 1;
  bool swap = false;  // with the next unit
};
UnitActions ActionsAt(const std::vector<RuleAction>& actions, mockpb::Position::AtCase unit,
                      std::uint64_t index);

/// The bytes that an edit inserts; null if it inserts nothing.
const std::string* Inserted(const mockpb::Action::Edit& edit);

/// Whether the action acts on the body of a call without statements: at its bytes, lines, beginning
/// or end.
bool ChangesBody(const mockpb::Action& action);

/// Whether the action needs the bytes of an HTTP body, so that it cannot act over gRPC or in
/// process.
bool NeedsBytes(const mockpb::Action& action);

net::Cut CutOf(const mockpb::Action::Cut& cut, std::function<bool()> released);

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_ANSWER_FILTERS_H_
