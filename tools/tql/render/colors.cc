#include "tools/tql/render/colors.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "proto/base/environment.h"

namespace tql::shell {
namespace {

constexpr std::array kAll = {Color::kAuto, Color::kAlways, Color::kNever};

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

bool TakesEscapes() {
  const std::string term = base::Environment("TERM");
  if (term.empty() || term == "dumb") return false;
  struct stat input {};
  return fstat(STDIN_FILENO, &input) != 0 || (!S_ISFIFO(input.st_mode) && !S_ISSOCK(input.st_mode));
}

bool UsesColors(Color color, bool terminal) {
  if (color != Color::kAuto) return color == Color::kAlways;
  return terminal && base::Environment("NO_COLOR").empty() && TakesEscapes();
}

}  // namespace tql::shell
