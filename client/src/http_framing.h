// Rules that an HTTP/1 response must obey. A response that breaks them comes from something other
// than the service, or was altered on the way; the rest cannot be trusted and a retry would not
// help. So all violations are FAILED_PRECONDITION, which is not retried. A connection that merely
// ends is UNAVAILABLE instead.
#ifndef TQLKIT_CLIENT_SRC_HTTP_FRAMING_H_
#define TQLKIT_CLIENT_SRC_HTTP_FRAMING_H_

#include <string>
#include <string_view>
#include <vector>

#include "tql/status.h"

namespace tql {

/// The error of a violation. `why` describes what was found.
Status NotHttp(const std::string& origin, const std::string& why);

/// Quotes received bytes for a message: shortened, with unprintable bytes escaped.
std::string Quoted(std::string_view bytes);

/// The prefix of every response.
inline constexpr std::string_view kHttpPrefix = "HTTP/1.";

/// The error of a response that starts with `bytes` instead of kHttpPrefix.
Status InvalidPrefix(const std::string& origin, std::string_view bytes);

/// The error of an invalid line in the header or in the framing of a chunk.
Status BrokenFraming(const std::string& origin, std::string_view line);

/// Checks a complete header line for errors that httplib does not detect: a line end without a
/// carriage return, and a Content-Length without a value.
Status CheckHeadLine(const std::string& origin, std::string_view line);

/// The header fields that determine the length and the encoding of a response, with all values of
/// repeated fields.
struct HttpFraming {
  int status = 0;
  std::vector<std::string> lengths;             // Content-Length
  std::vector<std::string> transfer_encodings;  // Transfer-Encoding
  std::string content_encoding;                 // Content-Encoding
};

/// Whether a Content-Encoding requires decoding. The client requests none.
bool IsEncoded(std::string_view content_encoding);

/// Returns an error for an invalid length, several different lengths, an encoding or an interim
/// status that was not requested. Error responses may be encoded, because their status suffices.
Status CheckFraming(const std::string& origin, const HttpFraming& framing);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_FRAMING_H_
