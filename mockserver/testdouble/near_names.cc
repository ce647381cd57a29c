#include "mockserver/testdouble/near_names.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "proto/base/text.h"

namespace tql::testdouble {

std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() < b.size()) std::swap(a, b);
  if (a.size() - b.size() >= most) return most;
  // One row of the table of distances, of which only the cells near the diagonal can be below most.
  std::vector<std::size_t> row(b.size() + 1, most);
  for (std::size_t j = 0; j <= std::min(b.size(), most); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    const std::size_t begin = i > most ? i - most : 1;
    const std::size_t end = std::min(b.size(), i + most);
    std::size_t diagonal = row[begin - 1];
    row[begin - 1] = begin == 1 ? std::min(i, most) : most;
    std::size_t least = row[begin - 1];
    for (std::size_t j = begin; j <= end; ++j) {
      const std::size_t replaced =
          diagonal + (base::ToLower(a[i - 1]) == base::ToLower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, diagonal + 1, row[j - 1] + 1, most});
      least = std::min(least, row[j]);
    }
    if (least >= most) return most;
  }
  return row[b.size()];
}

std::string NearNames(std::string_view name, std::span<const std::string_view> names) {
  constexpr std::size_t kMostNames = 3;
  const std::size_t most = std::max<std::size_t>(3, name.size() / 2);
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const std::string_view candidate : names) {
    const std::size_t distance = EditDistance(name, candidate, most);
    if (distance < most) near.emplace_back(distance, candidate);
  }
  std::sort(near.begin(), near.end());
  std::string text;
  for (std::size_t i = 0; i < std::min(near.size(), kMostNames); ++i) {
    text += (i == 0 ? "; near names: " : ", ") + std::string(near[i].second);
  }
  return text;
}

}  // namespace tql::testdouble
