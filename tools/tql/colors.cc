#include "tools/tql/colors.h"

#include <array>
#include <cstdlib>

namespace tql::shell {
namespace {

constexpr std::array kAll = {Color::kAuto, Color::kAlways, Color::kNever};

std::string_view Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::string_view NameOf(Color color) {
  switch (color) {
    case Color::kAuto:
      return "auto";
    case Color::kAlways:
      return "always";
    case Color::kNever:
      return "never";
  }
  return "";
}

std::optional<Color> ColorOf(std::string_view name) {
  for (const Color color : kAll) {
    if (NameOf(color) == name) return color;
  }
  return std::nullopt;
}

std::string ColorNames() {
  std::string names;
  for (const Color color : kAll) names += (names.empty() ? "" : ", ") + std::string(NameOf(color));
  return names;
}

bool UsesColors(Color color, bool terminal) {
  if (color != Color::kAuto) return color == Color::kAlways;
  const std::string_view term = Environment("TERM");
  return terminal && Environment("NO_COLOR").empty() && !term.empty() && term != "dumb";
}

}  // namespace tql::shell
