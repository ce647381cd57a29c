// The values of flags, from text. Every error is an INVALID_ARGUMENT that says what is expected.
#ifndef TQLKIT_TOOLS_TQLMOCKD_VALUES_H_
#define TQLKIT_TOOLS_TQLMOCKD_VALUES_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tql/mock/server.h"
#include "tql/status.h"

namespace tqlmockd {

/// "NAME:PASSWORD", cut at the first colon. The error does not repeat the text.
tql::StatusOr<tql::mock::User> ParseUser(std::string_view text);
/// A whole number from 0.
tql::StatusOr<std::uint64_t> ParseCount(std::string_view text);
/// A number of bytes, or of K, M or G, which are powers of 1024.
tql::StatusOr<std::uint64_t> ParseBytes(std::string_view text);
/// A number of seconds, or of ms, s, m or h.
tql::StatusOr<std::chrono::milliseconds> ParseMilliseconds(std::string_view text);
/// The same; at least a second unless it is 0.
tql::StatusOr<std::chrono::seconds> ParseSeconds(std::string_view text);
/// "true" or "false".
tql::StatusOr<bool> ParseSwitch(std::string_view text);
/// nullopt: off.
tql::StatusOr<std::optional<tql::mock::LogLevel>> ParseLogLevel(std::string_view text);
/// Whether the log is JSON.
tql::StatusOr<bool> ParseLogFormat(std::string_view text);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_VALUES_H_
