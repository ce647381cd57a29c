// Whether colours and other escape sequences are written to a terminal.
#ifndef TQLKIT_TOOLS_TQL_RENDER_COLORS_H_
#define TQLKIT_TOOLS_TQL_RENDER_COLORS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tql::shell {

/// kAuto: colours on terminals that support escape sequences, unless NO_COLOR is set.
enum class Color : std::uint8_t { kAuto, kAlways, kNever };

/// Parses "auto", "always" or "never".
std::optional<Color> ColorOf(std::string_view name);
std::string_view NameOf(Color color);
/// Returns "auto, always, never".
std::string ColorNames();

/// Whether escape sequences may be used: TERM names a terminal that supports them, and standard
/// input is not a pipe or socket, i.e. a user may be typing.
bool TakesEscapes();

bool UsesColors(Color color, bool terminal);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_COLORS_H_
