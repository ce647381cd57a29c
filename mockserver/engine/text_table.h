// The text tables that SHOW prints: a header, a line of dashes, and rows with separated fields.
#ifndef TQLKIT_MOCKSERVER_ENGINE_TEXT_TABLE_H_
#define TQLKIT_MOCKSERVER_ENGINE_TEXT_TABLE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tql::engine {

class TextTable {
 public:
  enum class Heading : std::uint8_t { kShown, kHidden };
  struct Separators {
    std::string_view field;
    std::string_view row;  // After each row.
  };

  explicit TextTable(std::vector<std::string> header, Heading heading = Heading::kShown);
  void AddRow(std::vector<std::string> row);
  /// Calls `visit` with each line, including its separator, until it returns false. Columns are as
  /// wide as their longest text in characters; the last column is not padded and has at least 16
  /// dashes. Header and dashes are omitted if the heading is hidden.
  void VisitLines(const Separators& separators,
                  const std::function<bool(std::string_view)>& visit) const;

  const std::vector<std::string>& header() const { return rows_.front(); }
  /// The rows without the header.
  std::span<const std::vector<std::string>> rows() const { return std::span(rows_).subspan(1); }

 private:
  std::vector<std::vector<std::string>> rows_;  // The first one is the header.
  std::vector<std::size_t> widths_;
  Heading heading_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_TEXT_TABLE_H_
