// The forms in which a request carries values beside JSON.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_

#include <optional>
#include <string>
#include <string_view>

namespace tql::frontend {

/// The value of `name` in an application/x-www-form-urlencoded text, decoded.
std::optional<std::string> FormValue(std::string_view form, std::string_view name);

/// The value of `name` in a Cookie header.
std::optional<std::string_view> CookieValue(std::string_view header, std::string_view name);

/// The boundary that a Content-Type of multipart/form-data names; empty for any other type, and for
/// one of more than 200 bytes.
std::string_view BoundaryOf(std::string_view content_type);

/// The text with its percent escapes decoded; what is not an escape stays as it is.
std::string PercentDecode(std::string_view text, bool plus_is_space = true);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_
