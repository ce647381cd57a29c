// Conversion of HTTP error responses to Status.
#ifndef TQLKIT_CLIENT_SRC_HTTP_ERRORS_H_
#define TQLKIT_CLIENT_SRC_HTTP_ERRORS_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "client/src/http_connection.h"
#include "tql/status.h"

namespace tql {

/// Maximum number of bytes of a body that are kept for an error message.
inline constexpr std::size_t kMostErrorText = 4096;

inline bool IsSuccess(int http_status) { return http_status >= 200 && http_status < 300; }

/// Whether a response is a web page (html_page.h), which the service never sends.
bool IsPage(const HttpHead& head, std::string_view body);

/// Returns the error of a response: "HTTP status 503: reason", without control characters. The
/// reason is the message in the body; of a web page, its title and the beginning of its text; of an
/// encoded body, the name of the encoding. The target of a redirect, which is not followed, is
/// included. UNKNOWN if the status is not an HTTP error; FAILED_PRECONDITION for a web page with a
/// status of success.
Status HttpError(const HttpHead& head, std::string body);

/// Returns the pause that Retry-After asks for, in seconds or as a date, which is relative to the
/// Date of the response. At most a day; zero without a valid Retry-After.
std::chrono::milliseconds RetryAfterOf(const HttpHead& head);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_ERRORS_H_
