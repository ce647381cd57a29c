// Finds the cells of a row of JSON that are plain ASCII, with the widest SIMD instructions that the
// processor has.
#ifndef TQLKIT_PROTO_SRC_WIRE_PLAIN_CELLS_H_
#define TQLKIT_PROTO_SRC_WIRE_PLAIN_CELLS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tql::wire {

/// Where a search for cells has ended.
struct PlainCells {
  enum class End : std::uint8_t {
    kOther,     // something other than "," follows the last cell, whose closing quote is at `at`
    kNotPlain,  // the cell that starts at `at` has an escape, a control character or a byte that is
                // not ASCII, or the text may end within it
    kFull,      // the cell that starts at `at` has no room
  };
  End end;
  std::size_t at;
  std::size_t count;  // of cells
};

/// Sets `cells` to the cells of `"…","…","…"`; `at` is the position after the first opening quote.
using FindPlainCells = PlainCells (*)(std::string_view text, std::size_t at,
                                      std::span<std::string_view> cells);

/// The implementations that this processor can execute, the fastest last.
std::span<const FindPlainCells> PlainCellFinders();

}  // namespace tql::wire

#endif  // TQLKIT_PROTO_SRC_WIRE_PLAIN_CELLS_H_
