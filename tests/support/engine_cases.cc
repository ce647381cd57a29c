#include "tests/support/engine_cases.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "tests/support/test_data.h"

namespace tql::testing {
namespace {

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

}  // namespace

std::vector<EngineCase> ReadCases(const std::string& path) {
  std::ifstream file(path);
  if (!file) Die("cannot read " + path);
  std::vector<EngineCase> cases;
  EngineCase c;
  bool in_answer = false;
  int line_number = 0;
  const auto finish = [&] {
    if (c.line == 0) return;
    if (!in_answer) Die(path + ':' + std::to_string(c.line) + ": a case without ----");
    cases.push_back(std::move(c));
    c = {};
    in_answer = false;
  };
  for (std::string line; std::getline(file, line);) {
    ++line_number;
    if (line.empty()) {
      finish();
      continue;
    }
    if (!in_answer && c.statement.empty() && line.starts_with("#")) continue;
    if (c.line == 0) c.line = line_number;
    if (in_answer) {
      c.expected += line + '\n';
    } else if (line == "----") {
      in_answer = true;
    } else if (line.starts_with("@ ")) {
      c.settings.push_back(line.substr(2));
    } else {
      c.statement += (c.statement.empty() ? "" : "\n") + line;
    }
  }
  finish();
  return cases;
}

std::vector<std::string> EngineCaseFiles() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(TestData("engine"))) {
    if (entry.path().extension() == ".test") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace tql::testing
