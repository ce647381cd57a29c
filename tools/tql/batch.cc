#include "tools/tql/batch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <utility>

#include "mockserver/dialect/splitter.h"
#include "proto/base/text.h"
#include "tools/tql/commands/meta_commands.h"
#include "tools/tql/copy/copy_command.h"

namespace tql::shell {
namespace {

/// The maximum size of a statement.
constexpr std::size_t kLongestStatement = std::size_t{256} << 20;

struct Progress {
  ExitCode code = ExitCode::kOk;
  bool exit = false;
};

/// The origin of a script.
struct Script {
  std::string name;  // name in errors; empty for the text of -c
  std::string file;  // path; empty for standard input and the text of -c
  int fd = -1;       // the source of data after a command; -1 for the text of -c

  Source At(const TextPlace& place) const { return {name, file, place.line, place.column}; }
};

/// Executes the statement or command.
CommandEnd RunOne(const Runner& runner, const dialect::ScriptStatement& statement,
                  const Script& script, ScriptData* data) {
  const std::string text(statement.text);
  const Source source = script.At(statement.place);
  if (!statement.command.empty()) {
    return runner.command(std::string(statement.command), {text, script.At(statement.begun)},
                          source, data);
  }
  if (IsExit(text)) return {.exit = true};
  return {.code = runner.run(text, source)};
}

/// Executes the complete statements of the splitter.
Progress Drain(const Runner& runner, dialect::IncrementalSplitter& splitter, const Script& script) {
  Progress progress;
  const auto next = [&] {
    if (runner.rules) splitter.set_rules(runner.rules());
    return splitter.Next();
  };
  while (const auto statement = next()) {
    ScriptData data(script.fd, [&] { return splitter.TakeRest(); });
    const CommandEnd end = RunOne(runner, *statement, script, script.fd >= 0 ? &data : nullptr);
    if (end.code != ExitCode::kOk) {
      progress.code = end.code;
      if (script.fd >= 0 && MeansScriptData(statement->command)) (void)data.Claim();
    }
    const bool goes_on =
        end.code == ExitCode::kOk || (end.code == ExitCode::kStatementFailed && runner.keep_going);
    if (end.exit || !goes_on || (runner.done && runner.done())) return {progress.code, true};
    if (end.took_statement) splitter.DropStatement();
    if (const std::string rest = data.Rest(); !rest.empty()) splitter.Feed(rest);
  }
  return progress;
}

Progress RunDescriptor(const Runner& runner, int fd, const std::string& file) {
  const std::string name = file.empty() ? "standard input" : file;
  const Script script{file.empty() ? "<stdin>" : file, file, fd};
  dialect::IncrementalSplitter splitter(dialect::Backslash::kCommand);
  std::vector<char> block(64 * 1024);
  Progress progress;
  for (;;) {
    const ssize_t count = read(fd, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      std::cerr << "tql: cannot read " << name << ": " << std::strerror(errno) << "\n";
      return {ExitCode::kUsage, true};
    }
    if (count == 0) {
      splitter.Finish();
    } else {
      splitter.Feed({block.data(), static_cast<std::size_t>(count)});
    }
    const Progress drained = Drain(runner, splitter, script);
    if (drained.code != ExitCode::kOk) progress.code = drained.code;
    if (drained.exit || count == 0) return {progress.code, drained.exit};
    splitter.DropPreamble();
    if (splitter.pending_bytes() > kLongestStatement) {
      std::cerr << "tql: a statement in " << name << " does not end\n";
      return {ExitCode::kUsage, true};
    }
  }
}

Progress RunInput(const Runner& runner, const Input& input) {
  if (input.kind == Input::Kind::kText) {
    dialect::IncrementalSplitter splitter(dialect::Backslash::kCommand);
    splitter.Feed(input.value);
    splitter.Finish();
    return Drain(runner, splitter, {});
  }
  if (input.value == "-") return RunDescriptor(runner, STDIN_FILENO, "");
  const int fd = open(input.value.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    std::cerr << "tql: cannot open " << input.value << ": " << std::strerror(errno) << "\n";
    return {ExitCode::kUsage, true};
  }
  const Progress progress = RunDescriptor(runner, fd, input.value);
  close(fd);
  return progress;
}

}  // namespace

bool IsExit(std::string_view statement) {
  return base::EqualsIgnoreCase(statement, "exit") || base::EqualsIgnoreCase(statement, "quit");
}

std::string MistakeOf(const Input& input) {
  if (input.kind != Input::Kind::kFile || input.value == "-") return {};
  if (input.value.empty()) return "-f: found '', expected the name of a file, or -";
  struct stat info {};
  const bool readable =
      access(input.value.c_str(), R_OK) == 0 && stat(input.value.c_str(), &info) == 0;
  if (readable && !S_ISDIR(info.st_mode)) return {};
  return "cannot read " + input.value + ": " + std::strerror(readable ? EISDIR : errno);
}

bool CheckInputs(const std::vector<Input>& inputs) {
  for (const Input& input : inputs) {
    const std::string mistake = MistakeOf(input);
    if (mistake.empty()) continue;
    std::cerr << "tql: " << mistake << "\n";
    return false;
  }
  return true;
}

ExitCode RunBatch(const Runner& runner, const std::vector<Input>& inputs) {
  ExitCode code = ExitCode::kOk;
  for (const Input& input : inputs) {
    const Progress progress = RunInput(runner, input);
    if (progress.code != ExitCode::kOk) code = progress.code;
    if (progress.exit) break;
  }
  return code;
}

ExitCode RunBatch(Session& session, MetaCommands& commands, const std::vector<Input>& inputs) {
  Runner runner;
  PromptState& prompt = commands.prompt();
  runner.run = [&](const std::string& statement, const Source& source) {
    prompt.last = {statement, source};
    return session.Run(statement, &source);
  };
  runner.command = [&](const std::string& command, const PlacedText& begun, const Source& source,
                       ScriptData* data) -> CommandEnd {
    prompt.buffer = begun;
    prompt.data = data;
    const CommandEnd end = commands.Run(command, &source);
    prompt.data = nullptr;
    prompt.buffer = {};
    return end;
  };
  runner.done = [&] { return session.output_gone(); };
  runner.rules = [&] { return RulesOf(session.settings()); };
  runner.keep_going = KeepsGoing(session.settings());
  return RunBatch(runner, inputs);
}

}  // namespace tql::shell
