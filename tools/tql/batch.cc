#include "tools/tql/batch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>

#include "mockserver/dialect/splitter.h"

namespace tql::shell {
namespace {

/// A statement without an end must end somewhere.
constexpr std::size_t kLongestStatement = std::size_t{256} << 20;

bool IsExit(std::string_view statement) {
  const auto is = [&](std::string_view word) {
    return statement.size() == word.size() &&
           std::equal(word.begin(), word.end(), statement.begin(),
                      [](char a, char b) { return a == (b | 0x20); });
  };
  return is("exit") || is("quit");
}

struct Progress {
  ExitCode code = ExitCode::kOk;
  bool exit = false;
};

/// Runs what the splitter has by now; `file` is empty when it reads none.
Progress Drain(Session& session, dialect::IncrementalSplitter& splitter, const std::string& file) {
  while (const auto statement = splitter.Next()) {
    if (IsExit(statement->text)) return {ExitCode::kOk, true};
    const Source source{file, statement->place.line};
    const ExitCode code =
        session.Run(std::string(statement->text), file.empty() ? nullptr : &source);
    if (code != ExitCode::kOk || session.output_gone()) return {code, true};
  }
  return {};
}

Progress RunDescriptor(Session& session, int fd, const std::string& file) {
  const std::string name = file.empty() ? "standard input" : file;
  dialect::IncrementalSplitter splitter;
  std::vector<char> block(64 * 1024);
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
    const Progress progress = Drain(session, splitter, file);
    if (progress.exit || count == 0) return progress;
    splitter.DropPreamble();
    if (splitter.pending_bytes() > kLongestStatement) {
      std::cerr << "tql: a statement in " << name << " has no end\n";
      return {ExitCode::kUsage, true};
    }
  }
}

Progress RunInput(Session& session, const Input& input) {
  if (input.kind == Input::Kind::kText) {
    dialect::IncrementalSplitter splitter;
    splitter.Feed(input.value);
    splitter.Finish();
    return Drain(session, splitter, "");
  }
  if (input.value == "-") return RunDescriptor(session, STDIN_FILENO, "");
  const int fd = open(input.value.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    std::cerr << "tql: cannot open " << input.value << ": " << std::strerror(errno) << "\n";
    return {ExitCode::kUsage, true};
  }
  const Progress progress = RunDescriptor(session, fd, input.value);
  close(fd);
  return progress;
}

}  // namespace

bool CheckInputs(const std::vector<Input>& inputs) {
  for (const Input& input : inputs) {
    if (input.kind != Input::Kind::kFile || input.value == "-") continue;
    struct stat info {};
    const bool readable =
        access(input.value.c_str(), R_OK) == 0 && stat(input.value.c_str(), &info) == 0;
    if (!readable || S_ISDIR(info.st_mode)) {
      std::cerr << "tql: cannot read " << input.value << ": "
                << std::strerror(readable ? EISDIR : errno) << "\n";
      return false;
    }
  }
  return true;
}

ExitCode RunBatch(Session& session, const std::vector<Input>& inputs) {
  for (const Input& input : inputs) {
    const Progress progress = RunInput(session, input);
    if (progress.exit) return progress.code;
  }
  return ExitCode::kOk;
}

}  // namespace tql::shell
