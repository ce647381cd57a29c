#include "tql/statement_options.h"

#include "proto/base/request_options.h"

namespace tql {

StatementOptions Merge(StatementOptions overrides, const StatementOptions& base) {
  base::VisitMembers<StatementOptions>([&](const auto& /*option*/, auto member) {
    if (!(overrides.*member)) overrides.*member = base.*member;
  });
  return overrides;
}

}  // namespace tql
