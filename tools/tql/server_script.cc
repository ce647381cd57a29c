#include "tools/tql/server_script.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

namespace tql::shell {
namespace {

std::string AllOf(std::istream& in) {
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The whole text; nothing after saying why it cannot be read.
std::optional<std::string> TextOf(const Input& input) {
  if (input.kind == Input::Kind::kText) return input.value;
  if (input.value == "-") return AllOf(std::cin);
  errno = 0;
  std::ifstream file(input.value, std::ios::binary);
  if (file) return AllOf(file);
  std::cerr << "tql: cannot open " << input.value << ": " << std::strerror(errno) << "\n";
  return std::nullopt;
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
