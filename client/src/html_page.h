// Recognition of web pages that are received instead of a response of the service, such as error
// pages of proxies and login pages.
#ifndef TQLKIT_CLIENT_SRC_HTML_PAGE_H_
#define TQLKIT_CLIENT_SRC_HTML_PAGE_H_

#include <string>
#include <string_view>

namespace tql {

/// An excerpt of a page for an error message. Each member is one line of UTF-8, shortened, without
/// tags.
struct HtmlPage {
  std::string title;
  std::string text;
};

/// Whether a Content-Type is that of a web page.
bool IsHtmlType(std::string_view content_type);
/// Whether a body begins with a tag or a declaration, which JSON never does.
bool BeginsAsHtml(std::string_view body);

/// Extracts the title and the text from the beginning of a page, which may be truncated anywhere.
HtmlPage ReadHtmlPage(std::string_view html);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTML_PAGE_H_
