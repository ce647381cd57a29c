// The types of TQL, shared by engine and storage.
#ifndef TQLKIT_MOCKSERVER_VALUES_TYPE_H_
#define TQLKIT_MOCKSERVER_VALUES_TYPE_H_

#include <cstdint>
#include <string_view>

namespace tql::values {

enum class TypeKind : std::uint8_t {
  kNull,  // The type of a bare NULL, which converts to every other type.
  kBool,
  kInt,     // 32 bits
  kBigInt,  // 64 bits
  kFloat,
  kDouble,
  kVarchar,
  kDate,      // Seconds since 1970-01-01 00:00:00, at midnight.
  kDateTime,  // Seconds since 1970-01-01 00:00:00.
  kTime,      // Seconds since midnight.
};

struct Type {
  TypeKind kind = TypeKind::kNull;
  /// The n of VARCHAR(n), which is shown but not enforced; 0 usually stands for "no limit".
  std::int32_t length = 0;
  friend bool operator==(const Type&, const Type&) = default;
};

constexpr bool IsInteger(TypeKind k) { return k == TypeKind::kInt || k == TypeKind::kBigInt; }
constexpr bool IsReal(TypeKind k) { return k == TypeKind::kFloat || k == TypeKind::kDouble; }
constexpr bool IsNumeric(TypeKind k) { return IsInteger(k) || IsReal(k); }
constexpr bool IsTemporal(TypeKind k) {
  return k == TypeKind::kDate || k == TypeKind::kDateTime || k == TypeKind::kTime;
}

/// The name in error messages: "bool", "int", "bigint", "float", "double", "varchar", "date",
/// "datetime", "time", "null".
std::string_view TypeName(TypeKind kind);

}  // namespace tql::values

#endif  // TQLKIT_MOCKSERVER_VALUES_TYPE_H_
