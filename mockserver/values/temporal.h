// Reads and writes dates and times, for constants of the language and texts in a storage.
//
// All conversions of text to a date or time are done here, whatever the statement:
// * If the column has a parsing hint, by that hint. A text that matches the hint but has an invalid
//   value (month 13) is rejected, so that no other format can give it another meaning.
// * Otherwise as YYYY-MM-DD or YYYYMMDD, optionally followed by whitespace or T and a time of day;
//   or as a time of day alone: HH:MM or HH:MM:SS. After YYYYMMDD and T, the time may be HHMMSS. The
//   year has four digits. A fraction of a second is dropped. A time of day may end with Z, UTC,
//   +HH, +HHMM or +HH:MM; a DATETIME is converted to UTC, a DATE and a TIME are taken as written.
//   24:00:00 and second 60 denote the following moment, which a TIME cannot represent.
#ifndef TQLKIT_MOCKSERVER_VALUES_TEMPORAL_H_
#define TQLKIT_MOCKSERVER_VALUES_TEMPORAL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mockserver/values/temporal_fields.h"
#include "mockserver/values/temporal_format.h"
#include "mockserver/values/type.h"

namespace tql::values {

/// The format of texts for a column of a date-like type if no other is given; empty for other
/// types.
std::string_view DefaultParsingHint(TypeKind kind);

/// Reads a text of a date-like type by the rules above. A DATE takes the date part of a date and
/// time, a TIME the time part; a date without a time is midnight.
TemporalReading ReadTemporal(TypeKind kind, std::string_view text,
                             const TemporalFormat* hint = nullptr);
/// As above, with the text of a hint. The hints used last are kept compiled.
TemporalReading ReadTemporal(TypeKind kind, std::string_view text, std::string_view hint);
/// Returns only the value.
inline std::optional<std::int64_t> ParseTemporal(TypeKind kind, std::string_view text,
                                                 std::string_view hint = {}) {
  return ReadTemporal(kind, text, hint).value;
}

/// Writes "2019-12-31", "2019-12-31 23:59:59" or "23:59:59", depending on `kind`, to `out`, which
/// must have room for 19 characters. Returns the length.
std::size_t FormatTemporal(TypeKind kind, std::int64_t seconds, char* out);

}  // namespace tql::values

#endif  // TQLKIT_MOCKSERVER_VALUES_TEMPORAL_H_
