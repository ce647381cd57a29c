// Web pages where an answer of the service was expected: error pages of proxies, login pages.
#ifndef TQLKIT_CLIENT_SRC_HTML_PAGE_H_
#define TQLKIT_CLIENT_SRC_HTML_PAGE_H_

#include <string>
#include <string_view>

namespace tql {

/// What an error shows of a page: each one line of UTF-8, shortened, without tags.
struct HtmlPage {
  std::string title;
  std::string text;
};

/// Whether a Content-Type is that of a page.
bool IsHtmlType(std::string_view content_type);
/// Whether a body begins with a tag or a declaration, as JSON never does.
bool BeginsAsHtml(std::string_view body);

/// Reads the begin of a page, which may be cut anywhere.
HtmlPage ReadHtmlPage(std::string_view html);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTML_PAGE_H_
