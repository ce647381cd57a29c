#include "mockserver/engine/column_conversion.h"

#include <string_view>

#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/status_macros.h"
#include "mockserver/plan/temporal_format.h"

namespace tql::engine {
namespace {

using plan::TypeKind;

bool TakesHint(TypeKind kind) { return plan::IsTemporal(kind) || kind == TypeKind::kBool; }

bool IsHintOf(TypeKind kind, std::string_view hint) {
  if (kind == TypeKind::kBool) return plan::BoolWords::Parse(hint).has_value();
  if (!plan::IsTemporal(kind) || hint.size() > plan::TemporalFormat::kMaxLength) return false;
  const plan::TemporalFormat::Parts parts = plan::TemporalFormat(hint).parts();
  return parts.understood && (kind == TypeKind::kTime ? parts.time : parts.date);
}

/// A hint that was written must mean something here.
Status CheckHint(std::string_view hint, TypeKind from, TypeKind to) {
  const bool to_text = to == TypeKind::kVarchar && TakesHint(from);
  if (!TakesHint(to) && !to_text) return errors::UselessParsingHint(from, to);
  const TypeKind kind = to_text ? from : to;
  if (!IsHintOf(kind, hint)) return errors::BadParsingHint(hint, kind);
  if (to_text && kind == TypeKind::kBool) {
    // Half a pair says how to read, not how to write.
    const std::optional<plan::BoolWords> words = plan::BoolWords::Parse(hint);
    if (words->on.empty() || words->off.empty()) return errors::BadParsingHint(hint, kind);
  }
  return Status();
}

}  // namespace

StatusOr<ModifiedColumn> ModifyType(const plan::ColumnDef& column, TypeKind to,
                                    const std::string* hint) {
  const TypeKind from = column.type.kind;
  if (!Assignable(from, to)) return errors::CannotConvertType(from, to);
  if (hint != nullptr) TQL_RETURN_IF_ERROR(CheckHint(*hint, from, to));

  ModifiedColumn modified;
  const bool stays =
      from == to || (from == TypeKind::kVarchar && IsHintOf(to, column.parsing_hint));
  if (hint != nullptr && TakesHint(to)) {
    modified.parsing_hint = *hint;
  } else if (stays) {
    modified.parsing_hint = column.parsing_hint;
  }
  if (from == to) return modified;

  plan::ColumnConversion& conversion = modified.conversion.emplace();
  conversion.from = from;
  conversion.to = to;
  const TypeKind other = from == TypeKind::kVarchar ? to : to == TypeKind::kVarchar ? from : to;
  const bool with_text = from == TypeKind::kVarchar || to == TypeKind::kVarchar;
  if (!with_text) return modified;
  if (hint != nullptr) {
    conversion.format = *hint;
    conversion.only_format = true;
  } else if (plan::IsTemporal(other) && IsHintOf(other, column.parsing_hint)) {
    conversion.format = column.parsing_hint;
  }
  return modified;
}

}  // namespace tql::engine
