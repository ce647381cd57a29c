// ${NAME} in the texts of cases.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_VARIABLES_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_VARIABLES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "tql/status.h"

namespace tqlconform {

/// The longest text that an expansion may make.
inline constexpr std::size_t kMaxExpandedBytes = std::size_t{16} << 20;

/// How a value is inserted into its text.
enum class Quoting : std::uint8_t { kNone, kRegex, kJsonString };

/// Returns the value of a variable; an error for an unknown one.
using Lookup = std::function<tql::StatusOr<std::string>(std::string_view name)>;

/// Replaces each ${NAME} by its value, which is not expanded again, so that there are no cycles;
/// $${ is a literal ${. Three kinds of text need no variable and may not contain "}":
///   ${repeat:N:TEXT}          the text N times
///   ${seq:N:TEXT:SEPARATOR}   the text N times, with 0, 1, 2, … for each #
///   ${byte:HEX}               the bytes
/// RESOURCE_EXHAUSTED beyond kMaxExpandedBytes, otherwise INVALID_ARGUMENT.
tql::StatusOr<std::string> Expand(std::string_view text, const Lookup& lookup,
                                  Quoting quoting = Quoting::kNone);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_VARIABLES_H_
