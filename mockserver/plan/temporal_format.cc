#include "mockserver/plan/temporal_format.h"

#include <array>

#include "mockserver/plan/civil_time.h"
#include "mockserver/plan/java_date_format.h"
#include "mockserver/plan/number_text.h"
#include "mockserver/plan/temporal_scanner.h"

namespace tql::plan {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};

void AppendNumber(std::int64_t value, std::size_t width, char pad, std::string& out) {
  char digits[kMaxNumberText];
  const std::size_t size = FormatInteger(value, digits);
  if (size < width) out.append(width - size, pad);
  out.append(digits, size);
}

std::uint32_t WeekdayOf(std::int64_t seconds) {
  const std::int64_t days = DateOf(seconds) / kSecondsPerDay;
  return static_cast<std::uint32_t>(((days + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
}

std::int64_t DayOfYear(std::int64_t seconds, const CivilTime& civil) {
  const std::optional<std::int64_t> start = FromCivil({.year = civil.year});
  return (DateOf(seconds) - *start) / kSecondsPerDay + 1;
}

/// What a text has said so far about a moment.
struct Fields {
  CivilTime civil;
  std::optional<std::uint32_t> century;
  std::optional<std::uint32_t> short_year;
  std::optional<std::uint32_t> day_of_year;
  std::optional<std::uint32_t> hour12;
  std::optional<bool> afternoon;
  std::optional<std::int64_t> epoch;

  std::optional<std::int64_t> Value() const {
    if (epoch) {
      if (*epoch < kMinDateTime || *epoch > kMaxDateTime) return std::nullopt;
      return epoch;
    }
    CivilTime c = civil;
    if (short_year) {
      const std::uint32_t y = *short_year;
      c.year = static_cast<std::int32_t>(century  ? *century * 100 + y
                                         : y < 69 ? 2000 + y
                                                  : 1900 + y);
    }
    if (hour12) c.hour = *hour12 % 12 + (afternoon.value_or(false) ? 12 : 0);
    if (!day_of_year) return FromCivil(c);
    c.month = 1;
    c.day = 1;
    const std::optional<std::int64_t> start = FromCivil(c);
    if (!start) return std::nullopt;
    const std::int64_t value = *start + (*day_of_year - std::int64_t{1}) * kSecondsPerDay;
    return ToCivil(value).year == c.year ? std::optional(value) : std::nullopt;
  }
};

bool ParseField(char code, TemporalScanner& in, Fields& f) {
  std::uint32_t n = 0;
  switch (code) {
    case 'Y':
      if (!in.Number(4, 1, 9999, &n)) return false;
      f.civil.year = static_cast<std::int32_t>(n);
      f.short_year.reset();
      return true;
    case 'C':
      if (!in.Number(2, 0, 99, &n)) return false;
      f.century = n;
      return true;
    case 'y':
      if (!in.Number(2, 0, 99, &n)) return false;
      f.short_year = n;
      return true;
    case 'm':
      return in.Number(2, 1, 12, &f.civil.month);
    case 'd':
    case 'e':
      in.SkipBlanks();
      return in.Number(2, 1, 31, &f.civil.day);
    case 'b':
    case 'h':
    case 'B':
      if (!in.Word(kMonths, &n)) return false;
      f.civil.month = n + 1;
      return true;
    case 'a':
    case 'A':
      return in.Word(kWeekdays, &n);
    case 'j':
      if (!in.Number(3, 1, 366, &n)) return false;
      f.day_of_year = n;
      return true;
    case 'H':
    case 'k':
      in.SkipBlanks();
      f.hour12.reset();
      return in.Number(2, 0, 23, &f.civil.hour);
    case 'I':
    case 'l':
      in.SkipBlanks();
      if (!in.Number(2, 1, 12, &n)) return false;
      f.hour12 = n;
      return true;
    case 'M':
      return in.Number(2, 0, 59, &f.civil.minute);
    case 'S':
      return in.Number(2, 0, 59, &f.civil.second);
    case 'p':
      f.afternoon = in.Prefix("pm");
      return *f.afternoon || in.Prefix("am");
    case 'u':
      return in.Number(1, 1, 7, &n);
    case 'w':
      return in.Number(1, 0, 6, &n);
    case 's': {
      std::int64_t epoch = 0;
      if (!in.Epoch(&epoch)) return false;
      f.epoch = epoch;
      return true;
    }
    default:
      return false;
  }
}

void AppendField(char code, std::int64_t seconds, const CivilTime& c, std::string& out) {
  const std::uint32_t hour12 = c.hour % 12 == 0 ? 12 : c.hour % 12;
  switch (code) {
    case 'Y':
      return AppendNumber(c.year, 4, '0', out);
    case 'C':
      return AppendNumber(c.year / 100, 2, '0', out);
    case 'y':
      return AppendNumber(c.year % 100, 2, '0', out);
    case 'm':
      return AppendNumber(c.month, 2, '0', out);
    case 'd':
      return AppendNumber(c.day, 2, '0', out);
    case 'e':
      return AppendNumber(c.day, 2, ' ', out);
    case 'b':
    case 'h':
      out += kMonths[c.month - 1].substr(0, 3);
      return;
    case 'B':
      out += kMonths[c.month - 1];
      return;
    case 'a':
      out += kWeekdays[WeekdayOf(seconds)].substr(0, 3);
      return;
    case 'A':
      out += kWeekdays[WeekdayOf(seconds)];
      return;
    case 'j':
      return AppendNumber(DayOfYear(seconds, c), 3, '0', out);
    case 'H':
      return AppendNumber(c.hour, 2, '0', out);
    case 'k':
      return AppendNumber(c.hour, 2, ' ', out);
    case 'I':
      return AppendNumber(hour12, 2, '0', out);
    case 'l':
      return AppendNumber(hour12, 2, ' ', out);
    case 'M':
      return AppendNumber(c.minute, 2, '0', out);
    case 'S':
      return AppendNumber(c.second, 2, '0', out);
    case 'p':
      out += c.hour < 12 ? "AM" : "PM";
      return;
    case 'u':
      return AppendNumber((WeekdayOf(seconds) + 6) % 7 + 1, 1, '0', out);
    case 'w':
      return AppendNumber(WeekdayOf(seconds), 1, '0', out);
    case 's':
      return AppendNumber(seconds, 1, '0', out);
    default:  // not understood: stays as it was
      out += '%';
      out += code;
  }
}

/// The conversions that stand for several.
std::string_view Composite(char code) {
  switch (code) {
    case 'D':
      return "%m/%d/%y";
    case 'F':
      return "%Y-%m-%d";
    case 'R':
      return "%H:%M";
    case 'T':
      return "%H:%M:%S";
    default:
      return {};
  }
}

}  // namespace

TemporalFormat::TemporalFormat(std::string_view format) {
  format = format.substr(0, kMaxLength);
  if (LooksLikeJavaDateFormat(format)) {
    Compile(FromJavaDateFormat(format));
  } else {
    Compile(format);
  }
}

void TemporalFormat::AddLiteral(std::string_view text) {
  if (pieces_.empty() || pieces_.back().code != 0) pieces_.emplace_back();
  pieces_.back().literal += text;
}

void TemporalFormat::Compile(std::string_view format) {
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      AddLiteral(format.substr(i, 1));
      continue;
    }
    const char code = format[++i];
    if (code == '%') {
      AddLiteral("%");
    } else if (code == 'n' || code == 't') {
      AddLiteral(code == 'n' ? "\n" : "\t");
    } else if (const std::string_view parts = Composite(code); !parts.empty()) {
      Compile(parts);
    } else {
      pieces_.push_back({.code = code, .literal = {}});
    }
  }
}

TemporalFormat::Parts TemporalFormat::parts() const {
  constexpr std::string_view kDate = "YCymdebhBj";
  constexpr std::string_view kTime = "HkIlMS";
  constexpr std::string_view kNeither = "aAuwp";
  Parts parts{.date = false, .time = false, .understood = true};
  for (const Piece& piece : pieces_) {
    if (piece.code == 0) continue;
    const auto is_in = [&](std::string_view codes) {
      return codes.find(piece.code) != std::string_view::npos;
    };
    const bool epoch = piece.code == 's';
    parts.date = parts.date || epoch || is_in(kDate);
    parts.time = parts.time || epoch || is_in(kTime);
    parts.understood =
        parts.understood && (epoch || is_in(kDate) || is_in(kTime) || is_in(kNeither));
  }
  return parts;
}

void TemporalFormat::Append(std::int64_t seconds, std::string& out) const {
  const CivilTime civil = ToCivil(seconds);
  for (const Piece& piece : pieces_) {
    if (piece.code == 0) {
      out += piece.literal;
    } else {
      AppendField(piece.code, seconds, civil, out);
    }
  }
}

std::optional<std::int64_t> TemporalFormat::Parse(std::string_view text) const {
  TemporalScanner in(text);
  Fields fields;
  in.SkipBlanks();
  for (const Piece& piece : pieces_) {
    if (!(piece.code == 0 ? in.Literal(piece.literal) : ParseField(piece.code, in, fields))) {
      return std::nullopt;
    }
  }
  in.SkipBlanks();
  return in.at_end() && !pieces_.empty() ? fields.Value() : std::nullopt;
}

}  // namespace tql::plan
