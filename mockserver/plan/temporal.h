// Dates and times as constants of the language and as the storage's text.
#ifndef TQLKIT_MOCKSERVER_PLAN_TEMPORAL_H_
#define TQLKIT_MOCKSERVER_PLAN_TEMPORAL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mockserver/plan/type.h"

namespace tql::plan {

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
