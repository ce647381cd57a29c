// Whether to colour what a terminal shows.
#ifndef TQLKIT_TOOLS_TQL_COLORS_H_
#define TQLKIT_TOOLS_TQL_COLORS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tql::shell {

/// kAuto: on a terminal, unless NO_COLOR is set or TERM is dumb.
enum class Color : std::uint8_t { kAuto, kAlways, kNever };

/// "auto" -> kAuto, and so on.
std::optional<Color> ColorOf(std::string_view name);
std::string_view NameOf(Color color);
/// "auto, always, never".
std::string ColorNames();

bool UsesColors(Color color, bool terminal);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COLORS_H_
