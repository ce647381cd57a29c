// Prints the pieces of a format.
#include "mockserver/values/civil_time.h"
#include "mockserver/values/number_text.h"
#include "mockserver/values/temporal_format.h"
#include "mockserver/values/temporal_names.h"
#include "mockserver/values/text_cursor.h"

namespace tql::values {
namespace {

using F = TemporalField;
using Kind = TemporalPiece::Kind;

/// The week of the year; week 1 begins with the first weekday `first` (0 is Sunday).
std::int64_t WeekOfYear(std::int64_t seconds, std::int32_t year, std::int64_t first) {
  const std::int64_t since_first = (WeekdayOf(seconds) - first + 7) % 7;
  return (DayOfYear(seconds, year) - 1 + 7 - since_first) / 7;
}

struct IsoWeek {
  std::int64_t year;
  std::int64_t week;
};
IsoWeek IsoWeekOf(std::int64_t seconds, std::int32_t year) {
  // A week belongs to the year of its Thursday. Days are counted from 1.
  const std::int64_t thursday = DayOfYear(seconds, year) + 3 - (WeekdayOf(seconds) + 6) % 7;
  if (thursday < 1) return {year - 1, (thursday + DaysInYear(year - 1) - 1) / 7 + 1};
  if (thursday > DaysInYear(year)) return {year + 1, 1};
  return {year, (thursday - 1) / 7 + 1};
}

std::int64_t Number(F field, std::int64_t seconds, const CivilTime& c) {
  switch (field) {
    case F::kYear:
      return c.year;
    case F::kYearOfCentury:
    case F::kReducedYear:
      return c.year % 100;
    case F::kCentury:
      return c.year / 100;
    case F::kMonth:
      return c.month;
    case F::kDay:
      return c.day;
    case F::kDayOfYear:
      return DayOfYear(seconds, c.year);
    case F::kWeekday:
      return WeekdayOf(seconds);
    case F::kIsoWeekday:
      return (WeekdayOf(seconds) + 6) % 7 + 1;
    case F::kWeekFromSunday:
      return WeekOfYear(seconds, c.year, 0);
    case F::kWeekFromMonday:
      return WeekOfYear(seconds, c.year, 1);
    case F::kIsoYear:
      return IsoWeekOf(seconds, c.year).year;
    case F::kIsoYearOfCentury:
      return IsoWeekOf(seconds, c.year).year % 100;
    case F::kIsoWeek:
      return IsoWeekOf(seconds, c.year).week;
    case F::kHour:
      return c.hour;
    case F::kClockHour:
      return c.hour == 0 ? 24 : c.hour;
    case F::kHour12:
      return c.hour % 12 == 0 ? 12 : c.hour % 12;
    case F::kHour11:
      return c.hour % 12;
    case F::kHalf:
      return c.hour / 12;
    case F::kMinute:
      return c.minute;
    case F::kSecond:
      return c.second;
    case F::kEpoch:
      return seconds;
    case F::kFraction:
    case F::kOffset:
    case F::kFieldCount:
      break;
  }
  return 0;
}

void PrintNumber(const TemporalPiece& piece, std::int64_t value, std::string& out) {
  char digits[kMaxNumberText];
  const std::size_t size = FormatInteger(value, digits);
  if (size < piece.width) out.append(piece.width - size, piece.pad);
  out.append(digits, size);
}

void PrintName(const TemporalPiece& piece, std::string_view name, std::string& out) {
  if (piece.names == TemporalPiece::Names::kShort) name = name.substr(0, kShortName);
  if (name.size() < piece.width) out.append(piece.width - name.size(), piece.pad);
  for (const char c : name) {
    const char lower = base::ToLower(c);
    const char upper = lower >= 'a' && lower <= 'z' ? static_cast<char>(lower - 32) : lower;
    out += piece.letters == TemporalPiece::Letters::kAsIs    ? c
           : piece.letters == TemporalPiece::Letters::kUpper ? upper
                                                             : lower;
  }
}

/// The offset from UTC as text. It is 0, because all moments are in UTC.
std::string_view UtcOffset(const TemporalPiece& piece) {
  if (piece.any_colon) return "+0000";
  if (piece.z_is_utc) return "Z";
  if (piece.short_offset) return "+00";
  return piece.colon ? "+00:00" : "+0000";
}

}  // namespace

void PrintPiece(const TemporalPiece& piece, std::int64_t seconds, const CivilTime& c,
                std::string& out) {
  switch (piece.kind) {
    case Kind::kLiteral:
    case Kind::kBlanks:
    case Kind::kUnknown:
      out += piece.text;
      return;
    case Kind::kNumber:
    case Kind::kDigits:
    case Kind::kEpoch:
      return PrintNumber(piece, Number(piece.field, seconds, c), out);
    case Kind::kMonthName:
      return PrintName(piece, kMonthNames[c.month - 1], out);
    case Kind::kWeekdayName:
      return PrintName(piece, kWeekdayNames[static_cast<std::size_t>(WeekdayOf(seconds))], out);
    case Kind::kHalfName:
      return PrintName(piece, kHalfNames[c.hour / 12], out);
    case Kind::kOffset:
      out += UtcOffset(piece);
      return;
    case Kind::kZoneName:
      return PrintName(piece, "UTC", out);
    case Kind::kOptionalBegin:
    case Kind::kOptionalEnd:
    case Kind::kPadBegin:
      return;
  }
}

}  // namespace tql::values
