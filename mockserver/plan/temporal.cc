#include "mockserver/plan/temporal.h"

#include <algorithm>

#include "mockserver/plan/civil_time.h"
#include "mockserver/plan/temporal_format.h"
#include "mockserver/plan/temporal_scanner.h"

namespace tql::plan {
namespace {

void PutDigits(std::uint32_t value, int width, char* out) {
  for (int i = width - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

/// What a constant says: which parts it had.
struct Moment {
  std::int64_t seconds = 0;
  bool has_date = false;
  bool has_time = false;
};

bool ScanClock(TemporalScanner& in, CivilTime& c) {
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
  TemporalScanner date(text);
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
    TemporalScanner clock(text);
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
