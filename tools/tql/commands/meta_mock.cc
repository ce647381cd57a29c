// The command \mock.
#include <functional>

#include "proto/base/file.h"
#include "proto/base/json_writer.h"
#include "tools/tql/commands/meta_commands.h"
#include "tools/tql/commands/mock_command.h"
#include "tools/tql/commands/mock_server.h"
#include "tools/tql/connect/connect.h"
#include "tools/tql/home.h"
#include "tools/tql/render/renderer.h"

namespace tql::shell {
namespace {

constexpr std::size_t kUsualEntries = 20;
constexpr std::size_t kMostPlanBytes = std::size_t{16} << 20;

std::string OriginOf(std::string_view space) {
  std::string body = "{\"from\": ";
  base::AppendJsonString(space, &body);
  return body + "}";
}

}  // namespace

void MetaCommands::ShowTable(const MockTable& table) {
  const auto renderer =
      MakeRenderer(FormatNow(), session_.out(), session_.err(), session_.settings().style);
  renderer->Begin(table.columns);
  for (const std::vector<std::string>& row : table.rows) {
    const std::vector<std::string_view> cells(row.begin(), row.end());
    renderer->Row(cells);
  }
  renderer->End();
  session_.out().Flush();
  session_.err().Flush();
}

/// Logs in to another namespace, with the same user and password.
void MetaCommands::UseNamespace(const std::string& space) {
  const Target& target = session_.connection().target;
  Flags flags = flags_;
  flags.user = MockUserOf(target.options.user).name + (space == "main" ? "" : "+" + space);
  // The flag replaces the user of the URL.
  if (const std::size_t scheme = flags.url.find("://"); scheme != std::string::npos) {
    const std::size_t begin = scheme + 3;
    const std::size_t at = flags.url.find('@', begin);
    if (at != std::string::npos && at < flags.url.find_first_of("/?", begin)) {
      flags.url.erase(begin, at + 1 - begin);
    }
  }
  ConnectBy(std::move(flags));
}

void MetaCommands::Mock(const std::string& argument) {
  const StatusOr<MockCommand> command = ParseMock(argument);
  if (!command.ok()) return Fail(command.status().message());
  const Target& target = session_.connection().target;
  const StatusOr<MockServer> server = MockServer::Connect(target);
  if (!server.ok()) return Fail(server.status().message());
  const Status status = RunMock(*command, *server);
  if (!status.ok()) Fail(status.message());
}

Status MetaCommands::RunMock(const MockCommand& command, const MockServer& server) {
  const MockUser user = MockUserOf(session_.connection().target.options.user);
  const std::string& own = user.space;
  using Read = std::function<StatusOr<MockTable>(std::string_view json)>;
  const auto show = [this](const StatusOr<std::string>& json, const Read& read) {
    if (!json.ok()) return json.status();
    const StatusOr<MockTable> table = read(*json);
    if (table.ok()) ShowTable(*table);
    return table.status();
  };
  const auto said = [this](const StatusOr<std::string>& json, const std::string& text) {
    if (json.ok()) Say(text);
    return json.status();
  };
  switch (command.verb) {
    case MockVerb::kList:
      return show(server.Call("GET", ""), NamespacesOf);
    case MockVerb::kFork:
      return said(server.Call("PUT", command.argument, "",
                              OriginOf(command.second.empty() ? user.space : command.second)),
                  "Made the namespace " + command.argument + "; \\mock use " + command.argument +
                      " logs in to it.\n");
    case MockVerb::kReset: {
      const std::string& space = command.argument.empty() ? user.space : command.argument;
      return said(server.Call("PUT", space), "Reset the namespace " + space + ".\n");
    }
    case MockVerb::kUse: {
      const Status exists = server.Call("GET", command.argument).status();
      if (exists.ok()) UseNamespace(command.argument);
      return exists;
    }
    case MockVerb::kDrop:
      return said(server.Call("DELETE", command.argument),
                  "Removed the namespace " + command.argument + ".\n");
    case MockVerb::kPlan:
    case MockVerb::kAdd: {
      if (command.argument.empty()) return show(server.Call("GET", own, "/plan"), PlanRulesOf);
      const auto text = base::ReadFile(ExpandTilde(command.argument), kMostPlanBytes);
      if (!text.ok()) {
        return Status(text.status().code(), command.argument + ": " + text.status().message());
      }
      const bool add = command.verb == MockVerb::kAdd;
      return show(server.Call(add ? "POST" : "PUT", own, "/plan", *text), PlanRulesOf);
    }
    case MockVerb::kClear: {
      const Status plan = server.Call("DELETE", own, "/plan").status();
      if (!plan.ok()) return plan;
      return said(server.Call("DELETE", own, "/journal"),
                  "Removed the plan and the entries of the journal.\n");
    }
    case MockVerb::kJournal: {
      const std::size_t most =
          command.argument.empty() ? kUsualEntries : std::stoul(command.argument);
      return show(server.Call("GET", own, "/journal"),
                  [&](std::string_view json) { return EntriesOf(json, most); });
    }
    case MockVerb::kClock:
      return show(command.argument.empty() ? server.Call("GET", own, "/clock")
                                           : server.Call("PUT", own, "/clock", command.argument),
                  ClockOf);
    case MockVerb::kVerify: {
      const StatusOr<std::string> json = server.Call("POST", own, "/verify", command.argument);
      if (!json.ok()) return json.status();
      const StatusOr<std::string> failure = FailureOf(*json);
      if (!failure.ok()) return failure.status();
      if (!failure->empty()) return FailedPreconditionError(*failure);
      Say("Verified.\n");
      return Status();
    }
  }
  return Status();
}

}  // namespace tql::shell
