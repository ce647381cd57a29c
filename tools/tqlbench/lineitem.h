// The data of all measurements: rows like those of TPC-H's table lineitem.
//
// 16 columns: 4 integers (the first is a key, counting from 1), 4 doubles with at most two
// decimals, 8 texts. One text cell in fifty has a character that JSON escapes or that is not ASCII.
// A row depends only on the seed and its number, so that every process can generate any part of the
// table.
#ifndef TOOLS_TQLBENCH_LINEITEM_H_
#define TOOLS_TQLBENCH_LINEITEM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tqlbench {

enum class CellKind : std::uint8_t { kInteger, kDouble, kText };

struct LineitemColumn {
  std::string_view name;
  CellKind kind;
  std::string_view tql_type;
};

inline constexpr std::size_t kLineitemColumns = 16;
extern const std::array<LineitemColumn, kLineitemColumns> kLineitem;

/// The contents of the text cells.
enum class Shape : std::uint8_t {
  kShort,     ///< Short English texts.
  kNonAscii,  ///< Cyrillic and CJK.
  kWide,      ///< 200 ASCII characters each.
};

class LineitemGenerator {
 public:
  explicit LineitemGenerator(Shape shape = Shape::kShort, std::uint64_t seed = 19951130)
      : shape_(shape), seed_(seed) {}

  /// The cells of row `number` (the first row is 1) as text; valid until the next call.
  std::span<const std::string_view> Row(std::uint64_t number);

 private:
  void AddText(std::uint64_t bits, std::size_t column);

  Shape shape_;
  std::uint64_t seed_;
  std::string text_;
  std::array<std::string_view, kLineitemColumns> cells_;
};

/// The statement that creates the table in TQL, and the list of its columns, with the alias, if
/// any, before each.
std::string CreateLineitemStatement();
std::string LineitemColumnList(std::string_view alias = {});

/// Appends one INSERT statement with rows [first, first + count) to `*out`.
void AppendInsert(LineitemGenerator& generator, std::uint64_t first, std::uint64_t count,
                  std::string* out);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_LINEITEM_H_
