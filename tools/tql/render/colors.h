// Whether a terminal gets colours and other escapes.
#ifndef TQLKIT_TOOLS_TQL_RENDER_COLORS_H_
#define TQLKIT_TOOLS_TQL_RENDER_COLORS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tql::shell {

/// kAuto: on a terminal that takes escapes, unless NO_COLOR is set.
enum class Color : std::uint8_t { kAuto, kAlways, kNever };

/// "auto" -> kAuto, and so on.
std::optional<Color> ColorOf(std::string_view name);
std::string_view NameOf(Color color);
/// "auto, always, never".
std::string ColorNames();

/// Whether a terminal may get escapes: TERM names one that has some, and standard input is not a
/// pipe or socket, behind which nobody types.
bool TakesEscapes();

bool UsesColors(Color color, bool terminal);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_COLORS_H_
