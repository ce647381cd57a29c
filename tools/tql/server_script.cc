#include "tools/tql/server_script.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <optional>
#include <string>

namespace tql::shell {
namespace {

/// The maximum size of a request.
constexpr std::size_t kLongest = std::size_t{256} << 20;
constexpr std::size_t kBlock = std::size_t{64} << 10;

/// Reads a whole input. Prints an error and returns nullopt if that fails.
std::optional<std::string> AllOf(int fd, const std::string& name) {
  std::string text;
  for (;;) {
    const std::size_t held = text.size();
    text.resize(held + kBlock);
    const ssize_t count = read(fd, text.data() + held, kBlock);
    const int error = errno;
    text.resize(held + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return text;
    if (count < 0 && error == EINTR) continue;
    if (count > 0 && text.size() <= kLongest) continue;
    std::cerr << "tql: cannot read " << name << ": "
              << (count < 0 ? std::strerror(error) : "it does not end") << "\n";
    return std::nullopt;
  }
}

std::optional<std::string> TextOf(const Input& input) {
  if (input.kind == Input::Kind::kText) return input.value;
  if (input.value == "-") return AllOf(STDIN_FILENO, "standard input");
  const int fd = open(input.value.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    std::cerr << "tql: cannot open " << input.value << ": " << std::strerror(errno) << "\n";
    return std::nullopt;
  }
  std::optional<std::string> text = AllOf(fd, input.value);
  close(fd);
  return text;
}

}  // namespace

ExitCode RunServerScripts(Session& session, const std::vector<Input>& inputs) {
  ExitCode code = ExitCode::kOk;
  for (const Input& input : inputs) {
    const std::optional<std::string> text = TextOf(input);
    if (!text) return ExitCode::kUsage;
    const ExitCode ended = session.RunServerScript(*text);
    if (ended == ExitCode::kOk) continue;
    code = ended;
    if (code != ExitCode::kStatementFailed || !KeepsGoing(session.settings())) break;
  }
  return code;
}

}  // namespace tql::shell
