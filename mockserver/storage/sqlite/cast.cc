#include <sqlite3.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "mockserver/plan/number_text.h"
#include "mockserver/plan/temporal.h"
#include "mockserver/plan/type.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/functions.h"

namespace tql::storage::sqlite {
namespace {

using plan::TypeKind;

/// A value as it is shown in an error: not longer than a line.
std::string Shown(sqlite3_value* value) {
  constexpr std::size_t kLongest = 64;
  if (sqlite3_value_type(value) == SQLITE_FLOAT) {
    char text[plan::kMaxNumberText];
    return std::string(text, plan::FormatDouble(sqlite3_value_double(value), text));
  }
  const bool quoted = sqlite3_value_type(value) == SQLITE_TEXT;
  std::string_view text = TextOf(value);
  std::size_t size = std::min(text.size(), kLongest);
  while (size < text.size() && size > 0 &&
         (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    --size;  // not inside a character
  }
  std::string shown(text.substr(0, size));
  if (size < text.size()) shown += "…";
  return quoted ? "'" + shown + "'" : shown;
}

/// Case does not count.
bool Is(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != lower[i]) return false;
  }
  return true;
}

class Cast {
 public:
  Cast(sqlite3_context* context, sqlite3_value* value, TypeKind from, TypeKind to)
      : context_(context), value_(value), from_(from), to_(to) {}

  void Run() const {
    switch (to_) {
      case TypeKind::kBool:
        return Put(ToBool());
      case TypeKind::kInt:
      case TypeKind::kBigInt:
        return Put(ToInteger());
      case TypeKind::kFloat:
      case TypeKind::kDouble:
        return PutReal();
      case TypeKind::kVarchar:
        return PutText();
      case TypeKind::kDate:
      case TypeKind::kDateTime:
      case TypeKind::kTime:
        return Put(ToTemporal());
      case TypeKind::kNull:
        return;
    }
  }

 private:
  std::int64_t integer() const { return sqlite3_value_int64(value_); }
  double real() const { return sqlite3_value_double(value_); }

  std::optional<std::int64_t> ToBool() const {
    if (from_ == TypeKind::kVarchar) {
      const std::string_view text = TextOf(value_);
      if (Is(text, "true") || text == "1") return 1;
      if (Is(text, "false") || text == "0") return 0;
      return std::nullopt;
    }
    return plan::IsReal(from_) ? real() != 0 : integer() != 0;
  }

  std::optional<std::int64_t> ToInteger() const {
    std::optional<std::int64_t> number;
    if (from_ == TypeKind::kVarchar) {
      number = plan::ParseInteger(TextOf(value_));
      if (!number) {
        if (const auto parsed = plan::ParseDouble(TextOf(value_))) {
          number = plan::RoundToInteger(*parsed);
        }
      }
    } else if (plan::IsReal(from_)) {
      number = plan::RoundToInteger(real());
    } else {
      number = integer();
    }
    if (number && to_ == TypeKind::kInt &&
        (*number < std::numeric_limits<std::int32_t>::min() ||
         *number > std::numeric_limits<std::int32_t>::max())) {
      return std::nullopt;
    }
    return number;
  }

  std::optional<std::int64_t> ToTemporal() const {
    if (from_ == TypeKind::kVarchar) return plan::ParseTemporal(to_, TextOf(value_));
    if (plan::IsReal(from_)) return std::nullopt;
    if (from_ == TypeKind::kTime && to_ != TypeKind::kTime) return std::nullopt;
    const std::int64_t seconds = integer();
    if (seconds < plan::kMinDateTime || seconds > plan::kMaxDateTime) return std::nullopt;
    if (to_ == TypeKind::kDate) return plan::DateOf(seconds);
    if (to_ == TypeKind::kTime) return plan::TimeOf(seconds);
    return seconds;
  }

  void PutReal() const {
    std::optional<double> number;
    if (from_ == TypeKind::kVarchar) {
      number = plan::ParseDouble(TextOf(value_));
    } else {
      number = real();
    }
    if (number && to_ == TypeKind::kFloat) {
      const bool too_large =
          std::isfinite(*number) && std::fabs(*number) > std::numeric_limits<float>::max();
      number = too_large ? std::nullopt : std::optional<double>(static_cast<float>(*number));
    }
    if (!number) return FailValue();
    sqlite3_result_double(context_, *number);
  }

  void PutText() const {
    char text[plan::kMaxNumberText];
    std::size_t size = 0;
    if (from_ == TypeKind::kVarchar) return sqlite3_result_value(context_, value_);
    if (from_ == TypeKind::kBool) {
      return sqlite3_result_text(context_, integer() ? "true" : "false", -1, SQLITE_STATIC);
    }
    if (plan::IsTemporal(from_)) {
      size = plan::FormatTemporal(from_, integer(), text);
    } else if (from_ == TypeKind::kFloat) {
      size = plan::FormatFloat(static_cast<float>(real()), text);
    } else if (from_ == TypeKind::kDouble) {
      size = plan::FormatDouble(real(), text);
    } else {
      size = plan::FormatInteger(integer(), text);
    }
    sqlite3_result_text(context_, text, static_cast<int>(size), SQLITE_TRANSIENT);
  }

  void Put(std::optional<std::int64_t> number) const {
    if (!number) return FailValue();
    sqlite3_result_int64(context_, *number);
  }

  void FailValue() const {
    const std::string type(plan::TypeName(to_));
    if (plan::IsNumeric(from_) && plan::IsNumeric(to_)) {
      return Fail(context_, OutOfRangeError(Shown(value_) + " is out of range for " + type));
    }
    Fail(context_, InvalidArgumentError(Shown(value_) + " cannot be converted to " + type));
  }

  sqlite3_context* const context_;
  sqlite3_value* const value_;
  const TypeKind from_;
  const TypeKind to_;
};

void RunCast(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
  Cast(context, arguments[0], static_cast<TypeKind>(sqlite3_value_int(arguments[1])),
       static_cast<TypeKind>(sqlite3_value_int(arguments[2])))
      .Run();
}

}  // namespace

int RegisterCast(sqlite3* db, Running& running) {
  return sqlite3_create_function_v2(db, "tql_cast", 3,
                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
                                    &running, RunCast, nullptr, nullptr, nullptr);
}

}  // namespace tql::storage::sqlite
