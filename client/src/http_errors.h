// What an HTTP answer that is no success says.
#ifndef TQLKIT_CLIENT_SRC_HTTP_ERRORS_H_
#define TQLKIT_CLIENT_SRC_HTTP_ERRORS_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "client/src/http_connection.h"
#include "tql/status.h"

namespace tql {

/// Bytes of a body that are kept for the text of an error.
inline constexpr std::size_t kMostErrorText = 4096;

inline bool IsSuccess(int http_status) { return http_status >= 200 && http_status < 300; }

/// Whether an answer is a web page (html_page.h), which never comes from the service itself.
bool IsPage(const HttpHead& head, std::string_view body);

/// The error that a head and the body behind it stand for: "HTTP status 503: why", without control
/// characters. A body in an encoding is named by it, a page by its title and the begin of its text,
/// a redirect, which is not followed, by where it points. UNKNOWN for what is not an error of HTTP;
/// FAILED_PRECONDITION for a page with a status of success.
Status HttpError(const HttpHead& head, std::string body);

/// How long Retry-After asks to wait: seconds, or a date, which counts from the answer's own Date.
/// At most a day; zero when the head says nothing that can be understood.
std::chrono::milliseconds RetryAfterOf(const HttpHead& head);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_ERRORS_H_
