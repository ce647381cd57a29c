// What an answer must be made like to be one of HTTP/1. Whoever breaks these rules is not the
// service, or something that spoils what it says sits between: what stands behind the break cannot
// be told from what is meant, and to ask again helps nobody. So there is one error for all of them,
// FAILED_PRECONDITION, which is not tried again; a connection that merely ends is UNAVAILABLE.
#ifndef TQLKIT_CLIENT_SRC_HTTP_FRAMING_H_
#define TQLKIT_CLIENT_SRC_HTTP_FRAMING_H_

#include <string>
#include <string_view>
#include <vector>

#include "tql/status.h"

namespace tql {

/// That error: `why` says what was found.
Status NotHttp(const std::string& origin, const std::string& why);

/// What came from a service, in quotes: shortened, and escaped where it is not printable.
std::string Quoted(std::string_view bytes);

/// What the bytes of an answer begin with.
inline constexpr std::string_view kHttpBegin = "HTTP/1.";

/// NotHttp when an answer begins with `bytes`, of which the first differ from kHttpBegin.
Status WrongBegin(const std::string& origin, std::string_view bytes);

/// NotHttp at this line of an answer's head or of the framing around a chunk.
Status BrokenFraming(const std::string& origin, std::string_view line);

/// NotHttp for a whole line of a head that the HTTP library would misread: one that ends without a
/// carriage return, or a Content-Length without a value, which it passes over.
Status CheckHeadLine(const std::string& origin, std::string_view line);

/// The headers of an answer that say where it ends and how it is to be read: all values of each.
struct HttpFraming {
  int status = 0;
  std::vector<std::string> lengths;             // Content-Length
  std::vector<std::string> transfer_encodings;  // Transfer-Encoding
  std::string content_encoding;                 // Content-Encoding
};

/// Whether a Content-Encoding makes of a body what only its decoder reads. None is asked for.
bool IsEncoded(std::string_view content_encoding);

/// NotHttp for a length that is none, lengths that differ, an encoding or an interim status that
/// was not asked for. An answer that is no success may be encoded: its status says enough.
Status CheckFraming(const std::string& origin, const HttpFraming& framing);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_FRAMING_H_
