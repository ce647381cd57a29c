#include "mockserver/dialect/literal_scan.h"

#include <algorithm>
#include <functional>

#include "mockserver/dialect/chars.h"

namespace tql::dialect {
namespace {

/// Consumes a text from `begin` on; as the lexer does, but for errors, which end the scan.
class LiteralScanner {
 public:
  explicit LiteralScanner(std::string_view text, std::size_t begin = 0)
      : text_(text), pos_(begin) {}

  bool Scan(std::vector<ScannedLiteral>& literals) {
    while (pos_ < text_.size()) {
      if (BeginsLiteral()) {
        const std::optional<ScannedLiteral> literal = Next();
        if (!literal || literals.size() == kMaxScannedLiterals) return false;
        literals.push_back(*literal);
      } else if (!Other()) {
        return false;
      }
    }
    return true;
  }

  bool BeginsLiteral() const {
    const char c = At(pos_);
    return c == '\'' || IsDigit(c) || (c == '.' && IsDigit(At(pos_ + 1)));
  }
  /// Requires BeginsLiteral().
  std::optional<ScannedLiteral> Next() {
    ScannedLiteral literal;
    literal.begin = static_cast<std::uint32_t>(pos_);
    if (!(At(pos_) == '\'' ? Quoted('\'', literal) : Number(literal))) return std::nullopt;
    literal.end = static_cast<std::uint32_t>(pos_);
    return literal;
  }

 private:
  char At(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  void Digits() {
    while (IsDigit(At(pos_))) ++pos_;
  }

  bool Number(ScannedLiteral& literal) {
    Digits();
    if (At(pos_) == '.') {
      literal.kind = LiteralKind::kDecimal;
      ++pos_;
      Digits();
    }
    if (At(pos_) == 'e' || At(pos_) == 'E') {
      literal.kind = LiteralKind::kDecimal;
      pos_ += At(pos_ + 1) == '+' || At(pos_ + 1) == '-' ? 2 : 1;
      if (!IsDigit(At(pos_))) return false;
      Digits();
    }
    return !IsWordChar(At(pos_)) && At(pos_) != '.';
  }

  bool Quoted(char quote, ScannedLiteral& literal) {
    literal.kind = LiteralKind::kString;
    for (++pos_;; pos_ += 2) {
      pos_ = std::min(text_.find(quote, pos_), text_.size());
      if (pos_ == text_.size()) return false;
      if (At(pos_ + 1) != quote) break;
      literal.doubled = true;
    }
    ++pos_;
    return true;
  }

  /// Skips a word, a quoted name or a character; false for a comment.
  bool Other() {
    const char c = At(pos_);
    if (IsWordChar(c)) {
      while (IsWordChar(At(pos_))) ++pos_;
      return true;
    }
    ScannedLiteral name;
    if (c == '"') return Quoted('"', name);
    ++pos_;
    const bool comment = (c == '-' && At(pos_) == '-') || (c == '/' && At(pos_) == '*');
    return !comment;
  }

  const std::string_view text_;
  std::size_t pos_;
};

/// Calls `visit` with each part of the text between literals, until it returns false.
template <typename Visit>
bool VisitParts(const ScannedText& scanned, const Visit& visit) {
  std::size_t begin = 0;
  for (const ScannedLiteral& literal : scanned.literals) {
    if (!visit(scanned.text.substr(begin, literal.begin - begin), &literal)) return false;
    begin = literal.end;
  }
  return visit(scanned.text.substr(begin), nullptr);
}

}  // namespace

bool ScannedText::SameShape(const ScannedText& other) const {
  if (hash_ != other.hash_ || literals.size() != other.literals.size()) return false;
  std::size_t begin = 0;  // of the part in the other text
  auto theirs = other.literals.begin();
  return VisitParts(*this, [&](std::string_view part, const ScannedLiteral* literal) {
    const std::size_t end = literal != nullptr ? theirs->begin : other.text.size();
    if (part != other.text.substr(begin, end - begin)) return false;
    if (literal == nullptr) return true;
    if (literal->kind != theirs->kind) return false;
    begin = theirs->end;
    ++theirs;
    return true;
  });
}

std::optional<ScannedLiteral> ScanLiteralAt(std::string_view text, std::size_t begin) {
  LiteralScanner scanner(text, begin);
  return scanner.BeginsLiteral() ? scanner.Next() : std::nullopt;
}

std::optional<ScannedText> ScanLiterals(std::string_view text) {
  if (text.size() > kMaxScannedBytes || text.find('\0') != text.npos) return std::nullopt;
  ScannedText scanned;
  scanned.text = text;
  scanned.literals.reserve(std::min<std::size_t>(16, text.size() / 8));
  if (!LiteralScanner(text).Scan(scanned.literals)) return std::nullopt;
  std::uint64_t hash = 0;
  VisitParts(scanned, [&](std::string_view part, const ScannedLiteral* literal) {
    constexpr std::uint64_t kGoldenRatio = 0x9e3779b97f4a7c15;
    hash = (hash ^ std::hash<std::string_view>()(part)) * kGoldenRatio;
    if (literal != nullptr) hash += static_cast<std::uint64_t>(literal->kind) + 1;
    return true;
  });
  scanned.hash_ = hash;
  return scanned;
}

}  // namespace tql::dialect
