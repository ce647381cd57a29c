// Dates and times as numbers and as text: seconds since 1970-01-01 00:00:00 of a proleptic
// Gregorian calendar without time zones. A date is midnight of its day, a time of day lies within
// 1970-01-01.
#ifndef TQLKIT_MOCKSERVER_PLAN_TEMPORAL_H_
#define TQLKIT_MOCKSERVER_PLAN_TEMPORAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/plan/type.h"

namespace tql::plan {

inline constexpr std::int64_t kSecondsPerDay = 86400;
/// What DATE and DATETIME hold: the years 1 to 9999.
inline constexpr std::int64_t kMinDateTime = -62135596800;  // 0001-01-01 00:00:00
inline constexpr std::int64_t kMaxDateTime = 253402300799;  // 9999-12-31 23:59:59

/// The seconds of midnight before or at `seconds`.
constexpr std::int64_t DateOf(std::int64_t seconds) {
  const std::int64_t rest = seconds % kSecondsPerDay;
  return seconds - (rest < 0 ? rest + kSecondsPerDay : rest);
}
/// The time of day, 0 to 86399.
constexpr std::int64_t TimeOf(std::int64_t seconds) { return seconds - DateOf(seconds); }

struct CivilTime {
  std::int32_t year = 1970;
  std::uint32_t month = 1;  // 1 to 12
  std::uint32_t day = 1;    // 1 to 31
  std::uint32_t hour = 0;
  std::uint32_t minute = 0;
  std::uint32_t second = 0;
};
/// Defined for seconds between kMinDateTime and kMaxDateTime; others are taken as the nearest.
CivilTime ToCivil(std::int64_t seconds);
/// Nothing when a field is out of its range or the day does not exist.
std::optional<std::int64_t> FromCivil(const CivilTime& civil);

/// A format of strftime and strptime, compiled once. Understood are %Y %C %y %m %d %e %b %h %B %j
/// %H %k %I %l %M %S %p %a %A %u %w %s %D %F %R %T %n %t %%; names are English. Anything else
/// stays in the output as it is and matches no input. A format without any '%' but with letters is
/// taken as Java's (yyyy-MM-dd HH:mm:ss).
class TemporalFormat {
 public:
  /// The longest format; what is beyond is not looked at.
  static constexpr std::size_t kMaxLength = 4096;

  explicit TemporalFormat(std::string_view format);

  /// What a text of this format says.
  struct Parts {
    bool date = false;        // something about a day
    bool time = false;        // something about a time of day
    bool understood = false;  // every conversion is
  };
  Parts parts() const;

  /// Appends the text of `seconds`.
  void Append(std::int64_t seconds, std::string& out) const;
  /// The value of `text`, which must match as a whole, blanks at its ends aside; nothing when it
  /// does not, or names a day or a time that does not exist.
  std::optional<std::int64_t> Parse(std::string_view text) const;

 private:
  struct Piece {
    char code = 0;        // of a conversion; 0: `literal`
    std::string literal;  // never empty when code is 0
  };
  void Compile(std::string_view format);
  void AddLiteral(std::string_view text);

  std::vector<Piece> pieces_;
};

/// The format that texts for a column of a date-like type have when nothing else is said; nothing
/// for other types.
std::string_view DefaultParsingHint(TypeKind kind);

/// Reads a constant of a date-like type: by the column's hint, if it has one, then as YYYY-MM-DD,
/// YYYY-MM-DD HH:MM:SS (also with a T between, and with a fraction, which is dropped) or HH:MM:SS,
/// then by the default hints. A date takes the date part of a
/// date and time, a time its time part; a date alone is midnight. Nothing when nothing fits.
std::optional<std::int64_t> ParseTemporal(TypeKind kind, std::string_view text,
                                          std::string_view hint = {});

/// "2019-12-31", "2019-12-31 23:59:59" or "23:59:59" as `kind` asks. Returns the length; `out` has
/// room for 19 characters.
std::size_t FormatTemporal(TypeKind kind, std::int64_t seconds, char* out);

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_TEMPORAL_H_
