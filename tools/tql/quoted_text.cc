#include "tools/tql/quoted_text.h"

namespace tql::shell {

std::size_t BehindQuoted(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t at = begin;;) {
    at = text.find(quote, at + 1);
    if (at == text.npos) return at;
    if (at + 1 == text.size() || text[at + 1] != quote) return at + 1;
    ++at;
  }
}

std::string TakeQuoted(std::string_view* text) {
  const std::size_t end = BehindQuoted(*text, 0);
  if (end == text->npos) return {};
  const std::string_view inner = text->substr(1, end - 2);
  std::string plain;
  for (std::size_t at = 0; at < inner.size(); ++at) {
    plain += inner[at];
    if (inner[at] == text->front()) ++at;
  }
  text->remove_prefix(end);
  return plain;
}

}  // namespace tql::shell
