// The results cache, compiled plans and further threads never change an answer of an engine that
// many threads use, each with a database of its own: an engine without them, used by one thread,
// answers the same. Tests of the whole server, over every transport, are in tests/integration.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "mockserver/dialect/parser.h"
#include "mockserver/engine/engine.h"
#include "mockserver/engine/results_cache.h"
#include "mockserver/engine/row_encoder.h"
#include "mockserver/engine/scan_threads.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/text_sink.h"

namespace tql::engine {
namespace {

/// How often an answer took each of the short ways.
struct Ways {
  std::atomic<int> kept = 0;     // from the results cache
  std::atomic<int> planned = 0;  // by a compiled plan
  std::atomic<int> encoded = 0;  // with rows that other threads encoded
};

/// Keeps the answer as a text. Like those of the front ends, it has rows encoded by other threads.
class AnswerSink : public testing::TextSink, public RowEncoder {
 public:
  bool Header(std::span<const Column> columns) override {
    (void)TextSink::Header(columns);
    text += '\n';
    return true;
  }
  bool Row(std::span<const std::string_view> cells) override {
    Append(cells, text);
    return true;
  }
  void Append(std::span<const std::string_view> cells, std::string& out) const override {
    for (const std::string_view cell : cells) out.append(cell) += '|';
    out += '\n';
  }
  const RowEncoder* row_encoder() override { return this; }
  bool Rows(EncodedRows& rows) override {
    encoded = true;
    text += rows.bytes;
    return true;
  }
  bool encoded = false;
};

class Server {
 public:
  /// Without arguments, it takes none of the short ways.
  explicit Server(std::shared_ptr<ResultsCache> results = nullptr,
                  std::shared_ptr<ScanThreads> threads = nullptr)
      : use_plans_(results != nullptr) {
    storage::SqliteOptions options;
    options.divided_rows = 16;
    auto storage = storage::OpenSqlite(options);
    EXPECT_TRUE(storage.ok()) << storage.status();
    auto engine = Engine::Create(*std::move(storage), RandomGuidSource(), SystemClock(),
                                 std::move(results), std::move(threads));
    EXPECT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
  }

  /// Runs a statement as the service does: from the cache, by a plan, or parsed.
  std::string Answer(const std::string& text, const Context& context, StatementOptions options) {
    options.use_jit = options.use_jit && use_plans_;
    AnswerSink sink;
    const Engine::Question question{text, context, options};
    if (const auto kept = engine_->FindResult(question)) {
      ++ways.kept;
      EXPECT_EQ(Engine::Repeat(*kept, sink), Status());
      return sink.text;
    }
    std::optional<StatusOr<BegunSelect>> begun;
    if (const auto found = engine_->FindPlan(question)) {
      const Engine::Request planned = RequestOf(text, found->plan->statement(), context, options);
      begun = engine_->BeginPlanned(planned, *found);
      if (begun->status().code() != StatusCode::kAborted) {
        ++ways.planned;
        return Run(planned, begun, sink);
      }
    }
    const auto statement = dialect::ParseStatement(text);
    EXPECT_TRUE(statement.ok()) << text << ": " << statement.status();
    if (!statement.ok()) return {};
    const Engine::Request request = RequestOf(text, *statement, context, options);
    begun = engine_->BeginSelect(request);
    return Run(request, begun, sink);
  }

  Ways ways;

 private:
  Engine::Request RequestOf(const std::string& text, const dialect::Statement& statement,
                            const Context& context, const StatementOptions& options) const {
    return {.text = text,
            .statement = statement,
            .context = context,
            .options = options,
            .cancellation = cancellation_};
  }
  std::string Run(Engine::Request request, std::optional<StatusOr<BegunSelect>>& begun,
                  AnswerSink& sink) {
    if (begun) request.begun = &*begun;
    (void)engine_->Execute(request, sink);  // an error is a message
    if (sink.encoded) ++ways.encoded;
    return sink.text;
  }

  const bool use_plans_;
  std::unique_ptr<Engine> engine_;
  const storage::Cancellation cancellation_;
};

/// # stands for a digit. The answers have one order.
const char* const kSelects[] = {
    "select * from a;",
    "select * from a where n > #000;",
    "select v, k from a where v like '%5%' or k < #;",
    "select n from a where k = 4#;",
    "select k, case when w > 1#0 then v else null end from a where k % 3 <> 1;",
    "select top 7# k from a;",
    "select count(*), sum(n), min(v), max(w), avg(w) from a where n > #;",
    "select k % 1#, count(*), sum(w), max(v) from a group by 1;",
    "select v, count(*), min(n) from a group by v order by 1;",
    "select a.k, b.v from a join b on a.k = b.n where a.k < #0 order by a.k, b.v;",
    "select k from a where k in (select n from b where n > #) order by k;",
    "select count(*), max(n) from b;",
    // Errors, one of them after rows.
    "select k, 9223372036854775807 - 2#0 + k from a;",
    "select unknown from a;",
};
const char* const kChanges[] = {
    "insert into a values (#, #, 0.5, 'replaced'), (9#0, #, null, 'new');",
    "insert into b values (#, 'new'), (1#, null);",
    "insert into b select k, v from a where k < #;",
    "update a set n = n + # where k > #0;",
    "delete from a where k % 7 = #;",
    "delete from b where n < #;",
    "truncate table b;",
    "alter table b add column c# int default #;",
    "drop table b;",
    "create table b (n int, v varchar(0));",
};

/// The answers to one sequence of random statements, in a database of its own. They depend on the
/// number of the database alone.
std::vector<std::string> RandomAnswers(Server& server, unsigned number) {
  constexpr int kSteps = 120;
  constexpr int kRows = 400;
  std::mt19937 random(number);
  const auto one_of = [&](std::span<const char* const> texts) {
    std::string text = texts[random() % texts.size()];
    for (char& c : text) {
      if (c == '#') c = static_cast<char>('0' + random() % 10);
    }
    return text;
  };
  Context context;
  StatementOptions options;
  std::vector<std::string> answers;
  const std::string name = "d" + std::to_string(number);
  answers.push_back(server.Answer("create database " + name + ";", context, options));
  context.database = name;
  std::string rows;
  for (int k = 0; k < kRows; ++k) {
    rows.append(k == 0 ? "(" : ", (").append(std::to_string(k)).append(", ");
    rows.append(std::to_string(k * 37 % 5000)).append(", ").append(std::to_string(k)).append(".25");
    rows.append(", 'text ").append(std::to_string(k % 19)).append("')");
  }
  for (const std::string& text :
       {std::string("create table a (k int, n bigint, w double, v varchar(0), primary key (k));"),
        std::string("create table b (n int, v varchar(0));"), "insert into a values " + rows + ";",
        std::string("insert into b select k, v from a where k < 50;")}) {
    answers.push_back(server.Answer(text, context, options));
  }
  for (int step = 0; step < kSteps; ++step) {
    const bool select = random() % 6 != 0;
    const std::string text = select ? one_of(kSelects) : one_of(kChanges);
    options.query_results_apply_top_row_count = random() % 4 == 0 ? 60 : 0;
    options.use_jit = random() % 8 != 0;
    options.skip_cache = random() % 8 == 0;
    for (std::size_t times = select ? 1 + random() % 3 : 1; times > 0; --times) {
      answers.push_back(text + '\n' + server.Answer(text, context, options));
    }
  }
  return answers;
}

TEST(EngineSameAnswersTest, OfManyThreadsAreThoseOfOne) {
  constexpr unsigned kThreads = 6;
  Server plain;
  // So small that results are dropped all the time.
  Server server(std::make_shared<ResultsCache>(std::size_t{256} << 10),
                std::make_shared<ScanThreads>(3));
  std::vector<std::vector<std::string>> answers(kThreads);
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] { answers[i] = RandomAnswers(server, i); });
    }
  }
  for (unsigned i = 0; i < kThreads; ++i) {
    const std::vector<std::string> expected = RandomAnswers(plain, i);
    ASSERT_EQ(answers[i].size(), expected.size());
    for (std::size_t n = 0; n < expected.size(); ++n) {
      ASSERT_EQ(answers[i][n], expected[n]) << "database " << i << ", answer " << n;
    }
  }
  EXPECT_GT(server.ways.kept, 0);
  EXPECT_GT(server.ways.planned, 0);
  EXPECT_GT(server.ways.encoded, 0);
  EXPECT_EQ(plain.ways.kept + plain.ways.planned + plain.ways.encoded, 0);
}

/// Answers of threads that read a table while another one changes all of its rows at a time.
TEST(EngineSameAnswersTest, EachIsThatOfOneMoment) {
  constexpr int kRows = 300;
  constexpr int kChangesToMake = 60;
  Server server(std::make_shared<ResultsCache>(std::size_t{1} << 20),
                std::make_shared<ScanThreads>(3));
  Context context;
  StatementOptions options;
  options.query_results_apply_top_row_count = 0;
  (void)server.Answer("create database d;", context, options);
  context.database = "d";
  (void)server.Answer("create table t (k int, n int);", context, options);
  std::string rows = "insert into t values (0, 0)";
  for (int k = 1; k < kRows; ++k) rows += ", (" + std::to_string(k) + ", 0)";
  (void)server.Answer(rows + ";", context, options);
  const auto of_version = [](int n) {
    std::string text = "n \n";
    for (int k = 0; k < kRows; ++k) text += std::to_string(n) + "|\n";
    return text;
  };
  std::atomic<int> stored = 0;  // the last version that is stored for certain
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&, i] {
      // Every other thread asks in another way, so that not all get the result that one has kept.
      const std::string text = i % 2 == 0 ? "select n from t;" : "select n from t where k >= 0;";
      for (int seen = 0; seen < kChangesToMake;) {
        const int before = stored;
        const std::string answer = server.Answer(text, context, options);
        const std::size_t row = answer.find('\n') + 1;
        const int n = std::stoi(answer.substr(row));
        ASSERT_GE(n, before);
        ASSERT_GE(n, seen);
        ASSERT_TRUE(answer.starts_with(of_version(n))) << answer;
        seen = n;
      }
    });
  }
  for (int n = 1; n <= kChangesToMake; ++n) {
    (void)server.Answer("update t set n = " + std::to_string(n) + ";", context, options);
    stored = n;
  }
}

}  // namespace
}  // namespace tql::engine
