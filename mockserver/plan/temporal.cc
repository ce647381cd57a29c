#include "mockserver/plan/temporal.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "mockserver/plan/number_text.h"

namespace tql::plan {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

void PutDigits(std::uint32_t value, int width, char* out) {
  for (int i = width - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

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

/// One run of one letter of a Java pattern, in strptime's codes; empty: not understood.
std::string_view JavaField(char letter, std::size_t count) {
  switch (letter) {
    case 'y':
    case 'u':
      return count == 2 ? "%y" : "%Y";
    case 'M':
    case 'L':
      return count >= 4 ? "%B" : count == 3 ? "%b" : "%m";
    case 'd':
      return "%d";
    case 'D':
      return "%j";
    case 'E':
      return count >= 4 ? "%A" : "%a";
    case 'H':
      return "%H";
    case 'h':
      return "%I";
    case 'm':
      return "%M";
    case 's':
      return "%S";
    case 'a':
      return "%p";
    default:
      return {};
  }
}

bool LooksLikeJava(std::string_view format) {
  return format.find('%') == std::string_view::npos &&
         std::any_of(format.begin(), format.end(), IsLetter);
}

std::string FromJava(std::string_view format) {
  std::string out;
  for (std::size_t i = 0; i < format.size();) {
    const char c = format[i];
    if (c == '\'') {  // quoted text; '' is a quote
      const std::size_t close = format.find('\'', i + 1);
      if (close == i + 1) out += '\'';
      const std::size_t end = close == std::string_view::npos ? format.size() : close;
      out += format.substr(i + 1, end - i - 1);
      i = end + 1;
      continue;
    }
    const std::size_t end = std::min(format.find_first_not_of(c, i), format.size());
    const std::string_view field = JavaField(c, end - i);
    out += field.empty() ? format.substr(i, end - i) : field;
    i = end;
  }
  return out;
}

/// Reads a text from its front; every call says whether it could.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  void SkipBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  }
  bool Number(std::size_t max_digits, std::uint32_t low, std::uint32_t high, std::uint32_t* value) {
    std::uint32_t number = 0;
    std::size_t digits = 0;
    while (digits < max_digits && at_ < text_.size() && IsDigit(text_[at_])) {
      number = number * 10 + static_cast<std::uint32_t>(text_[at_++] - '0');
      ++digits;
    }
    *value = number;
    return digits > 0 && number >= low && number <= high;
  }
  bool Epoch(std::int64_t* value) {
    std::size_t end = at_;
    if (end < text_.size() && text_[end] == '-') ++end;
    while (end < text_.size() && IsDigit(text_[end])) ++end;
    const std::optional<std::int64_t> number = ParseInteger(text_.substr(at_, end - at_));
    if (!number) return false;
    at_ = end;
    *value = *number;
    return true;
  }
  /// A blank of the pattern stands for any number of blanks.
  bool Literal(std::string_view literal) {
    for (const char c : literal) {
      if (IsBlank(c)) {
        SkipBlanks();
      } else if (at_ < text_.size() && text_[at_] == c) {
        ++at_;
      } else {
        return false;
      }
    }
    return true;
  }
  /// One of the names, whole or by its first three letters; `index` counts from 0.
  template <std::size_t N>
  bool Word(const std::array<std::string_view, N>& names, std::uint32_t* index) {
    for (std::uint32_t i = 0; i < N; ++i) {
      if (Prefix(names[i]) || Prefix(names[i].substr(0, 3))) {
        *index = i;
        return true;
      }
    }
    return false;
  }
  bool Prefix(std::string_view word) {
    if (text_.size() - at_ < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (Lower(text_[at_ + i]) != Lower(word[i])) return false;
    }
    at_ += word.size();
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

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

bool ParseField(char code, Scanner& in, Fields& f) {
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

/// What a constant says: which parts it had.
struct Moment {
  std::int64_t seconds = 0;
  bool has_date = false;
  bool has_time = false;
};

bool ScanClock(Scanner& in, CivilTime& c) {
  if (!in.Number(2, 0, 23, &c.hour) || !in.Literal(":") || !in.Number(2, 0, 59, &c.minute)) {
    return false;
  }
  if (in.at_end()) return true;
  if (!in.Literal(":") || !in.Number(2, 0, 59, &c.second)) return false;
  std::uint32_t fraction = 0;  // dropped
  return !in.Literal(".") || in.Number(9, 0, 999999999, &fraction);
}

std::optional<Moment> ParseIso(std::string_view text) {
  Moment moment;
  CivilTime c;
  std::uint32_t year = 0;
  Scanner date(text);
  if (date.Number(4, 1, 9999, &year) && date.Literal("-")) {
    c.year = static_cast<std::int32_t>(year);
    if (!date.Number(2, 1, 12, &c.month) || !date.Literal("-") || !date.Number(2, 1, 31, &c.day)) {
      return std::nullopt;
    }
    moment.has_date = true;
    if (!date.at_end()) {
      if (!date.Literal("T")) date.SkipBlanks();
      moment.has_time = true;
      if (!ScanClock(date, c)) return std::nullopt;
      date.Literal("Z");
      if (!date.at_end()) return std::nullopt;
    }
  } else {
    Scanner clock(text);
    if (!ScanClock(clock, c) || !clock.at_end()) return std::nullopt;
    moment.has_time = true;
  }
  const std::optional<std::int64_t> seconds = FromCivil(c);
  if (!seconds) return std::nullopt;
  moment.seconds = *seconds;
  return moment;
}

std::optional<std::int64_t> Fit(TypeKind kind, const Moment& moment) {
  switch (kind) {
    case TypeKind::kDate:
      return moment.has_date ? std::optional(DateOf(moment.seconds)) : std::nullopt;
    case TypeKind::kDateTime:
      return moment.has_date ? std::optional(moment.seconds) : std::nullopt;
    case TypeKind::kTime:
      return moment.has_time ? std::optional(TimeOf(moment.seconds)) : std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> ParseByDefaults(TypeKind kind, std::string_view text) {
  static const TemporalFormat kDate(DefaultParsingHint(TypeKind::kDate));
  static const TemporalFormat kDateTime(DefaultParsingHint(TypeKind::kDateTime));
  // Digits alone are a day only when there are eight of them.
  if (text.size() < 8 || !std::all_of(text.begin(), text.begin() + 8, IsDigit)) return std::nullopt;
  if (const auto seconds = kDateTime.Parse(text)) {
    return Fit(kind, {.seconds = *seconds, .has_date = true, .has_time = true});
  }
  if (text.size() != 8) return std::nullopt;
  if (const auto seconds = kDate.Parse(text)) {
    return Fit(kind, {.seconds = *seconds, .has_date = true, .has_time = false});
  }
  return std::nullopt;
}

}  // namespace

std::string_view DefaultParsingHint(TypeKind kind) {
  switch (kind) {
    case TypeKind::kDate:
      return "%Y%m%d";
    case TypeKind::kDateTime:
      return "%Y%m%d %H:%M:%S";
    case TypeKind::kTime:
      return "%H:%M:%S";
    default:
      return {};
  }
}

CivilTime ToCivil(std::int64_t seconds) {
  seconds = std::clamp(seconds, kMinDateTime, kMaxDateTime);
  const std::int64_t day = DateOf(seconds);
  const auto clock = static_cast<std::uint32_t>(seconds - day);
  const std::chrono::year_month_day date(
      std::chrono::sys_days(std::chrono::days(day / kSecondsPerDay)));
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .hour = clock / 3600,
          .minute = clock / 60 % 60,
          .second = clock % 60};
}

std::optional<std::int64_t> FromCivil(const CivilTime& c) {
  const std::chrono::year_month_day date(std::chrono::year(c.year), std::chrono::month(c.month),
                                         std::chrono::day(c.day));
  if (c.year < 1 || c.year > 9999 || !date.ok() || c.hour > 23 || c.minute > 59 || c.second > 59) {
    return std::nullopt;
  }
  return std::int64_t{std::chrono::sys_days(date).time_since_epoch().count()} * kSecondsPerDay +
         c.hour * 3600 + c.minute * 60 + c.second;
}

TemporalFormat::TemporalFormat(std::string_view format) {
  format = format.substr(0, kMaxLength);
  if (LooksLikeJava(format)) {
    Compile(FromJava(format));
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
  Scanner in(text);
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

std::optional<std::int64_t> ParseTemporal(TypeKind kind, std::string_view text,
                                          std::string_view hint) {
  if (!hint.empty()) {
    if (const auto seconds = TemporalFormat(hint).Parse(text)) {
      return Fit(kind, {.seconds = *seconds, .has_date = true, .has_time = true});
    }
  }
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  if (const std::optional<Moment> moment = ParseIso(text)) return Fit(kind, *moment);
  return ParseByDefaults(kind, text);
}

std::size_t FormatTemporal(TypeKind kind, std::int64_t seconds, char* out) {
  const CivilTime c = ToCivil(seconds);
  std::size_t at = 0;
  if (kind != TypeKind::kTime) {
    PutDigits(static_cast<std::uint32_t>(c.year), 4, out);
    out[4] = out[7] = '-';
    PutDigits(c.month, 2, out + 5);
    PutDigits(c.day, 2, out + 8);
    at = 10;
    if (kind == TypeKind::kDate) return at;
    out[at++] = ' ';
  }
  PutDigits(c.hour, 2, out + at);
  out[at + 2] = out[at + 5] = ':';
  PutDigits(c.minute, 2, out + at + 3);
  PutDigits(c.second, 2, out + at + 6);
  return at + 8;
}

}  // namespace tql::plan
