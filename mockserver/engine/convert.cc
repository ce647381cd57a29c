#include "mockserver/engine/convert.h"

#include <cmath>
#include <cstdio>
#include <limits>

#include "mockserver/engine/errors.h"
#include "mockserver/engine/name_index.h"
#include "mockserver/values/number_text.h"
#include "mockserver/values/temporal.h"
#include "mockserver/values/value_conversion.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using dialect::LiteralKind;
using values::Datum;
using values::TypeKind;

/// The constant as quoted in an error.
std::string Shown(const Constant& c) {
  char digits[values::kMaxNumberText];
  switch (c.value.kind()) {
    case Datum::Kind::kNull:
      return "null";
    case Datum::Kind::kInteger:
      if (c.type == TypeKind::kBool) return c.value.integer() != 0 ? "true" : "false";
      return std::string(digits, values::FormatInteger(c.value.integer(), digits));
    case Datum::Kind::kReal:
      return std::string(digits, values::FormatDouble(c.value.real(), digits));
    case Datum::Kind::kText:
      break;
  }
  return std::string(c.value.text());
}

}  // namespace

StatusOr<values::Type> ToPlanType(const dialect::TypeName& name) {
  using dialect::TypeKeyword;
  switch (name.keyword) {
    case TypeKeyword::kBool:
    case TypeKeyword::kBoolean:
      return values::Type{TypeKind::kBool};
    case TypeKeyword::kInt:
    case TypeKeyword::kInt32:
    case TypeKeyword::kInteger:
      return values::Type{TypeKind::kInt};
    case TypeKeyword::kBigint:
    case TypeKeyword::kInt64:
      return values::Type{TypeKind::kBigInt};
    case TypeKeyword::kFloat:
      return values::Type{TypeKind::kFloat};
    case TypeKeyword::kDouble:
      return values::Type{TypeKind::kDouble};
    case TypeKeyword::kDate:
      return values::Type{TypeKind::kDate};
    case TypeKeyword::kDatetime:
    case TypeKeyword::kTimestamp:
      return values::Type{TypeKind::kDateTime};
    case TypeKeyword::kTime:
      return values::Type{TypeKind::kTime};
    case TypeKeyword::kVarchar:
    case TypeKeyword::kChar:
      break;
  }
  const std::int64_t length = name.length.value_or(0);
  if (length > std::numeric_limits<std::int32_t>::max()) return errors::LengthTooLarge();
  return values::Type{TypeKind::kVarchar, static_cast<std::int32_t>(length)};
}

ShownType ShowType(const values::Type& type) {
  switch (type.kind) {
    case TypeKind::kBool:
      return {"bool", "", ""};
    case TypeKind::kInt:
      return {"int32", "", ""};
    case TypeKind::kBigInt:
      return {"int64", "", ""};
    case TypeKind::kFloat:
      return {"float", "", ""};
    case TypeKind::kDouble:
      return {"double", "", ""};
    case TypeKind::kDate:
      return {"int64", "", "date"};
    case TypeKind::kDateTime:
      return {"int64", "", "datetime"};
    case TypeKind::kTime:
      return {"int64", "", "time"};
    case TypeKind::kVarchar:
    case TypeKind::kNull:
      break;
  }
  return {"varchar", std::to_string(type.length), ""};
}

Constant ConstantOf(const plan::Expr& literal) {
  const auto& value = std::get<plan::Literal>(literal.node).value;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return {Datum::Integer(*integer), literal.type.kind};
  }
  if (const auto* real = std::get_if<double>(&value))
    return {Datum::Real(*real), literal.type.kind};
  if (const auto* text = std::get_if<std::string>(&value)) {
    return {Datum::Text(*text), literal.type.kind};
  }
  return {};
}

StatusOr<Constant> ReadLiteral(LiteralKind kind, std::string_view text) {
  switch (kind) {
    case LiteralKind::kNull:
      return Constant{};
    case LiteralKind::kTrue:
    case LiteralKind::kFalse:
      return Constant{Datum::Integer(kind == LiteralKind::kTrue), TypeKind::kBool};
    case LiteralKind::kString:
      return Constant{Datum::Text(text), TypeKind::kVarchar};
    case LiteralKind::kInteger:
      if (const auto value = values::ParseInteger(text)) {
        const bool fits = *value >= std::numeric_limits<std::int32_t>::min() &&
                          *value <= std::numeric_limits<std::int32_t>::max();
        return Constant{Datum::Integer(*value), fits ? TypeKind::kInt : TypeKind::kBigInt};
      }
      break;
    case LiteralKind::kDecimal:
      break;
  }
  const std::optional<double> value = values::ParseDouble(text);
  if (!value) return errors::OutOfRange(text, TypeKind::kDouble);
  return Constant{Datum::Real(*value), TypeKind::kDouble};
}

StatusOr<Datum> ConvertConstant(const Constant& constant, TypeKind to, std::string_view hint,
                                std::string& scratch) {
  if (constant.value.is_null()) return Datum::Null();
  if (constant.type == to) return constant.value;
  const bool seconds = values::IsNumeric(constant.type) && values::IsTemporal(to);
  if (!seconds && !Assignable(constant.type, to)) {
    return values::IsTemporal(constant.type) ? errors::CannotConvertType(constant.type, to)
                                             : errors::CannotConvert(Shown(constant), to);
  }
  char buffer[values::kMaxNumberText];
  const values::Converted converted =
      values::ConvertValue(constant.value, constant.type, to, hint, buffer);
  if (!converted.value) {
    return converted.out_of_range ? errors::OutOfRange(Shown(constant), to)
                                  : errors::CannotConvert(Shown(constant), to, converted.problem);
  }
  if (to != TypeKind::kVarchar) return *converted.value;
  scratch = converted.value->text();
  return Datum::Text(scratch);
}

bool Assignable(TypeKind from, TypeKind to) {
  if (from == to || from == TypeKind::kNull || from == TypeKind::kVarchar) return true;
  if (to == TypeKind::kVarchar) return true;
  if (values::IsTemporal(from)) {
    return values::IsTemporal(to) && (from != TypeKind::kTime || to == TypeKind::kTime);
  }
  return !values::IsTemporal(to);
}

std::optional<values::Type> CommonType(const values::Type& a, const values::Type& b) {
  if (a.kind == b.kind) return values::Type{a.kind, a.length == b.length ? a.length : 0};
  if (a.kind == TypeKind::kNull) return b;
  if (b.kind == TypeKind::kNull) return a;
  if (IsInteger(a.kind) && IsInteger(b.kind)) return values::Type{TypeKind::kBigInt};
  if (IsNumeric(a.kind) && IsNumeric(b.kind)) return values::Type{TypeKind::kDouble};
  const bool dates = values::IsTemporal(a.kind) && values::IsTemporal(b.kind);
  if (dates && a.kind != TypeKind::kTime && b.kind != TypeKind::kTime) {
    return values::Type{TypeKind::kDateTime};
  }
  return std::nullopt;
}

std::string DefaultText(const Datum& value, TypeKind type) {
  if (value.is_null()) return "null";
  if (values::IsReal(type)) {
    // The service prints six decimals; use more if precision would be lost.
    char fixed[400];
    const int size = std::snprintf(fixed, sizeof(fixed), "%.6f", value.real());
    std::string text(fixed, static_cast<std::size_t>(size));
    if (values::ParseDouble(text) == value.real()) return text;
    char shortest[values::kMaxNumberText];
    return std::string(shortest, values::FormatDouble(value.real(), shortest));
  }
  if (values::IsTemporal(type)) {
    char text[values::kMaxNumberText];
    return std::string(text, values::FormatTemporal(type, value.integer(), text));
  }
  if (type == TypeKind::kVarchar) return std::string(value.text());
  return Shown({value, type});
}

StatusOr<std::string> DefaultText(const dialect::Literal& literal, const plan::ColumnDef& column) {
  TQL_ASSIGN_OR_RETURN(const Constant constant, ReadLiteral(literal.kind, literal.text));
  std::string scratch;
  TQL_ASSIGN_OR_RETURN(const Datum value,
                       ConvertConstant(constant, column.type.kind, column.parsing_hint, scratch));
  return DefaultText(value, column.type.kind);
}

}  // namespace tql::engine
