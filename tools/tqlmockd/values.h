// Parses the values of flags. Every error is INVALID_ARGUMENT and names what is expected.
#ifndef TQLKIT_TOOLS_TQLMOCKD_VALUES_H_
#define TQLKIT_TOOLS_TQLMOCKD_VALUES_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tql/mock/server.h"
#include "tql/status.h"

namespace tqlmockd {

/// Parses "NAME:PASSWORD", split at the first colon. The error does not repeat the text.
tql::StatusOr<tql::mock::User> ParseUser(std::string_view text);
/// A non-negative whole number.
tql::StatusOr<std::uint64_t> ParseCount(std::string_view text);
/// A number of bytes, optionally with the unit K, M or G (powers of 1024).
tql::StatusOr<std::uint64_t> ParseBytes(std::string_view text);
/// A number of seconds, or a number with the unit ms, s, m or h.
tql::StatusOr<std::chrono::milliseconds> ParseMilliseconds(std::string_view text);
/// As above, rounded up to whole seconds.
tql::StatusOr<std::chrono::seconds> ParseSeconds(std::string_view text);
/// A seed: any number of 64 bits.
tql::StatusOr<std::uint64_t> ParseSeed(std::string_view text);
/// A time with its zone, "2024-02-29T12:00:00Z"; with ",frozen" behind it, it stands still.
struct StartTime {
  std::chrono::system_clock::time_point time;
  bool frozen = false;
};
tql::StatusOr<StartTime> ParseStartTime(std::string_view text);
/// "insertion", "reversed" or "shuffled".
tql::StatusOr<tql::mock::RowOrder> ParseRowOrder(std::string_view text);
/// "warn" or "error".
tql::StatusOr<tql::mock::Strictness> ParseStrictness(std::string_view text);
/// "documented", "client", "sample" or "inferred".
tql::StatusOr<tql::mock::Evidence> ParseEvidence(std::string_view text);
/// Whether a statement that no rule matches fails.
tql::StatusOr<bool> ParseUnmatched(std::string_view text);
/// "true" or "false".
tql::StatusOr<bool> ParseSwitch(std::string_view text);
/// "on" or "off".
tql::StatusOr<bool> ParseOnOff(std::string_view text);
/// A report to write at the end.
struct ReportFile {
  tql::mock::Server::ReportFormat format = tql::mock::Server::ReportFormat::kJson;
  std::string path;
};
/// A list of FORMAT=FILE, where FORMAT is json or junit, with commas between them.
tql::StatusOr<std::vector<ReportFile>> ParseReports(std::string_view text);
/// Whether the text can be a token of the control interface.
tql::Status CheckToken(std::string_view token);
/// Returns nullopt for "off".
tql::StatusOr<std::optional<tql::mock::LogLevel>> ParseLogLevel(std::string_view text);
/// Whether the log is JSON.
tql::StatusOr<bool> ParseLogFormat(std::string_view text);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_VALUES_H_
