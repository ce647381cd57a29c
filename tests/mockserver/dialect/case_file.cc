#include "tests/mockserver/dialect/case_file.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "tests/support/test_data.h"

namespace tql::dialect {
namespace {

void Finish(Case* current, std::vector<Case>* out) {
  if (current->title.empty()) return;
  if (!current->input.empty()) current->input.pop_back();  // The newline before the next '%'.
  if (current->canonical.empty()) current->canonical = current->input;
  out->push_back(*current);
}

}  // namespace

std::string ReadData(std::string_view name) {
  std::ifstream file(TestData("dialect/").append(name), std::ios::binary);
  if (!file) {
    std::cerr << "cannot read " << name << '\n';
    std::abort();
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Case> ReadCases(std::string_view name) {
  std::vector<Case> cases;
  std::istringstream lines(ReadData(name));
  Case current;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.starts_with("%% ")) {
      Finish(&current, &cases);
      current = Case{std::string(name), number, line.substr(3), "", "", ""};
    } else if (line.starts_with("%= ")) {
      current.canonical = line.substr(3);
    } else if (line.starts_with("%! ")) {
      current.error = line.substr(3);
    } else if (!line.starts_with('%')) {
      current.input += line + '\n';
    }
  }
  Finish(&current, &cases);
  return cases;
}

}  // namespace tql::dialect
