// What a column without a value of its own gets.
#ifndef TQLKIT_MOCKSERVER_PLAN_DEFAULT_VALUE_H_
#define TQLKIT_MOCKSERVER_PLAN_DEFAULT_VALUE_H_

#include "mockserver/plan/datum.h"
#include "mockserver/plan/schema.h"
#include "tql/status.h"

namespace tql::plan {

/// The value of ColumnDef::default_text, which may be borrowed; NULL without one. INVALID_ARGUMENT
/// when the text is none of the column's type.
StatusOr<Datum> DefaultOf(const ColumnDef& column);

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_DEFAULT_VALUE_H_
