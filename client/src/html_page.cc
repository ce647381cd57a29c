#include "client/src/html_page.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql {
namespace {

constexpr std::size_t kMostTitle = 100;
constexpr std::size_t kMostText = 200;

// Returns the position of `lower` in any case; npos if it does not occur.
std::size_t Find(std::string_view text, std::string_view lower, std::size_t from = 0) {
  for (; from + lower.size() <= text.size(); ++from) {
    if (base::StartsWithIgnoreCase(text.substr(from), lower)) return from;
  }
  return text.npos;
}

std::string_view WithoutBlanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\f"), text.size()));
  return text;
}

// Replaces the character references that are common in ASCII text. Others stay unchanged.
std::string Unescaped(std::string text) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"&lt;", "<"},  {"&gt;", ">"},   {"&quot;", "\""},
      {"&#39;", "'"}, {"&nbsp;", " "}, {"&amp;", "&"}};
  for (const auto& [name, value] : kNames) {
    for (std::size_t at = 0; (at = text.find(name, at)) != text.npos; at += value.size()) {
      text.replace(at, name.size(), value);
    }
  }
  return text;
}

// Returns `text` as one line of at most `most` bytes, followed by an ellipsis if it was shortened.
std::string Line(std::string_view text, std::size_t most) {
  std::string line;
  for (const char c : Unescaped(base::SanitizeUtf8(text))) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (line.ends_with(' ')) line.pop_back();
  if (line.size() <= most) return line;
  return std::string(base::Utf8Prefix(line, most)) + "…";
}

// Returns the visible text of a page: without tags, comments, scripts, styles and the title.
std::string TextOf(std::string_view html) {
  std::string text;
  while (!html.empty()) {
    const std::size_t tag = std::min(html.find('<'), html.size());
    text += html.substr(0, tag);
    text += ' ';
    html.remove_prefix(tag);
    // The contents of these elements are not visible text; skip to their end tags.
    std::string_view end = ">";
    for (const auto& [begin, its_end] :
         {std::pair<std::string_view, std::string_view>{"<!--", "-->"},
          {"<script", "</script"},
          {"<style", "</style"},
          {"<title", "</title"}}) {
      if (base::StartsWithIgnoreCase(html, begin)) end = its_end;
    }
    const std::size_t at = Find(html, end);
    html.remove_prefix(at == html.npos ? html.size() : at + end.size());
    if (end.starts_with("</")) html.remove_prefix(std::min(html.find('>'), html.size() - 1) + 1);
  }
  return text;
}

}  // namespace

bool IsHtmlType(std::string_view content_type) {
  return base::StartsWithIgnoreCase(content_type, "text/html") ||
         base::StartsWithIgnoreCase(content_type, "application/xhtml");
}

bool BeginsAsHtml(std::string_view body) {
  return WithoutBlanks(base::WithoutByteOrderMark(body)).starts_with('<');
}

HtmlPage ReadHtmlPage(std::string_view html) {
  HtmlPage page;
  const std::size_t title = Find(html, "<title");
  const std::size_t begin = title == html.npos ? title : html.find('>', title);
  if (begin != html.npos) {
    const std::size_t end = html.find('<', begin);
    page.title = Line(html.substr(begin + 1, end - begin - 1), kMostTitle);
  }
  page.text = Line(TextOf(html), kMostText);
  return page;
}

}  // namespace tql
