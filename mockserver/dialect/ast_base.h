// Building blocks of the syntax tree: source ranges, indirect values, names, types and literals.
#ifndef TQLKIT_MOCKSERVER_DIALECT_AST_BASE_H_
#define TQLKIT_MOCKSERVER_DIALECT_AST_BASE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tql::dialect {

/// The bytes [begin, end) of the statement's text from which a node was parsed.
///
/// All ranges compare equal, so that the `==` of a node compares structure only.
struct SourceRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend constexpr bool operator==(const SourceRange&, const SourceRange&) { return true; }
};

/// An optional T on the heap with value semantics: copies and comparisons are deep.
template <typename T>
class Indirect {
 public:
  Indirect() = default;
  Indirect(T value)  // NOLINT(google-explicit-constructor): to allow `node.child = value`
      : value_(std::make_unique<T>(std::move(value))) {}
  Indirect(const Indirect& other)
      : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Indirect(Indirect&&) noexcept = default;
  Indirect& operator=(const Indirect& other) {
    if (this != &other) *this = Indirect(other);
    return *this;
  }
  Indirect& operator=(Indirect&&) noexcept = default;
  ~Indirect() = default;

  explicit operator bool() const { return value_ != nullptr; }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }
  T* get() { return value_.get(); }
  const T* get() const { return value_.get(); }

  friend bool operator==(const Indirect& a, const Indirect& b) {
    return a.value_ && b.value_ ? *a.value_ == *b.value_ : !a.value_ && !b.value_;
  }

 private:
  std::unique_ptr<T> value_;
};

/// One identifier. `text` is without quotes; doubled quotes inside are resolved.
struct Name {
  std::string text;
  bool quoted = false;
  SourceRange range;
  friend bool operator==(const Name&, const Name&) = default;
};

/// A name of one or more parts, outermost first: [[db .] schema .] table, or up to four parts for
/// a column. Empty only as the qualifier of a plain `*`.
struct ObjectName {
  std::vector<Name> parts;
  SourceRange range;
  bool empty() const { return parts.empty(); }
  const Name& last() const { return parts.back(); }
  friend bool operator==(const ObjectName&, const ObjectName&) = default;
};

/// The keyword of a column type. Synonyms are distinct, so that a statement prints as written.
enum class TypeKeyword : std::uint8_t {
  kBool,
  kBoolean,
  kInt,
  kInt32,
  kInteger,
  kBigint,
  kInt64,
  kFloat,
  kDouble,
  kVarchar,
  kChar,
  kDate,
  kDatetime,
  kTimestamp,
  kTime,
};

/// The keyword in upper case, e.g. "BIGINT".
std::string_view TypeKeywordName(TypeKeyword keyword);

struct TypeName {
  TypeKeyword keyword = TypeKeyword::kVarchar;
  std::optional<std::int64_t> length;  // Only after VARCHAR and CHAR; never negative.
  SourceRange range;
  friend bool operator==(const TypeName&, const TypeName&) = default;
};

/// A ? of ParseOptions::placeholders: the text of a Literal, whose kind is kInteger, and the value
/// of a number that is not an expression, such as that of LIMIT.
inline constexpr std::string_view kPlaceholderText = "?";
inline constexpr std::int64_t kPlaceholderCount = -1;

enum class LiteralKind : std::uint8_t { kNull, kTrue, kFalse, kInteger, kDecimal, kString };

/// A constant.
struct Literal {
  LiteralKind kind = LiteralKind::kNull;
  /// kInteger, kDecimal: the digits as written, with a leading '-' if negative and no whitespace.
  /// An integer may have any number of digits, a decimal may have an exponent. kString: the value,
  /// with doubled quotes resolved. Empty for the other kinds.
  std::string text;
  SourceRange range;
  friend bool operator==(const Literal&, const Literal&) = default;
};

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_AST_BASE_H_
