#include "mockserver/engine/column_conversion.h"

#include <string_view>

#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/values/temporal_format.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using values::TypeKind;

bool TakesHint(TypeKind kind) { return values::IsTemporal(kind) || kind == TypeKind::kBool; }

Status CheckHintOf(TypeKind kind, std::string_view hint) {
  if (kind == TypeKind::kBool) {
    return values::BoolWords::Parse(hint) ? Status() : errors::BadWords(hint);
  }
  if (hint.size() > values::TemporalFormat::kMaxLength) {
    return errors::FormatTooLong(values::TemporalFormat::kMaxLength);
  }
  const values::TemporalFormat format(hint);
  if (format.problem()) {
    return errors::BadParsingHint(hint, format.problem()->place, format.problem()->text);
  }
  const bool time = kind == TypeKind::kTime;
  if (time ? !format.has_time() : !format.has_date()) {
    return errors::IncompleteParsingHint(hint, kind, time ? "a time of day" : "a date");
  }
  return Status();
}

bool IsHintOf(TypeKind kind, std::string_view hint) {
  return TakesHint(kind) && CheckHintOf(kind, hint).ok();
}

/// Checks that a given hint is valid for the conversion and has an effect on it.
Status CheckConversionHint(std::string_view hint, TypeKind from, TypeKind to) {
  const bool to_text = to == TypeKind::kVarchar && TakesHint(from);
  if (!TakesHint(to) && !to_text) return errors::UselessParsingHint(from, to);
  const TypeKind kind = to_text ? from : to;
  TQL_RETURN_IF_ERROR(CheckHintOf(kind, hint));
  if (to_text && kind == TypeKind::kBool) {
    // A single word suffices for reading but not for writing.
    const std::optional<values::BoolWords> words = values::BoolWords::Parse(hint);
    if (words->on.empty() || words->off.empty()) return errors::BadWords(hint);
  }
  return Status();
}

}  // namespace

Status CheckColumnHint(TypeKind kind, std::string_view hint) {
  if (TakesHint(kind)) return CheckHintOf(kind, hint);
  // A text may be converted later to any type that has hints.
  for (const TypeKind later : {TypeKind::kBool, TypeKind::kDate, TypeKind::kTime}) {
    if (kind == TypeKind::kVarchar && IsHintOf(later, hint)) return Status();
  }
  return kind == TypeKind::kVarchar ? CheckHintOf(TypeKind::kDateTime, hint)
                                    : errors::UselessColumnHint(kind);
}

StatusOr<ModifiedColumn> ModifyType(const plan::ColumnDef& column, TypeKind to,
                                    const std::string* hint) {
  const TypeKind from = column.type.kind;
  if (!Assignable(from, to)) return errors::CannotConvertType(from, to);
  if (hint != nullptr) TQL_RETURN_IF_ERROR(CheckConversionHint(*hint, from, to));

  ModifiedColumn modified;
  const bool stays =
      from == to || (from == TypeKind::kVarchar && IsHintOf(to, column.parsing_hint));
  if (hint != nullptr && TakesHint(to)) {
    modified.parsing_hint = *hint;
  } else if (stays) {
    modified.parsing_hint = column.parsing_hint;
  }
  if (from == to) return modified;

  values::ColumnConversion& conversion = modified.conversion.emplace();
  conversion.from = from;
  conversion.to = to;
  const TypeKind other = from == TypeKind::kVarchar ? to : to == TypeKind::kVarchar ? from : to;
  const bool with_text = from == TypeKind::kVarchar || to == TypeKind::kVarchar;
  if (!with_text) return modified;
  if (hint != nullptr) {
    conversion.format = *hint;
    conversion.only_format = true;
  } else if (values::IsTemporal(other) && IsHintOf(other, column.parsing_hint)) {
    conversion.format = column.parsing_hint;
  }
  return modified;
}

}  // namespace tql::engine
