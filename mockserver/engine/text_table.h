// The tables that SHOW prints: a header, a line of dashes, rows with '|' between.
#ifndef TQLKIT_MOCKSERVER_ENGINE_TEXT_TABLE_H_
#define TQLKIT_MOCKSERVER_ENGINE_TEXT_TABLE_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tql::engine {

class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header);
  void AddRow(std::vector<std::string> row);
  /// Calls `visit` with every line, newline included, until it answers false. Columns are as wide
  /// as their longest text in characters; the last is not padded and its dashes are at least 16.
  void VisitLines(const std::function<bool(std::string_view)>& visit) const;

 private:
  std::vector<std::vector<std::string>> rows_;  // the header first
  std::vector<std::size_t> widths_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_TEXT_TABLE_H_
