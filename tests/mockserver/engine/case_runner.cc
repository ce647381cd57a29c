#include "tests/mockserver/engine/case_runner.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/splitter.h"
#include "mockserver/engine/questions.h"
#include "mockserver/engine/visit_options.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "mockserver/values/temporal.h"
#include "tests/support/engine_cases.h"

namespace tql::engine {
namespace {

constexpr std::string_view kSuccess = "Statement executed successfully. \n";

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

/// Writes line ends as \n, so that a text is one line.
std::string OneLine(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

/// Writes a message line by line, with a dot for an empty line, which would end the case.
std::string Lines(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    out.append(line.empty() ? "." : line) += '\n';
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

/// Records a result.
class Notes : public StatementSink {
 public:
  /// A question has no context; the context stays as it was.
  explicit Notes(const Context& before) : context_(before) {}

  const std::string& text() const { return text_; }
  const Context& context() const { return context_; }

  bool OnProgress(std::span<const Progress> /*stages*/) override { return true; }
  bool OnQuestion(const Question& question) override {
    text_ += "question: " + OneLine(question.banner) + '\n';
    text_ += "prompt: " + OneLine(question.prompt) + '\n';
    return true;
  }
  bool Begin(const Context& final_context) override {
    context_ = final_context;
    return true;
  }
  bool Header(std::span<const Column> columns) override {
    std::string line;
    for (const Column& column : columns) {
      Append(line, OneLine(column.name) + ':' + std::string(values::TypeName(column.type.kind)));
    }
    text_ += line + '\n';
    return true;
  }
  bool Row(std::span<const std::string_view> cells) override {
    std::string line;
    for (const std::string_view cell : cells) Append(line, OneLine(cell));
    text_ += line + '\n';
    return true;
  }
  bool Message(MessageType type, std::string_view text) override {
    if (text == kSuccess) {
      text_ += "ok\n";
      return true;
    }
    if (type == MessageType::kError) text_ += "error: ";
    if (type == MessageType::kWarning) text_ += "warning: ";
    if (text.ends_with('\n')) text.remove_suffix(1);
    text_ += Lines(text);
    return true;
  }
  void End() override {}

 private:
  static void Append(std::string& line, const std::string& item) {
    if (!line.empty()) line += " | ";
    line += item.empty() ? "''" : item;
  }
  std::string text_;
  Context context_;
};

/// Applies "name=value"; returns false if the name is unknown.
bool Set(const std::string& name, const std::string& value, StatementOptions& options) {
  bool found = name == "interactive";
  if (found) testing::ReadValue(value, &options.interactive);
  VisitOptions(options, [&](const base::RequestOption& option, auto& member) {
    if (option.name != name) return;
    found = true;
    testing::ReadValue(value, &member);
  });
  return found;
}

}  // namespace

std::string CountingGuids::NewGuid(std::int64_t /*id*/) {
  char guid[37];
  std::snprintf(guid, sizeof guid, "00000000-0000-4000-8000-%012llu",
                static_cast<unsigned long long>(++count_));
  return guid;
}

bool CaseClock::Set(const std::string& text) {
  const auto seconds = values::ParseTemporal(values::TypeKind::kDateTime, text);
  if (!seconds) return false;
  time_ = std::chrono::system_clock::time_point(std::chrono::seconds(*seconds));
  return true;
}

CaseRunner::CaseRunner() {
  storage::SqliteOptions options;
  options.path = ":memory:";
  auto storage = storage::OpenSqlite(options);
  if (!storage.ok()) Die(storage.status().message());
  auto engine = Engine::Create(*std::move(storage), guids_, clock_);
  if (!engine.ok()) Die(engine.status().message());
  engine_ = *std::move(engine);
  guids_.Restart();  // The built-in databases have used some.
}

std::string CaseRunner::Run(const Case& c) {
  // As in a script, comments before the statement are not part of it.
  dialect::ScriptSplitter splitter(c.statement);
  const auto split = splitter.Next();
  if (!split) return "no statement\n";
  if (splitter.Next()) return "more than one statement\n";
  StatementOptions options;
  bool show_context = false;
  for (const std::string& setting : c.settings) {
    const std::size_t equals = setting.find('=');
    const std::string name = setting.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : setting.substr(equals + 1);
    if (name == "context") {
      show_context = true;
    } else if (name == "answer") {  // To any question.
      for (const auto kind : {QuestionKind::kBreakDependents, QuestionKind::kOfflineReshard}) {
        options.answers.push_back({QuestionId(kind, split->text), value});
      }
    } else if (name == "time") {
      if (!clock_.Set(value)) return "no time: " + value + '\n';
    } else if (!Set(name, value, options)) {
      return "unknown setting " + name + '\n';
    }
  }
  const std::int64_t version = engine_->SchemaVersion();
  const auto statement = dialect::ParseStatement(split->text);
  const storage::Cancellation cancellation;
  const Context before = context_;
  Notes notes(before);
  if (statement.ok()) {
    (void)engine_->Execute({.text = split->text,
                            .statement = *statement,
                            .context = before,
                            .options = options,
                            .cancellation = cancellation,
                            .preamble = split->preamble},
                           notes);
  } else {
    (void)engine_->Reject(statement.status(), before, notes);
  }
  // Like the vendor's clients, do not change the schema.
  context_.database = notes.context().database;
  std::string text = notes.text();
  if (show_context) {
    text += "context: " + notes.context().database + " " + notes.context().schema + " +" +
            std::to_string(engine_->SchemaVersion() - version) + '\n';
  }
  return text;
}

}  // namespace tql::engine
