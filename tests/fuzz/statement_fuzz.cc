// Any bytes as a script, executed on a small database in SQLite: no statement ends with an internal
// error, errors of the parser have a place, other places lie within the text, and a statement
// returns the same rows after it was parsed and printed.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/printer.h"
#include "mockserver/dialect/splitter.h"
#include "mockserver/engine/engine.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"

namespace {

namespace engine = tql::engine;

constexpr std::size_t kLongestScript = 8192;
constexpr int kMostStatements = 12;
constexpr std::size_t kMostAnswer = std::size_t{1} << 20;

void Check(bool condition, std::string_view what, const tql::Status& status = {}) {
  if (condition) return;
  std::fprintf(stderr, "%s: %s\n", std::string(what).c_str(), status.message().c_str());
  std::abort();
}

class FixedClock : public engine::Clock {
 public:
  TimePoint Now() const override { return {}; }
  std::chrono::system_clock::time_point WallTime() const override { return {}; }
};

/// Every engine gets the same guids.
class CountingGuids : public engine::GuidSource {
 public:
  std::string NewGuid(std::int64_t /*id*/) override {
    std::string digits = std::to_string(++count_);
    digits.insert(0, 12 - digits.size(), '0');
    return "00000000-0000-4000-8000-" + digits;
  }

 private:
  std::uint64_t count_ = 0;
};

/// Keeps what does not depend on the spelling of the statement: not the names of columns, which may
/// be the texts of expressions, nor errors and warnings, which may have places.
class Answer : public engine::StatementSink {
 public:
  explicit Answer(engine::Context before) : context_(std::move(before)) {}

  bool OnProgress(std::span<const engine::Progress>) override { return true; }
  bool OnQuestion(const engine::Question& question) override { return Add(question.prompt); }
  bool Begin(const engine::Context& context) override {
    context_ = context;
    return true;
  }
  bool Header(std::span<const engine::Column> columns) override {
    return Add(std::to_string(columns.size()));
  }
  bool Row(std::span<const std::string_view> cells) override {
    for (const std::string_view cell : cells) {
      if (!Add(cell)) return false;
    }
    return true;
  }
  bool Message(engine::MessageType type, std::string_view text) override {
    return type != engine::MessageType::kInfo || Add(text);
  }
  void End() override {}

  const std::string& text() const { return text_; }
  const engine::Context& context() const { return context_; }

 private:
  bool Add(std::string_view text) {
    text_.append(text) += '\n';
    return text_.size() < kMostAnswer;
  }

  engine::Context context_;
  std::string text_;
};

/// An engine with a context and guids of its own.
class Database {
 public:
  /// With the tables and rows that the scripts of the corpus use.
  Database() {
    auto storage = tql::storage::OpenSqlite({});
    Check(storage.ok(), "storage", storage.status());
    auto made = engine::Engine::Create(*std::move(storage), guids_, clock_);
    Check(made.ok(), "engine", made.status());
    engine_ = *std::move(made);
    tql::dialect::ScriptSplitter script(
        "create database d; use d;"
        "create table c (id int, name varchar(0), since date, ratio float, primary key (id));"
        "create table o (id int, cid int, amount double, at datetime, paid bool, big bigint,"
        " clock time, constraint primary key (id), constraint foreign key (cid) references c (id));"
        "insert into c values (1, 'Ann', '2018-01-15', 0.5), (2, 'Bob', null, -1.25), (3, '', "
        "'2020-02-29', null);"
        "insert into o values (1, 1, 10.5, '2019-12-31 23:59:59', true, 9223372036854775807, "
        "'10:20:30'), (2, 1, 1e300, null, false, -1, null), (3, 9, null, '2020-02-29 12:00:00', "
        "null, null, '00:00:00');");
    while (const auto statement = script.Next()) {
      const auto parsed = tql::dialect::ParseStatement(statement->text);
      Check(parsed.ok(), statement->text, parsed.status());
      const tql::Status status = Execute(*parsed, statement->text).first;
      Check(status.ok(), statement->text, status);
    }
  }
  Database(const Database& other) : guids_(other.guids_), context_(other.context_) {
    auto fork = other.engine_->Fork({}, guids_, clock_);
    Check(fork.ok(), "fork", fork.status());
    engine_ = *std::move(fork);
  }
  Database& operator=(const Database&) = delete;

  std::pair<tql::Status, std::string> Execute(const tql::dialect::Statement& statement,
                                              std::string_view text) {
    // A join of tables with themselves can take any time.
    const tql::storage::Cancellation limit{
        .stop = {},
        .deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1),
        .client_gone = nullptr};
    const engine::StatementOptions options;
    const engine::Context before = context_;
    Answer answer(before);
    tql::Status status = engine_->Execute({.text = text,
                                           .statement = statement,
                                           .context = before,
                                           .options = options,
                                           .cancellation = limit},
                                          answer);
    context_.database = answer.context().database;
    return {std::move(status), answer.text()};
  }

 private:
  FixedClock clock_;
  CountingGuids guids_;
  std::unique_ptr<engine::Engine> engine_;
  engine::Context context_;
};

void CheckStatus(const tql::Status& status, std::string_view text) {
  const tql::TextPlace* const place = status.place();
  Check(place == nullptr || place->offset <= text.size(), "the place is outside the text", status);
  for (const auto code : {tql::StatusCode::kInvalidArgument, tql::StatusCode::kNotFound,
                          tql::StatusCode::kAlreadyExists}) {
    Check(status.code() != code || place != nullptr, text, status);
  }
  for (const auto code : {tql::StatusCode::kInternal, tql::StatusCode::kUnknown,
                          tql::StatusCode::kDataLoss, tql::StatusCode::kAborted}) {
    Check(status.code() != code, text, status);
  }
}

void Run(Database& database, std::string_view text) {
  const auto statement = tql::dialect::ParseStatement(text);
  if (!statement.ok()) return CheckStatus(statement.status(), text);
  const std::string printed = tql::dialect::Print(*statement);
  const auto again = tql::dialect::ParseStatement(printed, {.max_depth = 600});
  Check(again.ok(), printed, again.status());
  Database twin(database);
  const auto [status, answer] = database.Execute(*statement, text);
  CheckStatus(status, text);
  const auto [again_status, again_answer] = twin.Execute(*again, printed);
  CheckStatus(again_status, printed);
  // A name of a column may be the text of an expression; then the printed statement may fail.
  if (status.ok() && again_status.ok()) Check(answer == again_answer, text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kLongestScript) return 0;
  static const Database& initial = *new Database;
  Database database(initial);
  tql::dialect::ScriptSplitter script({reinterpret_cast<const char*>(data), size});
  for (int i = 0; i < kMostStatements; ++i) {
    const auto statement = script.Next();
    if (!statement) break;
    Run(database, statement->text);
  }
  return 0;
}
