#include "mockserver/dialect/source_text.h"

#include <algorithm>
#include <utility>

#include "mockserver/dialect/lexer.h"

namespace tql::dialect {
namespace {

constexpr std::size_t kHardLimit = std::size_t{1} << 30U;

}  // namespace

TextPlace InScript(TextPlace place, const TextPlace& origin) {
  if (place.line == 1) place.column += origin.column - 1;
  place.line += origin.line - 1;
  place.offset += origin.offset;
  return place;
}

Status ErrorAt(std::string_view text, std::size_t offset, const TextPlace& origin,
               std::string message) {
  return {StatusCode::kInvalidArgument, std::move(message),
          InScript(PlaceOf(text, offset), origin)};
}

Status CheckSource(std::string_view text, const ParseOptions& options) {
  const std::size_t limit = std::min(options.max_bytes, kHardLimit);
  if (text.size() > limit) {
    return ErrorAt(text, limit, options.origin,
                   "the statement is longer than " + std::to_string(limit) + " bytes");
  }
  const Token bad = CheckText(text);
  if (bad.kind != TokenKind::kError) return Status();
  return ErrorAt(text, bad.begin, options.origin, DescribeLexError(text, bad));
}

std::string TooDeepText(int max_depth) {
  return "nested more than " + std::to_string(max_depth) +
         " levels deep; write it with fewer brackets";
}

}  // namespace tql::dialect
