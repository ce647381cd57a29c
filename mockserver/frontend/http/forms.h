// The forms in which a request carries values beside JSON.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tql::frontend {

/// The value of `name` in an application/x-www-form-urlencoded text, decoded.
std::optional<std::string> FormValue(std::string_view form, std::string_view name);

/// The value of `name` in a Cookie header.
std::optional<std::string_view> CookieValue(std::string_view header, std::string_view name);

/// One part of a multipart/form-data body.
struct FormPart {
  std::string_view body;
  bool is_file = false;  // it has a file name
};
/// The parts of the body; nothing when `content_type` is not multipart/form-data with a boundary,
/// or the body does not keep to it. At most 100 parts.
std::optional<std::vector<FormPart>> MultipartParts(std::string_view content_type,
                                                    std::string_view body);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_
