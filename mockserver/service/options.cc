#include "mockserver/service/options.h"

namespace tql::service {

namespace {

/// Copies the options of which `to` has a member. Without reflection, which takes microseconds.
template <typename Part>
void CopyMembers(const pb::TqlOptions& from, Part& to) {
#define REQUEST_OPTION(name, field, ...) \
  if constexpr (requires { to.name; }) to.name = from.field;
#include "proto/base/request_options.inc"
#undef REQUEST_OPTION
}

}  // namespace

engine::StatementOptions ToStatementOptions(const pb::TqlOptions& options) {
  engine::StatementOptions result;
  CopyMembers(options, result);
  CopyMembers(options, result.format);
  CopyMembers(options, result.scripting);
  return result;
}

engine::Context ToContext(const pb::QueryContext& context) {
  engine::Context result;
  result.schema = context.schema();
  result.database = context.database();
  result.server_schema_version = context.server_schema_version();
  return result;
}

}  // namespace tql::service
