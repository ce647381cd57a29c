// Dates and times as constants of the language and as the storage's text.
//
// Every text that becomes a date or a time is read here, whatever statement it stands in:
// * By the parsing hint of its column, if that has one. A text that has the form of the hint but
//   no such value (month 13) is refused, so that no other form gives it another meaning.
// * Else as YYYY-MM-DD or YYYYMMDD, with or without a time of day behind a blank or T, or as a time
//   of day alone: HH:MM, HH:MM:SS, or HHMMSS behind YYYYMMDD and T. The year has four digits. A
//   fraction of a second is dropped. Z, UTC, +HH, +HHMM or +HH:MM may end a time of day; a DATETIME
//   is moved to UTC by it, a DATE and a TIME are taken as written. 24:00:00 and the second 60 are
//   the moment that follows, which a TIME does not have.
#ifndef TQLKIT_MOCKSERVER_PLAN_TEMPORAL_H_
#define TQLKIT_MOCKSERVER_PLAN_TEMPORAL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mockserver/plan/temporal_fields.h"
#include "mockserver/plan/temporal_format.h"
#include "mockserver/plan/type.h"

namespace tql::plan {

/// The format that texts for a column of a date-like type have when nothing else is said; nothing
/// for other types.
std::string_view DefaultParsingHint(TypeKind kind);

/// Reads a text of a date-like type by the rules above. A date takes the date part of a date and
/// time, a time its time part; a date alone is midnight.
TemporalReading ReadTemporal(TypeKind kind, std::string_view text,
                             const TemporalFormat* hint = nullptr);
/// The same with the text of a hint. Those that were used last are kept compiled.
TemporalReading ReadTemporal(TypeKind kind, std::string_view text, std::string_view hint);
/// The value alone.
inline std::optional<std::int64_t> ParseTemporal(TypeKind kind, std::string_view text,
                                                 std::string_view hint = {}) {
  return ReadTemporal(kind, text, hint).value;
}

/// "2019-12-31", "2019-12-31 23:59:59" or "23:59:59" as `kind` asks. Returns the length; `out` has
/// room for 19 characters.
std::size_t FormatTemporal(TypeKind kind, std::int64_t seconds, char* out);

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_TEMPORAL_H_
