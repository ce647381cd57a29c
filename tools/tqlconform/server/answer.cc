#include "tools/tqlconform/server/answer.h"

#include <algorithm>

namespace tqlconform {

std::vector<std::string_view> Answer::Lines() const {
  std::vector<std::string_view> lines;
  std::string_view rest = body;
  while (!rest.empty() && lines.size() <= kMostLines) {
    const std::size_t length = std::min(rest.find('\n'), rest.size());
    lines.push_back(rest.substr(0, length));
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return lines;
}

}  // namespace tqlconform
