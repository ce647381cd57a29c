#include "mockserver/values/value_conversion.h"

#include <cmath>
#include <cstdint>
#include <limits>

#include "mockserver/values/civil_time.h"
#include "mockserver/values/number_text.h"
#include "mockserver/values/temporal.h"
#include "proto/base/text.h"

namespace tql::values {
namespace {

constexpr Converted kOutOfRange{std::nullopt, true};

double RealOf(const Datum& value) {
  return value.kind() == Datum::Kind::kReal ? value.real() : static_cast<double>(value.integer());
}

std::optional<bool> ReadBool(std::string_view text, std::string_view hint) {
  const std::optional<BoolWords> words = BoolWords::Parse(hint);
  // A word of the hint may be a usual word with the opposite meaning: "0_1".
  if (words && words->IsWord(text)) return words->Read(text);
  text = base::Trim(text, " \t\r\n");
  if (base::EqualsIgnoreCase(text, "true") || text == "1") return true;
  if (base::EqualsIgnoreCase(text, "false") || text == "0") return false;
  return words ? words->Read(text) : std::nullopt;
}

Converted ToBool(const Datum& value, TypeKind from, std::string_view hint) {
  if (from != TypeKind::kVarchar) {
    return {Datum::Integer(IsReal(from) ? RealOf(value) != 0 : value.integer() != 0)};
  }
  const std::optional<bool> read = ReadBool(value.text(), hint);
  if (!read) return {};
  return {Datum::Integer(*read ? 1 : 0)};
}

bool IsDigits(std::string_view text) {
  text = base::Trim(text, " \t\r\n");
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Converted ToInteger(const Datum& value, TypeKind from, TypeKind to) {
  std::optional<std::int64_t> number;
  if (from == TypeKind::kVarchar) {
    // Digits that ParseInteger() rejects are a number that is out of range.
    number = ParseInteger(value.text());
    if (!number && !IsDigits(value.text())) return {};
  } else if (IsReal(from)) {
    number = RoundToInteger(RealOf(value));
  } else {
    number = value.integer();
  }
  const bool fits =
      number && (to != TypeKind::kInt || (*number >= std::numeric_limits<std::int32_t>::min() &&
                                          *number <= std::numeric_limits<std::int32_t>::max()));
  return fits ? Converted{Datum::Integer(*number)} : kOutOfRange;
}

Converted ToReal(const Datum& value, TypeKind from, TypeKind to) {
  const std::optional<double> number =
      from == TypeKind::kVarchar ? ParseReal(value.text()) : RealOf(value);
  if (!number) return {};
  if (to != TypeKind::kFloat) return {Datum::Real(*number)};
  if (std::isfinite(*number) && !FitsFloat(*number)) return kOutOfRange;
  return {Datum::Real(static_cast<double>(static_cast<float>(*number)))};
}

Datum ToText(const Datum& value, TypeKind from, char (&buffer)[kMaxNumberText]) {
  if (from == TypeKind::kVarchar) return value;
  if (from == TypeKind::kBool) return Datum::Text(value.integer() != 0 ? "true" : "false");
  const std::size_t size = IsTemporal(from) ? FormatTemporal(from, value.integer(), buffer)
                           : from == TypeKind::kFloat
                               ? FormatFloat(static_cast<float>(RealOf(value)), buffer)
                           : from == TypeKind::kDouble ? FormatDouble(RealOf(value), buffer)
                                                       : FormatInteger(value.integer(), buffer);
  return Datum::Text({buffer, size});
}

Datum PartOf(std::int64_t seconds, TypeKind to) {
  if (to == TypeKind::kDate) return Datum::Integer(DateOf(seconds));
  if (to == TypeKind::kTime) return Datum::Integer(TimeOf(seconds));
  return Datum::Integer(seconds);
}

Converted SecondsToTemporal(std::int64_t seconds, TypeKind to) {
  const bool fits = to == TypeKind::kTime ? seconds >= 0 && seconds < kSecondsPerDay
                                          : seconds >= kMinDateTime && seconds <= kMaxDateTime;
  return fits ? Converted{PartOf(seconds, to)} : kOutOfRange;
}

Converted ToTemporal(const Datum& value, TypeKind from, TypeKind to, std::string_view hint) {
  if (from == TypeKind::kVarchar) {
    const TemporalReading reading = ReadTemporal(to, value.text(), hint);
    if (!reading.value) return {.problem = reading.problem};
    return {Datum::Integer(*reading.value)};
  }
  if (IsTemporal(from)) {
    if (from == TypeKind::kTime && to != TypeKind::kTime) return {};
    return {PartOf(value.integer(), to)};
  }
  if (IsReal(from)) {
    // Rounds down before 1970 as well, so that the fraction belongs to the same second.
    const std::optional<std::int64_t> seconds = RoundToInteger(std::floor(RealOf(value)));
    return seconds ? SecondsToTemporal(*seconds, to) : kOutOfRange;
  }
  return IsInteger(from) ? SecondsToTemporal(value.integer(), to) : Converted{};
}

}  // namespace

bool KeepsValues(TypeKind from, TypeKind to) {
  if (from == to) return true;
  switch (to) {
    case TypeKind::kBigInt:
      return from == TypeKind::kBool || from == TypeKind::kInt;
    case TypeKind::kInt:
      return from == TypeKind::kBool;
    case TypeKind::kDouble:
      return from == TypeKind::kFloat;
    case TypeKind::kDateTime:
      return from == TypeKind::kDate;
    default:
      return false;
  }
}

Converted ConvertValue(const Datum& value, TypeKind from, TypeKind to, std::string_view hint,
                       char (&buffer)[kMaxNumberText]) {
  switch (to) {
    case TypeKind::kBool:
      return ToBool(value, from, hint);
    case TypeKind::kInt:
    case TypeKind::kBigInt:
      return ToInteger(value, from, to);
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return ToReal(value, from, to);
    case TypeKind::kVarchar:
      return {ToText(value, from, buffer)};
    case TypeKind::kDate:
    case TypeKind::kDateTime:
    case TypeKind::kTime:
      return ToTemporal(value, from, to, hint);
    case TypeKind::kNull:
      break;
  }
  return {Datum::Null()};
}

std::optional<BoolWords> BoolWords::Parse(std::string_view hint) {
  const std::size_t bar = hint.find('_');
  if (bar == std::string_view::npos || hint.find('_', bar + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  BoolWords words{std::string(hint.substr(0, bar)), std::string(hint.substr(bar + 1))};
  if (base::EqualsIgnoreCase(words.on, words.off)) return std::nullopt;
  return words;
}

bool BoolWords::IsWord(std::string_view text) const {
  return (!on.empty() && base::EqualsIgnoreCase(text, on)) ||
         (!off.empty() && base::EqualsIgnoreCase(text, off));
}

std::optional<bool> BoolWords::Read(std::string_view text) const {
  if (IsWord(text)) return !on.empty() && base::EqualsIgnoreCase(text, on);
  // An empty word stands for every other text.
  if (off.empty()) return false;
  if (on.empty()) return true;
  return std::nullopt;
}

ValueConverter::ValueConverter(const ColumnConversion& conversion)
    : from_(conversion.from), to_(conversion.to), only_format_(conversion.only_format) {
  if ((from_ == TypeKind::kVarchar && to_ == TypeKind::kBool) ||
      (from_ == TypeKind::kBool && to_ == TypeKind::kVarchar)) {
    words_ = BoolWords::Parse(conversion.format);
  } else if (!conversion.format.empty()) {
    format_.emplace(conversion.format);
  }
}

std::optional<Datum> ValueConverter::ReadTemporal(std::string_view text) const {
  const TemporalReading reading =
      only_format_ ? format_->Read(to_, text)
                   : values::ReadTemporal(to_, text, format_ ? &*format_ : nullptr);
  return reading.value ? std::optional(Datum::Integer(*reading.value)) : std::nullopt;
}

std::optional<Datum> ValueConverter::Convert(const Datum& value) {
  if (words_ && to_ == TypeKind::kBool) {
    const std::optional<bool> read = words_->Read(value.text());
    return read ? Datum::Integer(*read ? 1 : 0) : Datum::Null();
  }
  if (words_) return Datum::Text(value.integer() != 0 ? words_->on : words_->off);
  if (from_ == TypeKind::kVarchar && IsTemporal(to_)) return ReadTemporal(value.text());
  if (format_ && IsTemporal(from_) && to_ == TypeKind::kVarchar) {
    text_.clear();
    format_->Append(value.integer(), text_);
    return Datum::Text(text_);
  }
  return ConvertValue(value, from_, to_, {}, buffer_).value;
}

}  // namespace tql::values
