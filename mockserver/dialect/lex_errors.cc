#include <array>
#include <cstdio>

#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/dialect/lexer.h"
#include "proto/base/utf8.h"

namespace tql::dialect {
namespace {

std::string DescribeCharacter(std::string_view character) {
  std::array<char, 16> code;
  std::snprintf(code.data(), code.size(), "U+%04X",
                static_cast<unsigned>(base::DecodeUtf8(character).code_point));
  if (static_cast<unsigned char>(character.front()) < 0x20U) return code.data();
  return "'" + std::string(character) + "' (" + code.data() + ")";
}

}  // namespace

std::string_view TokenKindName(TokenKind kind) {
  static constexpr std::array<std::string_view, 26> kNames = {
      "the end of the statement",
      "a name",
      "a quoted name",
      "a string",
      "a whole number",
      "a number",
      "'('",
      "')'",
      "'['",
      "']'",
      "','",
      "';'",
      "'.'",
      "'+'",
      "'-'",
      "'*'",
      "'/'",
      "'%'",
      "'||'",
      "'='",
      "'<>'",
      "'<'",
      "'<='",
      "'>'",
      "'>='",
      "an error",
  };
  return kNames[static_cast<std::size_t>(kind)];
}

std::string DescribeLexError(std::string_view text, const Token& token) {
  const std::string_view bad = text.substr(token.begin, token.end - token.begin);
  switch (token.error) {
    case LexError::kNone:
      break;
    case LexError::kUnterminatedString:
      return "the string that begins here has no closing '";
    case LexError::kUnterminatedName:
      return "the quoted name that begins here has no closing \"";
    case LexError::kUnterminatedComment:
      return "the comment that begins here has no closing */";
    case LexError::kEmptyName:
      return "a quoted name is empty";
    case LexError::kDigitsThenWord:
      return "'" + base::Excerpt(bad, 40) +
             "' is neither a number nor a name; a name that begins with a digit must be quoted: "
             "\"" +
             base::Excerpt(bad, 40) + "\"";
    case LexError::kBadNumber:
      return "'" + base::Excerpt(bad, 40) + "' is not a number";
    case LexError::kPlaceholder:
      return NoSuchConstruct("placeholders (?, $1, :name)");
    case LexError::kBadCharacter:
      return "the character " + DescribeCharacter(bad) +
             " may stand only in a string, a comment or a quoted name (\"...\")";
    case LexError::kNotUtf8:
      return "the text is not valid UTF-8 here";
    case LexError::kNul:
      return "the text holds a NUL byte here";
  }
  return "no error";
}

}  // namespace tql::dialect
