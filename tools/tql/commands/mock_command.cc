#include "tools/tql/commands/mock_command.h"

#include <algorithm>
#include <utility>

#include "proto/base/text.h"
#include "proto/document/document.h"

namespace tql::shell {
namespace {

using document::Node;

struct Verb {
  std::string_view name;
  MockVerb verb;
  std::size_t least;  // number of arguments
  std::size_t most;   // 9: the rest of the line is one argument
  std::string_view arguments;
};

constexpr std::size_t kWholeLine = 9;

constexpr Verb kVerbs[] = {
    {"fork", MockVerb::kFork, 1, 2, "NAME [FROM]"},
    {"reset", MockVerb::kReset, 0, 1, "[NAME]"},
    {"use", MockVerb::kUse, 1, 1, "NAME"},
    {"drop", MockVerb::kDrop, 1, 1, "NAME"},
    {"plan", MockVerb::kPlan, 0, kWholeLine, "[FILE]"},
    {"add", MockVerb::kAdd, 1, kWholeLine, "FILE"},
    {"clear", MockVerb::kClear, 0, 0, ""},
    {"journal", MockVerb::kJournal, 0, 1, "[N]"},
    {"clock", MockVerb::kClock, 0, kWholeLine, "[YAML]"},
    {"verify", MockVerb::kVerify, 0, kWholeLine, "[YAML]"},
};

std::string VerbNames() {
  std::string names;
  for (const Verb& verb : kVerbs) {
    names += names.empty() ? "" : &verb == std::end(kVerbs) - 1 ? " or " : ", ";
    names += verb.name;
  }
  return names;
}

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  while (!(text = base::Trim(text)).empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

const Node* Find(const Node& node, std::string_view key) {
  const auto entry = std::ranges::find_if(
      node.entries, [&](const Node::Entry& each) { return each.key.text == key; });
  return entry == node.entries.end() ? nullptr : &entry->value;
}

std::string Text(const Node& node, std::string_view key, std::string_view absent = "") {
  const Node* const found = Find(node, key);
  return std::string(found == nullptr ? absent : std::string_view(found->text));
}

/// A value as one line of YAML, for a cell.
void AppendValue(const Node& node, std::string* out) {
  if (node.kind == Node::Kind::kScalar || node.kind == Node::Kind::kNull) {
    *out += node.text;
    return;
  }
  const bool list = node.kind == Node::Kind::kList;
  *out += list ? '[' : '{';
  std::string_view separator;
  for (const Node& item : node.items) {
    out->append(separator);
    AppendValue(item, out);
    separator = ", ";
  }
  for (const Node::Entry& entry : node.entries) {
    out->append(separator).append(entry.key.text).append(": ");
    AppendValue(entry.value, out);
    separator = ", ";
  }
  *out += list ? ']' : '}';
}

std::string Value(const Node& node, std::string_view key) {
  std::string text;
  if (const Node* const found = Find(node, key)) AppendValue(*found, &text);
  return text;
}

StatusOr<Node> Read(std::string_view json) {
  document::Limits limits;
  limits.max_bytes = std::size_t{64} << 20;
  limits.max_nodes = 5'000'000;
  StatusOr<Node> node = document::ParseJson(json, limits);
  if (node.ok() && node->kind == Node::Kind::kMap) return node;
  return InternalError("the server sent an answer that is not a message of the control interface");
}

const std::vector<Node>& ItemsOf(const Node& node, std::string_view key) {
  static const std::vector<Node> none;
  const Node* const found = Find(node, key);
  return found == nullptr ? none : found->items;
}

std::vector<Column> Columns(std::initializer_list<std::pair<const char*, ColumnType>> columns) {
  std::vector<Column> made;
  for (const auto& [name, type] : columns) made.push_back({name, type});
  return made;
}

constexpr ColumnType kText = ColumnType::kVarchar;
constexpr ColumnType kNumber = ColumnType::kBigInt;

}  // namespace

StatusOr<MockCommand> ParseMock(std::string_view argument) {
  const std::string_view line = base::Trim(argument);
  if (line.empty()) return MockCommand();
  const std::string_view name = line.substr(0, line.find_first_of(" \t"));
  const Verb* const verb = std::ranges::find(kVerbs, name, &Verb::name);
  if (verb == std::end(kVerbs)) {
    return InvalidArgumentError("\\mock: found '" + std::string(name) + "', expected " +
                                VerbNames());
  }
  const std::string_view rest = base::Trim(line.substr(name.size()));
  std::vector<std::string> words = WordsOf(rest);
  if (verb->most == kWholeLine && !rest.empty()) words = {std::string(rest)};
  if (words.size() < verb->least || words.size() > verb->most) {
    return InvalidArgumentError(
        "\\mock " + std::string(verb->name) + ": found '" + std::string(rest) + "', expected " +
        (verb->arguments.empty() ? "nothing" : std::string(verb->arguments)));
  }
  MockCommand command{.verb = verb->verb, .argument = {}, .second = {}};
  if (!words.empty()) command.argument = std::move(words[0]);
  if (words.size() > 1) command.second = std::move(words[1]);
  const bool number = std::ranges::all_of(command.argument, base::IsDigit);
  if (verb->verb == MockVerb::kJournal && (!number || command.argument.size() > 9)) {
    return InvalidArgumentError("\\mock journal: found '" + command.argument +
                                "', expected a number of entries");
  }
  return command;
}

MockUser MockUserOf(std::string_view user) {
  const std::size_t plus = user.rfind('+');
  if (plus == std::string_view::npos) return {std::string(user), "main"};
  return {std::string(user.substr(0, plus)), std::string(user.substr(plus + 1))};
}

StatusOr<MockTable> NamespacesOf(std::string_view json) {
  const StatusOr<Node> list = Read(json);
  if (!list.ok()) return list.status();
  MockTable table{Columns({{"namespace", kText}, {"tables", kNumber}, {"sessions", kNumber}}), {}};
  for (const Node& space : ItemsOf(*list, "namespace")) {
    table.rows.push_back(
        {Text(space, "name"), Text(space, "tables", "0"), Text(space, "sessions", "0")});
  }
  return table;
}

StatusOr<MockTable> PlanRulesOf(std::string_view json) {
  const StatusOr<Node> plan = Read(json);
  if (!plan.ok()) return plan.status();
  MockTable table{Columns({{"rule", kText},
                           {"seen", kNumber},
                           {"fired", kNumber},
                           {"times", kNumber},
                           {"match", kText},
                           {"do", kText}}),
                  {}};
  for (const Node& rule : ItemsOf(*plan, "rule")) {
    table.rows.push_back({Text(rule, "id"), Text(rule, "seen", "0"), Text(rule, "fired", "0"),
                          Text(rule, "times", "1"), Value(rule, "match"), Value(rule, "do")});
  }
  return table;
}

StatusOr<MockTable> EntriesOf(std::string_view json, std::size_t most) {
  const StatusOr<Node> journal = Read(json);
  if (!journal.ok()) return journal.status();
  MockTable table{Columns({{"seq", kNumber},
                           {"call", kText},
                           {"user", kText},
                           {"outcome", kText},
                           {"rows", kNumber},
                           {"rule", kText},
                           {"text", kText},
                           {"error", kText}}),
                  {}};
  const std::vector<Node>& entries = ItemsOf(*journal, "entry");
  const std::size_t first = entries.size() > most ? entries.size() - most : 0;
  for (std::size_t i = first; i < entries.size(); ++i) {
    const Node& entry = entries[i];
    table.rows.push_back({Text(entry, "seq"), Text(entry, "call"), Text(entry, "user"),
                          Text(entry, "outcome"), Text(entry, "rows", "0"), Value(entry, "rule"),
                          Text(entry, "text"), Text(entry, "error")});
  }
  return table;
}

StatusOr<MockTable> ClockOf(std::string_view json) {
  const StatusOr<Node> clock = Read(json);
  if (!clock.ok()) return clock.status();
  return MockTable{Columns({{"now", kText}, {"frozen", kText}}),
                   {{Text(*clock, "now"), Text(*clock, "frozen", "false")}}};
}

StatusOr<std::string> FailureOf(std::string_view json) {
  const StatusOr<Node> response = Read(json);
  if (!response.ok()) return response.status();
  if (Text(*response, "ok") == "true") return std::string();
  return Text(*response, "explanation", "the verification failed\n");
}

}  // namespace tql::shell
