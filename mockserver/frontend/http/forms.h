// Encodings of request values other than JSON: forms, cookies, percent encoding.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tql::frontend {

/// Returns the decoded value of `name` in an application/x-www-form-urlencoded text.
std::optional<std::string> FormValue(std::string_view form, std::string_view name);

/// Returns all names and values of an application/x-www-form-urlencoded text, decoded.
std::vector<std::pair<std::string, std::string>> FormValues(std::string_view form);

/// Returns the value of `name` in a Cookie header.
std::optional<std::string_view> CookieValue(std::string_view header, std::string_view name);

/// Returns the boundary in a Content-Type of multipart/form-data; empty for any other type, and if
/// the boundary has more than 200 bytes.
std::string_view BoundaryOf(std::string_view content_type);

/// Decodes percent escapes. Other text, including invalid escapes, is unchanged.
std::string PercentDecode(std::string_view text, bool plus_is_space = true);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_
