// Texts in XML and HTML.
#ifndef TQLKIT_PROTO_BASE_MARKUP_H_
#define TQLKIT_PROTO_BASE_MARKUP_H_

#include <string>
#include <string_view>

namespace tql::base {

/// Escapes a text for elements, and for attributes in double quotes. Line breaks and tabs become
/// character references, because an XML parser replaces them in attributes by spaces. Characters
/// that XML forbids become "#xHH": a parser would reject the whole document.
std::string EscapedMarkup(std::string_view text);

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_MARKUP_H_
