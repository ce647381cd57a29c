#include "mockserver/values/temporal.h"

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "mockserver/values/civil_time.h"
#include "mockserver/values/text_cursor.h"

namespace tql::values {
namespace {

constexpr std::string_view kNoForm = "unrecognized format";

void PutDigits(std::uint32_t value, int width, char* out) {
  for (int i = width - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

/// The number in two digits, or 1000 if they are not digits.
std::uint32_t TwoDigits(const char* at) {
  const auto tens = static_cast<std::uint32_t>(at[0] - '0');
  const auto ones = static_cast<std::uint32_t>(at[1] - '0');
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

/// Reads YYYY-MM-DD and YYYY-MM-DD HH:MM:SS, the most frequent formats, faster than UsualForms
/// does.
std::optional<WrittenMoment> ReadPlain(std::string_view text) {
  const char* const c = text.data();
  if ((text.size() != 10 && text.size() != 19) || c[4] != '-' || c[7] != '-') return std::nullopt;
  // FromCivil() rejects fields of 1000; the year is checked below.
  CivilTime civil;
  civil.year = static_cast<std::int32_t>(TwoDigits(c) * 100 + TwoDigits(c + 2));
  civil.month = TwoDigits(c + 5);
  civil.day = TwoDigits(c + 8);
  WrittenMoment moment{.has_date = true};
  if (text.size() == 19) {
    if ((c[10] != ' ' && c[10] != 'T') || c[13] != ':' || c[16] != ':') return std::nullopt;
    civil.hour = TwoDigits(c + 11);
    civil.minute = TwoDigits(c + 14);
    civil.second = TwoDigits(c + 17);
    moment.has_time = true;
  }
  const std::optional<std::int64_t> seconds = FromCivil(civil);
  if (!seconds || TwoDigits(c) > 99 || TwoDigits(c + 2) > 99) return std::nullopt;
  moment.date = DateOf(*seconds);
  moment.clock = *seconds - moment.date;
  return moment;
}

/// Reads the formats that are accepted without a hint.
class UsualForms {
 public:
  explicit UsualForms(std::string_view text) : in_(base::Trim(text)) {}

  std::string_view problem() const { return problem_; }
  bool bad_value() const { return bad_value_; }

  std::optional<WrittenMoment> Read() {
    const bool compact = in_.CountDigits(9) == 8;
    if (!compact && (in_.Peek(1) == ':' || in_.Peek(2) == ':')) {
      if (!ReadClock(false)) return std::nullopt;
      moment_.has_time = true;
    } else {
      if (!ReadDate(compact)) return std::nullopt;
      moment_.has_date = true;
      if (!in_.at_end()) {
        if (!ReadSeparator() || !ReadClock(compact)) return std::nullopt;
        moment_.has_time = true;
      }
    }
    if (!in_.at_end()) return Fail("unexpected text after it");
    return moment_;
  }

 private:
  std::nullopt_t Fail(std::string_view problem, bool bad_value = false) {
    problem_ = problem;
    bad_value_ = bad_value;
    return std::nullopt;
  }
  bool Refuse(std::string_view problem) {
    Fail(problem, true);
    return false;
  }
  bool Mismatch(std::string_view problem = kNoForm) {
    Fail(problem);
    return false;
  }

  /// A number of `min` to `max` digits.
  bool Number(std::size_t min, std::size_t max, std::uint32_t* value) {
    const std::size_t count = in_.CountDigits(max + 1);
    if (count < min || count > max) return false;
    *value = static_cast<std::uint32_t>(in_.TakeDigits(count));
    return true;
  }

  bool ReadDate(bool compact) {
    std::uint32_t year = 0;
    CivilTime c;
    if (compact) {
      const auto digits = static_cast<std::uint32_t>(in_.TakeDigits(8));
      year = digits / 10000;
      c.month = digits / 100 % 100;
      c.day = digits % 100;
    } else {
      const std::size_t digits = in_.CountDigits(9);
      if (digits == 0 || in_.Peek(digits) != '-') return Mismatch();
      if (digits != 4) return Refuse("the year must have four digits");
      year = static_cast<std::uint32_t>(in_.TakeDigits(4));
      if (!in_.Take('-') || !Number(1, 2, &c.month) || !in_.Take('-') || !Number(1, 2, &c.day)) {
        return Mismatch();
      }
    }
    c.year = static_cast<std::int32_t>(year);
    const std::optional<std::int64_t> date = FromCivil(c);
    if (!date) {
      return Refuse(year == 0                     ? "the year is not between 1 and 9999"
                    : c.month < 1 || c.month > 12 ? "the month is out of range"
                    : c.day < 1 || c.day > 31     ? "the day is out of range"
                                                  : "the day does not exist in its month");
    }
    moment_.date = *date;
    return true;
  }

  bool ReadSeparator() {
    const bool t = in_.Take('T') || in_.Take('t');
    if (!t && !IsBlank(in_.Peek())) return Mismatch();
    in_.SkipBlanks();
    return true;
  }

  bool ReadClock(bool compact) {
    std::uint32_t hour = 0;
    std::uint32_t minute = 0;
    std::uint32_t second = 0;
    bool has_seconds = true;
    if (compact && in_.CountDigits(7) == 6) {
      const auto digits = static_cast<std::uint32_t>(in_.TakeDigits(6));
      hour = digits / 10000;
      minute = digits / 100 % 100;
      second = digits % 100;
    } else {
      if (!Number(1, 2, &hour) || !in_.Take(':') || !Number(1, 2, &minute)) return Mismatch();
      has_seconds = in_.Take(':');
      if (has_seconds && !Number(1, 2, &second)) return Mismatch();
    }
    if (has_seconds && in_.Take('.')) {
      while (IsDigit(in_.Peek())) in_.Advance();  // Dropped.
    }
    if (hour > 24) return Refuse("the hour is out of range");
    if (minute > 59) return Refuse("the minute is out of range");
    if (second > 60) return Refuse("the second is out of range");
    if (hour == 24 && (minute > 0 || second > 0)) return Refuse("a day ends at 24:00:00");
    moment_.clock = hour * 3600 + minute * 60 + second;
    return in_.at_end() || ReadOffset();
  }

  bool ReadOffset() {
    in_.SkipBlanks();
    if (in_.TakeWord("UTC") || in_.TakeWord("GMT") || in_.TakeWord("Z")) return true;
    const bool west = in_.Peek() == '-';
    if (!west && in_.Peek() != '+') return Mismatch("unexpected text after it");
    in_.Advance();
    std::uint32_t hours = 0;
    std::uint32_t minutes = 0;
    if (in_.CountDigits(5) == 4) {
      const auto digits = static_cast<std::uint32_t>(in_.TakeDigits(4));
      hours = digits / 100;
      minutes = digits % 100;
    } else if (!Number(1, 2, &hours) || (in_.Take(':') && !Number(2, 2, &minutes))) {
      return Mismatch();
    }
    if (hours > 15 || minutes > 59) return Refuse("the offset from UTC is out of range");
    moment_.offset = (west ? -1 : 1) * static_cast<std::int64_t>(hours * 3600 + minutes * 60);
    return true;
  }

  TextCursor in_;
  WrittenMoment moment_;
  std::string_view problem_;
  bool bad_value_ = false;
};

/// The compiled formats that a thread used last. A format moves forward by one place with each use;
/// a new one replaces the last.
class FormatCache {
 public:
  const TemporalFormat& Get(std::string_view hint) {
    std::size_t i = 0;
    while (i + 1 < entries_.size() && entries_[i].format && entries_[i].hint != hint) ++i;
    if (!entries_[i].format || entries_[i].hint != hint) {
      entries_[i] = {std::string(hint), std::make_unique<TemporalFormat>(hint)};
    }
    if (i > 0) std::swap(entries_[i], entries_[i - 1]);
    return *entries_[i > 0 ? i - 1 : 0].format;
  }

 private:
  struct Entry {
    std::string hint;
    std::unique_ptr<TemporalFormat> format;
  };
  std::array<Entry, 8> entries_;
};

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

TemporalReading ReadTemporal(TypeKind kind, std::string_view text, const TemporalFormat* hint) {
  if (hint != nullptr) {
    const TemporalReading reading = hint->Read(kind, text);
    if (reading.value || reading.bad_value) return reading;
  }
  if (const std::optional<WrittenMoment> moment = ReadPlain(text)) return FitMoment(kind, *moment);
  UsualForms forms(text);
  if (const std::optional<WrittenMoment> moment = forms.Read()) return FitMoment(kind, *moment);
  return {.bad_value = forms.bad_value(), .problem = forms.problem()};
}

TemporalReading ReadTemporal(TypeKind kind, std::string_view text, std::string_view hint) {
  if (hint.empty()) return ReadTemporal(kind, text);
  static thread_local FormatCache cache;
  return ReadTemporal(kind, text, &cache.Get(hint));
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

}  // namespace tql::values
