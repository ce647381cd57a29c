// The value of a column that an INSERT does not name.
#ifndef TQLKIT_MOCKSERVER_PLAN_DEFAULT_VALUE_H_
#define TQLKIT_MOCKSERVER_PLAN_DEFAULT_VALUE_H_

#include "mockserver/plan/schema.h"
#include "mockserver/values/datum.h"
#include "tql/status.h"

namespace tql::plan {

/// Converts ColumnDef::default_text, from which the result may borrow; NULL without one. Returns
/// INVALID_ARGUMENT if the text is not a value of the column's type.
StatusOr<values::Datum> DefaultOf(const ColumnDef& column);

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_DEFAULT_VALUE_H_
