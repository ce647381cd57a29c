// The results cache never changes an answer: a server that keeps results answers as one that does
// not, over every transport, whatever else happens.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/transports.h"

namespace tql::testing {
namespace {

constexpr int kThreads = 8;

mock::Config ConfigOf(std::size_t results_cache_bytes) {
  mock::Config config;
  config.results_cache_bytes = results_cache_bytes;
  config.init_scripts = {
      "create database d; use d; create table a (k int, v varchar(0), primary key (k)); "
      "create table b (k int, w double); insert into a values (1, 'one'), (2, 'two'); "
      "insert into b values (1, 0.5), (2, 1.5), (2, 2.5); "
      "create table counter (k int, n int, primary key (k)); "
      "insert into counter values (1, 0);"};
  return config;
}

/// A server of which each namespace has a client over each transport.
class Server : public OpenServer {
 public:
  explicit Server(std::size_t results_cache_bytes) : OpenServer(ConfigOf(results_cache_bytes)) {}
};

/// Few SELECTs, so that they repeat, among changes of all kinds.
const char* const kSelects[] = {
    "select * from a order by k;",
    "select * from a order by k limit 1;",
    "SELECT * from a order by k;",
    "select count(*), sum(w) from b;",
    "select a.k, sum(b.w) from a join b on a.k = b.k group by a.k order by 1;",
    "select k from a where k in (select k from b where w > 1) order by k;",
    "select v from a union select 'x' from b order by 1;",
    "select 1;",
    "select top 2 * from b order by w desc, k;",
    "select unknown from a;",
};
const char* const kChanges[] = {
    "insert into a values (%, 'new');",
    "insert into b values (%, %.5), (3, 3);",
    "insert into b select k, % from a;",
    "update a set v = 'changed %' where k = 1;",
    "update b set w = w + 1 where k = 2;",
    "delete from a where k > 2;",
    "delete from b where k = %;",
    "truncate table b;",
    "alter table a add column c% int default %;",
    "alter table a drop column c1;",
    "alter table a rename column v to x%;",
    "drop table b; create table b (k int, w double); insert into b values (1, %);",
    "insert into nowhere values (1);",
};

std::string WithNumber(std::string text, unsigned number) {
  for (std::size_t at = 0; (at = text.find('%', at)) != text.npos;) {
    text.replace(at, 1, std::to_string(number));
  }
  return text;
}

/// The answers of one sequence of random statements, in a namespace of its own. They depend on the
/// seed alone.
std::vector<std::string> RandomAnswers(Server& server, const std::string& space, unsigned seed) {
  constexpr int kSteps = 60;
  std::mt19937 random(seed);
  const auto below = [&](std::size_t count) { return random() % count; };
  EXPECT_TRUE((*server).Fork(space).ok());
  std::vector<Client> clients = server.Clients(space);
  std::vector<std::string> lines;
  const auto add = [&](std::vector<std::string> answer) {
    lines.insert(lines.end(), answer.begin(), answer.end());
  };
  for (int step = 0; step < kSteps; ++step) {
    Client& client = clients[below(clients.size())];
    RequestOptions options;
    const std::size_t kind = below(10);
    if (kind < 7) {
      const std::string text = kSelects[below(std::size(kSelects))];
      if (below(4) == 0) options.statement.null_string = "nothing";
      if (below(4) == 0) options.statement.pagination_start = 1;
      if (below(8) == 0) options.statement.query_row_count_only = true;
      if (below(8) == 0) options.statement.format_output = false;
      if (below(8) == 0) options.statement.skip_cache = true;
      lines.push_back("-- " + text);
      for (std::size_t times = 1 + below(4); times > 0; --times) {
        add(Record(client.Stream(text, options)));
      }
    } else {
      const std::string text =
          WithNumber(kChanges[below(std::size(kChanges))], static_cast<unsigned>(below(6)));
      lines.push_back("-- " + text);
      options.on_question = [](const Question&) -> StatusOr<std::string> { return "yes"; };
      options.statement.allow_unsafe = true;
      if (kind == 7) {
        std::string script = "use d;";
        for (int i = 0; i < 3; ++i)
          script.append(kSelects[below(std::size(kSelects))]).append(text);
        add(Record(client.StreamScript(script, options)));
      } else {
        add(Record(client.Stream(text, options)));
      }
    }
  }
  return lines;
}

/// How many answers in the journal of a namespace came from the cache.
std::size_t AnswersFromCache(Server& server, const std::string& space) {
  const auto journal = (*server).Find(space).Journal();
  EXPECT_TRUE(journal.ok()) << journal.status();
  std::size_t count = 0;
  const std::string& text = *journal;
  for (std::size_t at = 0; (at = text.find("\"from_cache\":true", at)) != text.npos; ++at) ++count;
  return count;
}

TEST(ResultsCacheTest, AnswersAsAServerWithout) {
  Server keeps(std::size_t{32} << 20);
  Server small(std::size_t{24} << 10);  // so that results are dropped all the time
  Server off(0);
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const std::string space = "t" + std::to_string(i);
      const auto expected = RandomAnswers(off, space, i);
      for (Server* server : {&keeps, &small}) {
        const auto answers = RandomAnswers(*server, space, i);
        ASSERT_EQ(answers.size(), expected.size());
        for (std::size_t line = 0; line < answers.size(); ++line) {
          ASSERT_EQ(answers[line], expected[line]) << space << ", line " << line;
        }
        EXPECT_GT(AnswersFromCache(*server, space), 0U);
      }
      EXPECT_EQ(AnswersFromCache(off, space), 0U);
    });
  }
}

/// Returns the only cell of the answer.
int CellOf(Client& client, const std::string& text) {
  const auto value = client.QueryValue<int>(text);
  EXPECT_TRUE(value.ok()) << value.status();
  return value.ok() ? *value : -1;
}

TEST(ResultsCacheTest, NeverAnswersWithRowsThatAreOlderThanAChangeThatWasAnswered) {
  Server server(std::size_t{32} << 20);
  constexpr int kChangesToMake = 300;
  std::atomic<int> answered = 0;  // the last value that is stored for certain
  std::vector<std::jthread> threads;
  for (int i = 1; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      std::vector<Client> clients = server.Clients("main");
      int seen = 0;
      for (std::size_t turn = static_cast<std::size_t>(i); seen < kChangesToMake; ++turn) {
        const int before = answered;
        const int n = CellOf(clients[turn % clients.size()], "select n from counter where k = 1;");
        ASSERT_GE(n, before);
        ASSERT_GE(n, seen);  // nor than what this client has seen
        seen = n;
      }
    });
  }
  std::vector<Client> clients = server.Clients("main");
  for (int n = 1; n <= kChangesToMake; ++n) {
    const std::string number = std::to_string(n);
    Client& client = clients[static_cast<std::size_t>(n) % clients.size()];
    const Outcome outcome =
        n % 2 == 0 ? client.Execute("insert into counter values (1, " + number + ");")
                   : client.Execute("update counter set n = " + number + " where k = 1;");
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
    answered = n;
  }
}

TEST(ResultsCacheTest, KeepsTheResultThatWasAskedForTwice) {
  Server server(std::size_t{32} << 20);
  std::vector<Client> clients = server.Clients("main");
  const auto ask = [&](const char* text, const RequestOptions& options = {}) {
    const std::size_t before = AnswersFromCache(server, "main");
    for (Client& client : clients) (void)Record(client.Stream(text, options));
    return AnswersFromCache(server, "main") - before;
  };
  const char* const text = "select * from a order by k;";
  EXPECT_EQ(ask(text), 1U);  // the third
  EXPECT_EQ(ask(text), 3U);
  RequestOptions skip;
  skip.statement.skip_cache = true;
  EXPECT_EQ(ask(text, skip), 0U);
  // Not a table of this SELECT.
  ASSERT_TRUE(clients[0].Execute("insert into b values (9, 9);").status.ok());
  EXPECT_EQ(ask(text), 3U);
  ASSERT_TRUE(clients[0].Execute("insert into a values (9, 'nine');").status.ok());
  EXPECT_EQ(ask(text), 2U);  // was asked before, so the first is kept again
  EXPECT_EQ(ask("select unknown from a;"), 0U);
  EXPECT_EQ(ask("show tables;"), 0U);
}

}  // namespace
}  // namespace tql::testing
