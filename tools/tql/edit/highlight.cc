#include "tools/tql/edit/highlight.h"

#include <algorithm>
#include <utility>

#include "mockserver/dialect/lexer.h"

namespace tql::shell {
namespace {

using dialect::LexError;
using dialect::Token;
using dialect::TokenKind;

bool IsKeyword(std::string_view text, const Token& token, bool after_dot) {
  // A single letter is more likely an alias than a keyword.
  const bool part_of_name = after_dot || text.substr(token.end).starts_with('.');
  return token.keyword != dialect::Keyword::kNone && token.end - token.begin > 1 && !part_of_name;
}

Ink InkOf(std::string_view text, const Token& token, bool after_dot) {
  switch (token.kind) {
    case TokenKind::kWord:
      return IsKeyword(text, token, after_dot) ? Ink::kKeyword : Ink::kPlain;
    case TokenKind::kString:
      return Ink::kString;
    case TokenKind::kQuotedName:
      return Ink::kName;
    case TokenKind::kInteger:
    case TokenKind::kDecimal:
      return Ink::kNumber;
    default:
      return Ink::kPlain;
  }
}

/// The ink that the rest of the text would have if the token were terminated.
Ink InkOfRest(LexError error) {
  switch (error) {
    case LexError::kUnterminatedString:
      return Ink::kString;
    case LexError::kUnterminatedName:
      return Ink::kName;
    case LexError::kUnterminatedComment:
      return Ink::kComment;
    default:
      return Ink::kError;
  }
}

class Highlighter {
 public:
  explicit Highlighter(std::string_view text) : text_(text) {}

  std::vector<Span> Run() {
    dialect::Lexer lexer(text_);
    bool after_dot = false;
    for (Token token = lexer.Next();; token = lexer.Next()) {
      if (token.begin > end_ &&
          text_.substr(end_, token.begin - end_).find_first_of("-/") != std::string_view::npos) {
        Add(token.begin, Ink::kComment);  // including the surrounding whitespace
      }
      end_ = token.begin;
      if (token.kind == TokenKind::kEnd) return std::move(spans_);
      if (token.kind == TokenKind::kError) {
        AddError(token);
        lexer = dialect::Lexer(text_, end_);
      } else {
        Add(token.end, InkOf(text_, token, after_dot));
      }
      after_dot = token.kind == TokenKind::kDot;
    }
  }

 private:
  /// Starts at the end of the last span.
  void Add(std::size_t end, Ink ink) {
    if (ink != Ink::kPlain && end > end_) spans_.push_back({end_, end, ink});
    end_ = end;
  }

  void AddError(const Token& token) {
    const std::size_t end = std::max<std::size_t>(token.end, token.begin + 1);
    if (text_[token.begin] == '\\') {  // a command, to the end of its line
      const std::size_t line_end = std::min(text_.find('\n', token.begin), text_.size());
      Add(std::min(text_.find_first_of(" \t;", token.begin), line_end), Ink::kCommand);
      return Add(line_end, Ink::kPlain);
    }
    const Ink rest = InkOfRest(token.error);
    if (rest == Ink::kError) return Add(end, rest);
    Add(token.begin + (rest == Ink::kComment ? 2 : 1), Ink::kError);
    Add(end, rest);
  }

  const std::string_view text_;
  std::size_t end_ = 0;
  std::vector<Span> spans_;
};

}  // namespace

std::vector<Span> Highlight(std::string_view text) { return Highlighter(text).Run(); }

void Mark(const Span& mark, std::vector<Span>* spans) {
  std::vector<Span> marked;
  for (const Span& span : *spans) {
    if (span.begin < mark.begin) {
      marked.push_back({span.begin, std::min(span.end, mark.begin), span.ink});
    }
    if (span.end > mark.end) {
      marked.push_back({std::max(span.begin, mark.end), span.end, span.ink});
    }
  }
  marked.push_back(mark);
  std::ranges::sort(marked, {}, &Span::begin);
  *spans = std::move(marked);
}

}  // namespace tql::shell
