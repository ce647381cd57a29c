// Encodings of request values other than JSON: forms, cookies, percent encoding.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/frontend/http/http_message.h"

namespace tql::frontend {

/// Returns the decoded value of `name` in an application/x-www-form-urlencoded text.
std::optional<std::string> FormValue(std::string_view form, std::string_view name);

/// Returns all names and values of an application/x-www-form-urlencoded text, decoded.
std::vector<std::pair<std::string, std::string>> FormValues(std::string_view form);

/// Returns the value of `name` in a Cookie header.
std::optional<std::string_view> CookieValue(std::string_view header, std::string_view name);
/// The same for all Cookie headers of a request, of which the first with the name applies.
std::optional<std::string_view> CookieValue(const HttpRequest& request, std::string_view name);

/// A Content-Type, if it is that of a form.
struct FormType {
  bool is_form = false;
  std::string_view boundary;  // empty unless it is usable
  std::string problem;        // an error message if the form has no usable boundary
};
/// Recognizes multipart/form-data.
FormType FormTypeOf(std::string_view content_type);

/// What is known about a form while cpp-httplib takes it apart, for limits and errors.
class FormProgress {
 public:
  explicit FormProgress(std::string_view boundary) : boundary_(boundary) {}

  /// Bytes of the body that the parser receives.
  void AddBytes(std::string_view bytes);
  /// The parser has found a part. Returns false if there are too many.
  bool AddPart();
  /// The parser has found content of a part.
  void AddContent() { unparsed_ = 0; }
  /// Whether the parser has received many bytes without finding anything. It would keep them all:
  /// headers of a part, or what follows an invalid delimiter.
  bool stuck() const;
  /// Why the parser did not accept the form. `complete`: it has received the whole body.
  std::string Problem(bool complete) const;

 private:
  const std::string_view boundary_;
  std::size_t parts_ = 0;
  std::size_t unparsed_ = 0;  // bytes since the parser last found something
  std::string first_;         // bytes of the body
  std::string last_;
};

/// Decodes percent escapes. Other text, including invalid escapes, is unchanged.
std::string PercentDecode(std::string_view text, bool plus_is_space = true);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_FORMS_H_
