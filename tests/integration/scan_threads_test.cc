// More threads never change an answer: a server that reads large tables with several threads
// answers as one whose statements have only their own, over every transport.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/transports.h"

namespace tql::testing {
namespace {

constexpr unsigned kSpaces = 4;
/// The plan of each namespace: those that change rows need their cells, the others leave it to the
/// threads to encode them.
constexpr const char* kPlans[kSpaces] = {
    "{}",
    "rule: [{do: [{edit: {at: {row: 1200}, repeat: 2}}]}]",
    "settings: {unordered_rows: REVERSED}",
    "rule: [{do: [{edit: {at: {message: 0}, repeat: 1}}]}]",
};

mock::Config ConfigOf(std::size_t threads, std::size_t results_cache_bytes) {
  mock::Config config;
  config.results_cache_bytes = results_cache_bytes;
  config.scan_threads = threads;
  config.scan_threads_rows = 16;
  config.init_scripts = {
      "create database d; use d; create table digits (d int); insert into digits values (0), "
      "(1), (2), (3), (4), (5), (6), (7), (8), (9); "
      "create table a (k int, n bigint, w double, v varchar(0), t date, primary key (k)); "
      "create table b (n int, v varchar(0)); create table versions (k int, n int);"};
  return config;
}

/// A server of which each namespace has a client over each transport.
class Server : public OpenServer {
 public:
  explicit Server(std::size_t threads, std::size_t results_cache_bytes = 0)
      : OpenServer(ConfigOf(threads, results_cache_bytes)) {}
};

void Execute(Client& client, const std::string& text) {
  const Outcome outcome = client.Execute(text);
  ASSERT_TRUE(outcome.status.ok()) << text << ": " << outcome.status;
}

/// Rows with this number times 1000, 0 to 999.
std::string ThousandRows(const std::string& columns, int thousand) {
  std::string text = "insert into " + columns +
                     " from digits x join digits y on 1 = 1 join digits "
                     "z on 1 = 1;";
  const std::string key = "(" + std::to_string(thousand * 1000) + " + x.d * 100 + y.d * 10 + z.d)";
  for (std::size_t at = 0; (at = text.find('%', at)) != text.npos;) text.replace(at, 1, key);
  return text;
}

/// Tables, messages and errors, one per line; unlike Record(), fast enough for many rows.
std::vector<std::string> LinesOf(StatusOr<std::unique_ptr<ResultStream>> stream) {
  if (!stream.ok()) return {"refused " + stream.status().ToString()};
  std::vector<std::string> lines;
  for (;;) {
    const StatusOr<ResultEvent> event = (*stream)->Next();
    std::string line;
    if (!event.ok()) {
      line = "error " + event.status().ToString();
    } else if (const auto* row = std::get_if<RowView>(&*event)) {
      for (const std::string_view cell : *row) line.append("|").append(cell);
    } else if (const auto* header = std::get_if<Header>(&*event)) {
      for (const Column& column : header->columns) {
        line.append("|").append(column.name).append(":").append(ColumnTypeName(column.type));
      }
    } else if (const auto* message = std::get_if<Message>(&*event)) {
      line = std::to_string(static_cast<int>(message->severity)) + ' ' + message->text;
    } else {
      line = "event " + std::to_string(event->index());
    }
    lines.push_back(std::move(line));
    if (!event.ok() || std::holds_alternative<StreamEnd>(*event)) return lines;
  }
}

/// The numbers of rows and bytes in the journal of a namespace.
std::vector<std::string> SizesInJournal(Server& server, const std::string& space) {
  const auto journal = (*server).Find(space).Journal();
  if (!journal.ok()) return {journal.status().ToString()};
  std::vector<std::string> sizes;
  for (const std::string key : {"\"rows\":\"", "\"bytes\":\""}) {
    for (std::size_t at = 0; (at = journal->find(key, at)) != journal->npos; at += key.size()) {
      sizes.push_back(journal->substr(at, journal->find('"', at + key.size()) - at));
    }
  }
  return sizes;
}

/// SELECTs of one table; # stands for a digit.
const char* const kSelects[] = {
    "select * from a;",
    "select * from a where n > #000;",
    "select v, k from a where v like '%5%' or k < #;",
    "select k, n, case when w > 1#0 then v else null end from a where t is not null;",
    "select k from a where k between # and 2#00;",
    "select * from a where k = 5 or n = #0;",
    "select k + n, abs(w), v from a where not (k % 3 = 1);",
    "select v from b;",
    "select n, v from b where n in (1, #, 2#);",
    "select t, absyear(t) from a where t > '2001-01-01';",
    "select 'constant' from a;",
    "select top 2#00 k from a;",
    "select k from a limit 1#0;",
    // Aggregates.
    "select count(*), sum(n), min(v), max(w), avg(w) from a where n > #;",
    "select sum(w), avg(w), avg(n), stddev(k) from a where k % 3 <> #;",
    "select k % 1#, count(*), sum(w), max(t) from a group by 1;",
    "select v, count(*), min(n) from b group by v;",
    "select n % 7, sum(n), max(v) from b where n > #0 group by 1 order by 2 desc, 1;",
    "select k % 5, sum(w) / count(*), 'x' from a group by 1 having count(*) > #00 order by 2;",
    "select t, v, count(n) from a where v > '#' group by v, t order by count(n) desc, t;",
    "select max(n) - min(n), count(distinct v) from b;",
    "select sum(9223372036854775807 - n) from a where k > #;",
    "select k % 2, sum(cast(v as int)) from a group by 1;",
    // Errors: at once, in the middle, or near the end.
    "select 9223372036854775807 + 1 from a;",
    "select k, 9223372036854775807 - 2#00 + k from a;",
    "select k, cast(v as int) from a;",
    "select cast(v as int), n from b;",
    "select 9223372036854775807 - 99#0 + n from a where k > 9;",
    // What only one thread reads.
    "select k from a order by n desc, k;",
    "select k, (select max(n) from b) from a where k in (select n from b);",
    "select a.k, b.v from a join b on a.k = b.n where a.k < # order by a.k, b.v;",
    "select distinct v from b order by v;",
    "select k from a where k < 50 union select n from b where n < 50 order by 1;",
};
const char* const kChanges[] = {
    "delete from a where k % 7 = #;",
    "delete from a where k between # and 1#0;",
    "delete from b where n < #;",
    "insert into a (k, n, v) values (9#0, #, 'new'), (#, 0, 'replaced');",
    "insert into b values (#, 'new');",
    "insert into b select k, v from a where k < #0;",
    "update a set n = n + # where k > #;",
    "update a set k = k + 10000 where k < #;",
    "update a set v = '#' where k = 1#0;",
    "truncate table b;",
    "alter table b add column c# int default #;",
};

std::string WithNumbers(std::string text, std::mt19937& random) {
  for (char& c : text) {
    if (c == '#') c = static_cast<char>('0' + random() % 10);
  }
  return text;
}

/// The answers of one sequence of random statements, in a namespace of its own. They depend on the
/// seed alone.
std::vector<std::string> RandomAnswers(Server& server, const std::string& space, unsigned seed) {
  constexpr int kSteps = 60;
  std::mt19937 random(seed);
  EXPECT_TRUE((*server).Fork(space).ok());
  std::vector<Client> clients = server.Clients(space);
  for (int thousand = 0; thousand < 3; ++thousand) {
    Execute(clients[0], ThousandRows("a select %, % * 1000, % * 0.25, % || '', null", thousand));
    Execute(clients[0], ThousandRows("b select %, 'text ' || %", thousand));
  }
  Execute(clients[0],
          "update a set t = '2001-02-03', v = 'O''Brien \"<\xC3\xA4>\"' where k % 11 = 3;");
  Execute(clients[0], "update b set v = n where n < " + std::to_string(random() % 3000) + ";");
  EXPECT_EQ((*server).Find(space).SetPlan(kPlans[seed]), Status());
  std::vector<std::string> lines;
  for (int step = 0; step < kSteps; ++step) {
    Client& client = clients[random() % clients.size()];
    RequestOptions options;
    options.statement.query_results_apply_top_row_count = random() % 4 == 0 ? 1500 : -1;
    const bool select = random() % 4 != 0;
    const std::string text = WithNumbers(select ? kSelects[random() % std::size(kSelects)]
                                                : kChanges[random() % std::size(kChanges)],
                                         random);
    if (random() % 4 == 0) options.statement.null_string = "nothing";
    if (random() % 6 == 0) options.statement.date_format = "%d.%m.%y";
    if (random() % 6 == 0) options.statement.pagination_start = 10;
    if (random() % 6 == 0) options.statement.pagination_size = 2000;
    if (random() % 8 == 0) options.statement.use_jit = false;
    lines.push_back("-- " + text);
    std::vector<std::string> answer =
        random() % 5 == 0 ? LinesOf(client.StreamScript("use d; " + text + "select 1;", options))
                          : LinesOf(client.Stream(text, options));
    lines.insert(lines.end(), answer.begin(), answer.end());
  }
  const std::vector<std::string> sizes = SizesInJournal(server, space);
  EXPECT_GT(sizes.size(), std::size_t{kSteps});
  lines.insert(lines.end(), sizes.begin(), sizes.end());
  return lines;
}

TEST(ScanThreadsTest, AnswersAreThoseOfOneThread) {
  Server one(1);
  Server four(4);
  Server cached(4, 1 << 20);
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < kSpaces; ++i) {
    threads.emplace_back([&, i] {
      const std::string space = "t" + std::to_string(i);
      const auto expected = RandomAnswers(one, space, i);
      EXPECT_GT(expected.size(), 10'000U);
      for (Server* const server : {&four, &cached}) {
        const auto answers = RandomAnswers(*server, space, i);
        ASSERT_EQ(answers.size(), expected.size());
        for (std::size_t line = 0; line < answers.size(); ++line) {
          ASSERT_EQ(answers[line], expected[line]) << space << ", line " << line;
        }
      }
    });
  }
}

TEST(ScanThreadsTest, EachAnswerIsThatOfOneMoment) {
  Server server(4);
  std::vector<Client> setup = server.Clients("main");
  for (int thousand = 0; thousand < 3; ++thousand) {
    Execute(setup[0], ThousandRows("versions select %, 0", thousand));
  }
  std::atomic<bool> done = false;
  std::jthread writer([&] {
    std::vector<Client> clients = server.Clients("main");
    for (std::size_t n = 1; n <= 100; ++n) {
      const std::string number = std::to_string(n);
      Execute(clients[n % 3], "update versions set n = " + number + ";");
      // The rows after the first have other places.
      if (n % 10 == 0) {
        Execute(clients[0], "delete from versions where k = " + std::to_string(n * 7) + ";");
        Execute(clients[1],
                "insert into versions values (" + std::to_string(n * 7) + ", " + number + ");");
      }
    }
    done = true;
  });
  std::vector<std::jthread> readers;
  for (std::size_t i = 0; i < 3; ++i) {
    readers.emplace_back([&, i] {
      std::vector<Client> clients = server.Clients("main");
      RequestOptions options;
      options.statement.query_results_apply_top_row_count = -1;
      while (!done) {
        auto stream = clients[i].Stream("select k, n from versions;", options);
        ASSERT_TRUE(stream.ok()) << stream.status();
        std::string first;
        std::size_t rows = 0;
        for (bool more = true; more;) {
          const StatusOr<ResultEvent> event = (*stream)->Next();
          ASSERT_TRUE(event.ok()) << event.status();
          more = !std::holds_alternative<StreamEnd>(*event);
          const RowView* row = std::get_if<RowView>(&*event);
          if (row == nullptr) continue;
          const std::string version((*row)[1]);
          if (rows++ == 0) first = version;
          ASSERT_EQ(version, first);
        }
        ASSERT_GE(rows, 2999U);
        ASSERT_LE(rows, 3000U);
        const std::vector<std::string> edges = LinesOf(
            clients[i].Stream("select min(n) - max(n), count(*) > 2998 from versions;", options));
        ASSERT_GT(edges.size(), 2U);
        ASSERT_EQ(edges[2], "|0|true") << edges.back();
      }
    });
  }
}

/// The namespace keeps no cursor of an answer that nobody reads to its end, and no thread waits for
/// a client: answers that are read slowly or not at all leave the threads to others.
TEST(ScanThreadsTest, ClientsThatDoNotReadHoldNoThread) {
  Server server(2);
  std::vector<Client> clients = server.Clients("main");
  for (int thousand = 0; thousand < 20; ++thousand) {
    Execute(clients[0],
            ThousandRows("b select %, 'a text of some length, so that the answer does not "
                         "fit into the buffers of sockets and threads: ' || %",
                         thousand));
  }
  RequestOptions options;
  options.statement.query_results_apply_top_row_count = -1;
  std::vector<std::unique_ptr<ResultStream>> unread;
  for (int i = 0; i < 30; ++i) {
    auto stream = clients[static_cast<std::size_t>(i) % clients.size()].Stream(
        "select n, v, v from b;", options);
    ASSERT_TRUE(stream.ok()) << stream.status();
    unread.push_back(*std::move(stream));
    if (i % 2 == 0) {
      ASSERT_TRUE(unread.back()->Next().ok());
    }
  }
  const auto whole = LinesOf(clients[0].Stream("select n from b;", options));
  EXPECT_GT(whole.size(), 20'000U);
  unread.clear();
  const auto again = LinesOf(clients[2].Stream("select n from b;", options));
  EXPECT_EQ(again, whole);
}

}  // namespace
}  // namespace tql::testing
