// Runs the recipes of tests/data/testdouble over every transport: plans, and what a client of the
// server sees with them.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "proto/base/file.h"
#include "proto/document/document.h"
#include "tests/integration/get_step.h"
#include "tests/integration/transports.h"
#include "tests/support/test_data.h"
#include "tql/load.h"

namespace tql::testing {
namespace {

using document::Node;

const char kData[] =
    "create database d; use d; create table t (a int, b varchar(0)); "
    "insert into t values (0, 'zero'); insert into t values (1, 'one'); "
    "insert into t values (2, 'two'); insert into t values (3, 'three');";

/// The deadline of a step that waits for a stalled answer, and of all others.
constexpr std::chrono::milliseconds kStallDeadline{1000};
constexpr std::chrono::seconds kDeadline{60};

const Node* Find(const Node& map, std::string_view key) {
  for (const auto& [name, value] : map.entries) {
    if (name.text == key) return &value;
  }
  return nullptr;
}

std::string TextOf(const Node& map, std::string_view key) {
  const Node* const node = Find(map, key);
  return node == nullptr ? "" : node->text;
}

/// The node as JSON, for texts of plans and verifications.
std::string JsonOf(const Node& node) {
  const auto quoted = [](std::string_view text) {
    std::string json = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') json += '\\';
      c == '\n' ? json += "\\n" : json += c;
    }
    return json + '"';
  };
  std::string json;
  switch (node.kind) {
    case Node::Kind::kNull:
      return "null";
    case Node::Kind::kScalar:
      return quoted(node.text);
    case Node::Kind::kList:
      for (const Node& item : node.items) json += (json.empty() ? "" : ", ") + JsonOf(item);
      return '[' + json + ']';
    case Node::Kind::kMap:
      for (const auto& [key, value] : node.entries) {
        json += (json.empty() ? "" : ", ") + quoted(key.text) + ": " + JsonOf(value);
      }
      return '{' + json + '}';
  }
  return json;
}

/// What a step gives over a transport: a list for all of them, or a map with one for each.
std::vector<std::string> Expected(const Node& step, Way way) {
  const Node* gives = Find(step, "gives");
  if (gives == nullptr) return {"no key `gives`"};
  if (gives->kind == Node::Kind::kMap) {
    const std::string own = way == Way::kHttp || way == Way::kHttps     ? "http"
                            : way == Way::kGrpc || way == Way::kGrpcTls ? "grpc"
                                                                        : "in_process";
    const Node* const of_way = Find(*gives, own);
    gives = of_way != nullptr ? of_way : Find(*gives, "other");
    if (gives == nullptr) return {"no key `" + own + "` or `other`"};
  }
  std::vector<std::string> lines;
  for (const Node& line : gives->items) lines.push_back(line.text);
  return lines;
}

std::string Ended(const Status& status) {
  return status.ok() ? "ok" : "refused " + std::string(StatusCodeName(status.code()));
}

/// Without the lines that no recipe is about.
std::vector<std::string> Interesting(std::vector<std::string> lines) {
  std::erase_if(lines, [](const std::string& line) {
    return line.starts_with("context ") || line.starts_with("statement ");
  });
  for (std::string& line : lines) {
    while (line.ends_with('\n') || line.ends_with(' ')) line.pop_back();
  }
  return lines;
}

std::vector<std::string> RunStep(const Node& step, std::chrono::milliseconds patience,
                                 Transport& transport) {
  CallLimits limits;
  limits.deadline = std::chrono::steady_clock::now() + patience;
  if (const Node* const text = Find(step, "query")) {
    QueryParams params;
    params.statement = text->text;
    params.context.database = "d";
    params.limits = limits;
    return Interesting(Record(transport.Query(params)));
  }
  if (const Node* const text = Find(step, "script")) {
    ScriptParams params;
    params.script = text->text;
    params.context.database = "d";
    params.limits = limits;
    return Interesting(Record(transport.RunScript(params)));
  }
  if (Find(step, "login") != nullptr) {
    return {Ended(transport.Login({TextOf(step, "login"), "admin", limits}))};
  }
  if (Find(step, "logout") != nullptr) return {Ended(transport.Logout({limits}))};
  if (Find(step, "tokens") != nullptr) {
    TokensParams params;
    params.limits = limits;
    return {Ended(transport.GetTokens(params).status())};
  }
  if (Find(step, "schema_version") != nullptr) {
    SchemaVersionParams params;
    params.limits = limits;
    return {Ended(transport.SchemaVersion(params).status())};
  }
  return {"no call in the step"};
}

/// Loads a text into the table t: "loaded 2", or how the load failed.
std::string RunLoad(const std::string& text, const std::string& url, Options options) {
  LoadRequest request;
  request.database = "d";
  request.table = "t";
  request.timeout = kDeadline;
  request.source = [&text, read = std::size_t{0}](
                       char* into, std::size_t size) mutable -> StatusOr<std::size_t> {
    const std::size_t count = text.copy(into, size, read);
    read += count;
    return count;
  };
  const LoadOutcome outcome = Load(url, std::move(options), request);
  return outcome.status.ok() ? "loaded " + std::to_string(outcome.rows_written)
                             : Ended(outcome.status);
}

bool RefusedUnavailable(const std::vector<std::string>& lines) {
  return lines == std::vector<std::string>{"refused UNAVAILABLE"};
}

/// Runs a step with the deadline that its expected lines need. Over gRPC, a call that follows a cut
/// can still be given to the closed connection, and fails without having been sent; it is repeated.
std::vector<std::string> RunStep(const Node& step, const std::vector<std::string>& expected,
                                 bool grpc, Transport& transport) {
  const bool stalls = std::ranges::any_of(
      expected, [](const std::string& line) { return line.ends_with("DEADLINE_EXCEEDED"); });
  const auto end = std::chrono::steady_clock::now() + kDeadline;
  while (true) {
    std::vector<std::string> lines = RunStep(step, stalls ? kStallDeadline : kDeadline, transport);
    const bool repeat = grpc && RefusedUnavailable(lines) && !RefusedUnavailable(expected);
    if (!repeat || std::chrono::steady_clock::now() > end) return lines;
  }
}

std::vector<std::string> RecipeFiles() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(TestData("testdouble"))) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

class RecipesTest : public ::testing::TestWithParam<Way> {};

INSTANTIATE_TEST_SUITE_P(Ways, RecipesTest, ::testing::ValuesIn(AllWays()),
                         [](const auto& way) { return WayName(way.param); });

TEST_P(RecipesTest, DoWhatTheySay) {
  Service service(GetParam(), {.thena = "127.0.0.1:0", .init_scripts = {kData}});
  const bool grpc = GetParam() == Way::kGrpc || GetParam() == Way::kGrpcTls;
  int recipes = 0;
  for (const std::string& file : RecipeFiles()) {
    const StatusOr<std::string> text = base::ReadFile(file, std::size_t{1} << 20);
    ASSERT_TRUE(text.ok()) << text.status();
    const StatusOr<Node> list = document::ParseYaml(*text);
    ASSERT_TRUE(list.ok()) << file << ": " << list.status();
    for (const Node& recipe : list->items) {
      // Some calls exist over HTTP alone.
      if (TextOf(recipe, "over") == "http" && GetParam() != Way::kHttp) continue;
      SCOPED_TRACE(file + ":" + std::to_string(recipe.line) + ": " + TextOf(recipe, "name"));
      const std::string space = "r" + std::to_string(++recipes);
      auto fork = service.server().Fork(space);
      ASSERT_TRUE(fork.ok()) << fork.status();
      Options once;
      once.retry.max_attempts = 1;
      const std::shared_ptr<Transport> transport = service.NewTransport(once);
      const std::string user = fork->UserName("tsadmin");
      ASSERT_TRUE(transport->Login({user, "admin", {}}).ok());
      if (const Node* const plan = Find(recipe, "plan")) {
        const Status status = fork->SetPlan(JsonOf(*plan));
        ASSERT_TRUE(status.ok()) << status;
      }
      for (const Node& step : Find(recipe, "steps")->items) {
        Node as_user = step;
        for (auto& [key, value] : as_user.entries) {
          if (key.text == "login") value.text = user;
        }
        const std::vector<std::string> expected = Expected(step, GetParam());
        if (Find(step, "load") != nullptr) {
          Options options = once;
          options.user = user;
          options.credentials = Credentials::Password("admin");
          EXPECT_EQ(std::vector{RunLoad(TextOf(step, "load"), service.Address(), options)},
                    expected)
              << "in line " << step.line;
          continue;
        }
        if (Find(step, "rest") != nullptr) {
          const std::string status =
              GetRest(service.Address(), TextOf(step, "rest"), user, TextOf(step, "has"));
          EXPECT_EQ(std::vector{status}, expected) << "in line " << step.line;
          continue;
        }
        if (Find(step, "thena") != nullptr) {
          const std::string& url = service.server().thena_url();
          EXPECT_EQ(std::vector{GetThena(url, TextOf(step, "thena"), space, TextOf(step, "has"))},
                    expected)
              << "in line " << step.line;
          continue;
        }
        EXPECT_EQ(RunStep(as_user, expected, grpc, *transport), expected)
            << "in line " << step.line;
      }
      const Node* const verify = Find(recipe, "verify");
      const Status verified =
          verify == nullptr ? fork->Verify("{within: 5s}") : fork->Verify(JsonOf(*verify));
      EXPECT_TRUE(verified.ok()) << verified;
      EXPECT_TRUE(service.server().Remove(space).ok());
    }
  }
  EXPECT_GE(recipes, 60);
}

}  // namespace
}  // namespace tql::testing
