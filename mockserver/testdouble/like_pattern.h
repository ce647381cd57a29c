// A statement as a pattern: ? stands for any constant.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_LIKE_PATTERN_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_LIKE_PATTERN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/shape.h"
#include "mockserver/testdouble/facts.h"
#include "tql/status.h"

namespace tql::testdouble {

/// A constant in a list of literals: "*" is any, `'text'` a string, NULL, TRUE and FALSE are the
/// values; anything else is the text of a number or of a string.
class LiteralPattern {
 public:
  explicit LiteralPattern(std::string text);
  bool Matches(const dialect::Literal& literal) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::optional<dialect::LiteralKind> kind_;  // not set: a number or a string
  std::string value_;
};

class LikePattern {
 public:
  /// `literals` are what the ?s stand for, in order; none: anything.
  static StatusOr<LikePattern> Compile(const std::string& text,
                                       const std::vector<LiteralPattern>& literals,
                                       std::string_view like_path, std::string_view literal_path);

  bool Matches(const Facts& facts) const;
  /// A part in which a statement differs.
  struct Difference {
    std::string part;
    std::string expected;
    std::string found;
  };
  /// The first of kind, tables, shape that differs, else the first ten literals that do.
  std::vector<Difference> Differences(const Facts& facts) const;
  std::uint64_t kind_bit() const { return kind_bit_; }
  const std::vector<TableName>& tables() const { return facts_.tables; }

 private:
  struct Constant {
    dialect::Literal literal;
    std::optional<LiteralPattern> pattern;  // of a ?, if one is given
    bool Matches(const dialect::Literal& found) const;
    std::string Text() const;
  };
  StatementFacts facts_;
  std::uint64_t kind_bit_ = 0;
  std::vector<Constant> constants_;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_LIKE_PATTERN_H_
