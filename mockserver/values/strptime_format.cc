// The conversions of strftime and strptime in the GNU C library.
#include <algorithm>
#include <array>

#include "mockserver/values/temporal_format.h"
#include "mockserver/values/text_cursor.h"

namespace tql::values {
namespace {

using F = TemporalField;
using Kind = TemporalPiece::Kind;
using Names = TemporalPiece::Names;
using Letters = TemporalPiece::Letters;

struct Conversion {
  char code;
  Kind kind;
  F field;
  std::uint8_t max_digits;
  std::int32_t low;
  std::int32_t high;
  std::uint8_t width;  // When printed.
  char pad;
  bool with_o;  // Whether it allows the modifier O.
};

// Unlike in glibc, years before 1000 are printed with four digits, so that they can be read back.
constexpr std::array kConversions = {
    Conversion{'Y', Kind::kNumber, F::kYear, 4, 0, 9999, 4, '0', false},
    Conversion{'C', Kind::kNumber, F::kCentury, 2, 0, 99, 2, '0', false},
    Conversion{'y', Kind::kNumber, F::kYearOfCentury, 2, 0, 99, 2, '0', true},
    Conversion{'m', Kind::kNumber, F::kMonth, 2, 1, 12, 2, '0', true},
    Conversion{'d', Kind::kNumber, F::kDay, 2, 1, 31, 2, '0', true},
    Conversion{'e', Kind::kNumber, F::kDay, 2, 1, 31, 2, ' ', true},
    Conversion{'j', Kind::kNumber, F::kDayOfYear, 3, 1, 366, 3, '0', false},
    Conversion{'u', Kind::kNumber, F::kIsoWeekday, 1, 1, 7, 1, '0', false},
    Conversion{'w', Kind::kNumber, F::kWeekday, 1, 0, 6, 1, '0', true},
    Conversion{'U', Kind::kNumber, F::kWeekFromSunday, 2, 0, 53, 2, '0', true},
    Conversion{'W', Kind::kNumber, F::kWeekFromMonday, 2, 0, 53, 2, '0', true},
    Conversion{'V', Kind::kNumber, F::kIsoWeek, 2, 0, 53, 2, '0', true},
    Conversion{'g', Kind::kNumber, F::kIsoYearOfCentury, 2, 0, 99, 2, '0', false},
    Conversion{'G', Kind::kDigits, F::kIsoYear, 0, 0, 0, 4, '0', false},
    Conversion{'H', Kind::kNumber, F::kHour, 2, 0, 23, 2, '0', true},
    Conversion{'k', Kind::kNumber, F::kHour, 2, 0, 23, 2, ' ', false},
    Conversion{'I', Kind::kNumber, F::kHour12, 2, 1, 12, 2, '0', true},
    Conversion{'l', Kind::kNumber, F::kHour12, 2, 1, 12, 2, ' ', false},
    Conversion{'M', Kind::kNumber, F::kMinute, 2, 0, 59, 2, '0', true},
    Conversion{'S', Kind::kNumber, F::kSecond, 2, 0, 61, 2, '0', true},
    Conversion{'s', Kind::kEpoch, F::kEpoch, 0, 0, 0, 0, '0', false},
    Conversion{'b', Kind::kMonthName, F::kMonth, 0, 0, 0, 0, ' ', true},
    Conversion{'h', Kind::kMonthName, F::kMonth, 0, 0, 0, 0, ' ', true},
    Conversion{'B', Kind::kMonthName, F::kMonth, 0, 0, 0, 0, ' ', true},
    Conversion{'a', Kind::kWeekdayName, F::kWeekday, 0, 0, 0, 0, ' ', false},
    Conversion{'A', Kind::kWeekdayName, F::kWeekday, 0, 0, 0, 0, ' ', false},
    Conversion{'p', Kind::kHalfName, F::kHalf, 0, 0, 0, 0, ' ', false},
    Conversion{'P', Kind::kHalfName, F::kHalf, 0, 0, 0, 0, ' ', false},  // Only in strftime.
    Conversion{'z', Kind::kOffset, F::kOffset, 0, 0, 0, 0, ' ', false},
    Conversion{'Z', Kind::kZoneName, F::kFieldCount, 0, 0, 0, 0, ' ', false},
};

/// The expansion of conversions that stand for several others.
std::string_view Composite(char code) {
  switch (code) {
    case 'D':
    case 'x':
      return "%m/%d/%y";
    case 'F':
      return "%Y-%m-%d";
    case 'R':
      return "%H:%M";
    case 'T':
    case 'X':
      return "%H:%M:%S";
    case 'r':
      return "%I:%M:%S %p";
    case 'c':
      return "%a %b %e %H:%M:%S %Y";
    default:
      return {};
  }
}

/// The text between '%' and the letter. Flags and width apply to printing only.
struct Modifiers {
  bool no_pad = false;
  char pad = '\0';
  Letters letters = Letters::kAsIs;
  bool swap_letters = false;
  std::size_t width = 0;
  char alternative = '\0';  // E or O.

  std::string_view Take(std::string_view rest) {
    const std::string_view before = rest;
    for (; !rest.empty() && std::string_view("-_0^#").find(rest[0]) != rest.npos;
         rest.remove_prefix(1)) {
      no_pad = rest[0] == '-';
      pad = rest[0] == '_' ? ' ' : rest[0] == '0' ? '0' : pad;
      if (rest[0] == '^') letters = Letters::kUpper;
      swap_letters = swap_letters || rest[0] == '#';
    }
    for (; !rest.empty() && IsDigit(rest[0]); rest.remove_prefix(1)) {
      width = std::min<std::size_t>(width * 10 + static_cast<std::size_t>(rest[0] - '0'), 255);
    }
    if (!rest.empty() && (rest[0] == 'E' || rest[0] == 'O')) {
      alternative = rest[0];
      rest.remove_prefix(1);
    }
    return before.substr(0, before.size() - rest.size());
  }
};

/// Whether strptime accepts the letter with its modifier.
bool IsReadable(char code, char alternative, const Conversion* conversion) {
  if (alternative == 'E') return std::string_view("cCxXY").find(code) != std::string_view::npos;
  if (alternative == 'O') return conversion != nullptr && conversion->with_o;
  return true;
}

TemporalPiece MakePiece(const Conversion& conversion, const Modifiers& modifiers) {
  TemporalPiece piece{.kind = conversion.kind,
                      .field = conversion.field,
                      .max_digits = conversion.max_digits,
                      .low = conversion.low,
                      .high = conversion.high,
                      .width = conversion.width,
                      .pad = conversion.pad,
                      .letters = modifiers.letters,
                      .any_colon = true};
  const bool full = conversion.code == 'B' || conversion.code == 'A';
  const bool name = conversion.kind == Kind::kMonthName || conversion.kind == Kind::kWeekdayName;
  if (name) piece.names = full ? Names::kFull : Names::kShort;
  if (conversion.code == 'P') piece.letters = Letters::kLower;
  if (modifiers.swap_letters) piece.letters = name ? Letters::kUpper : Letters::kLower;
  if (modifiers.no_pad) piece.width = 0;
  if (modifiers.pad != '\0') piece.pad = modifiers.pad;
  if (modifiers.width > 0) piece.width = static_cast<std::uint8_t>(modifiers.width);
  return piece;
}

void Compile(std::string_view format, Letters letters, CompiledFormat& out) {
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (IsBlank(format[i])) {
      out.pieces.push_back({.kind = Kind::kBlanks, .text = std::string(1, format[i])});
      continue;
    }
    if (format[i] != '%') {
      out.AddLiteral(format.substr(i, 1));
      continue;
    }
    const std::size_t begin = i;
    Modifiers modifiers{.letters = letters};
    i += modifiers.Take(format.substr(i + 1)).size() + 1;
    const std::string expected = "a conversion of strptime; %% stands for %";
    if (i >= format.size()) {
      out.AddUnknown(format, begin, i - begin, expected);
      return;
    }
    const char code = format[i];
    const auto* conversion = std::ranges::find(kConversions, code, &Conversion::code);
    const bool known = conversion != kConversions.end();
    if (!IsReadable(code, modifiers.alternative, known ? conversion : nullptr)) {
      out.AddUnknown(format, begin, i + 1 - begin, expected);
    } else if (code == '%') {
      out.AddLiteral("%");
    } else if (code == 'n' || code == 't') {
      out.pieces.push_back({.kind = Kind::kBlanks, .text = code == 'n' ? "\n" : "\t"});
    } else if (const std::string_view parts = Composite(code); !parts.empty()) {
      Compile(parts, modifiers.letters, out);
    } else if (known) {
      out.pieces.push_back(MakePiece(*conversion, modifiers));
    } else {
      out.AddUnknown(format, begin, i + 1 - begin, expected);
    }
  }
}

}  // namespace

CompiledFormat CompileStrptime(std::string_view format) {
  CompiledFormat out;
  Compile(format, Letters::kAsIs, out);
  return out;
}

}  // namespace tql::values
