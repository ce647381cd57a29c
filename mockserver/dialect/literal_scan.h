// Finds the literals of a statement's text without parsing it, to recognize statements that differ
// in their literals alone.
#ifndef TQLKIT_MOCKSERVER_DIALECT_LITERAL_SCAN_H_
#define TQLKIT_MOCKSERVER_DIALECT_LITERAL_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast_base.h"

namespace tql::dialect {

/// A number without its sign, or a string with its quotes: the token of the lexer.
struct ScannedLiteral {
  LiteralKind kind = LiteralKind::kInteger;  // kInteger, kDecimal or kString
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool doubled = false;  // a string with doubled quotes

  std::uint32_t size() const { return end - begin; }
  std::string_view In(std::string_view text) const { return text.substr(begin, size()); }
};

/// The literals of a text in order; a text that is found again need not be valid TQL.
struct ScannedText {
  std::string_view text;
  std::vector<ScannedLiteral> literals;

  /// A hash of the text without the values of its literals; equal for texts of one shape.
  std::uint64_t hash() const { return hash_; }
  /// Whether the texts differ in the values of their literals alone. If one of them can be parsed,
  /// so can the other, into the same tree with literals of the same kinds.
  bool SameShape(const ScannedText& other) const;

 private:
  friend std::optional<ScannedText> ScanLiterals(std::string_view text);
  std::uint64_t hash_ = 0;
};

/// Returns nullopt for a text that is rare or long: one with a comment, a NUL byte or an open
/// string, more than kMaxScannedLiterals literals, or more than kMaxScannedBytes. TQL's lexical
/// rules apply.
std::optional<ScannedText> ScanLiterals(std::string_view text);

/// The number or string that begins at `begin`; nullopt if none does, or if it has an error.
std::optional<ScannedLiteral> ScanLiteralAt(std::string_view text, std::size_t begin);

inline constexpr std::size_t kMaxScannedLiterals = 256;
inline constexpr std::size_t kMaxScannedBytes = std::size_t{16} << 10U;

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_LITERAL_SCAN_H_
