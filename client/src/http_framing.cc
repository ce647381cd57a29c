#include "client/src/http_framing.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>

#include "client/src/http_errors.h"
#include "proto/base/text.h"

namespace tql {
namespace {

constexpr std::size_t kMostQuoted = 32;
constexpr char kTlsAlert = '\x15';  // the first byte of a TLS alert record

std::optional<std::uint64_t> LengthOf(std::string_view text) {
  std::uint64_t length = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return length;
}

// Returns the error in the values of Content-Length; empty if they are valid.
std::string WrongLength(const std::vector<std::string>& lengths) {
  for (const std::string& length : lengths) {
    if (!LengthOf(length)) return "its Content-Length is " + Quoted(length);
    if (LengthOf(length) == LengthOf(lengths.front())) continue;
    return "it has two lengths, " + Quoted(lengths.front()) + " and " + Quoted(length);
  }
  return {};
}

}  // namespace

Status NotHttp(const std::string& origin, const std::string& why) {
  return FailedPreconditionError(origin + ": the response is not valid HTTP/1: " + why);
}

std::string Quoted(std::string_view bytes) {
  std::string quoted = "\"";
  for (const char c : bytes.substr(0, kMostQuoted)) {
    if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
      quoted += c;
      continue;
    }
    quoted += "\\x";
    base::AppendHex(c, &quoted, base::kUpperHex);
  }
  return quoted + (bytes.size() > kMostQuoted ? "…\"" : "\"");
}

Status InvalidPrefix(const std::string& origin, std::string_view bytes) {
  const bool tls = !bytes.empty() && bytes.front() == kTlsAlert;
  return NotHttp(origin, tls ? "the port speaks TLS" : "it begins with " + Quoted(bytes));
}

Status BrokenFraming(const std::string& origin, std::string_view line) {
  return NotHttp(origin, "its framing is broken at " + Quoted(line));
}

// httplib skips a line that ends with a bare line feed, and drops a field with an empty value.
Status CheckHeadLine(const std::string& origin, std::string_view line) {
  if (!line.ends_with("\r\n")) return BrokenFraming(origin, line);
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, std::min(colon, line.size()));
  if (colon == line.npos || !base::EqualsIgnoreCase(name, "content-length")) return {};
  const bool empty = line.find_first_not_of(" \t\r\n", colon + 1) == line.npos;
  return empty ? NotHttp(origin, WrongLength({""})) : Status();
}

bool IsEncoded(std::string_view content_encoding) {
  return !content_encoding.empty() && !base::EqualsIgnoreCase(content_encoding, "identity");
}

Status CheckFraming(const std::string& origin, const HttpFraming& framing) {
  // httplib consumes a 100 itself, but takes any other interim response for the final one.
  if (framing.status < 200) {
    return NotHttp(origin, "its status " + std::to_string(framing.status) + " was not requested");
  }
  if (std::string why = WrongLength(framing.lengths); !why.empty()) return NotHttp(origin, why);
  // httplib only decodes "chunked", and ignores other encodings.
  for (const std::string& encoding : framing.transfer_encodings) {
    const bool known =
        base::EqualsIgnoreCase(encoding, "chunked") || base::EqualsIgnoreCase(encoding, "identity");
    if (known && framing.transfer_encodings.size() == 1) continue;
    return NotHttp(origin, "its Transfer-Encoding is " + Quoted(encoding));
  }
  if (IsSuccess(framing.status) && IsEncoded(framing.content_encoding)) {
    return NotHttp(origin, "its Content-Encoding is " + Quoted(framing.content_encoding) +
                               ", which was not requested");
  }
  return {};
}

}  // namespace tql
