// The statement options that clients can set, by their rows in the table of request options.
#ifndef TQLKIT_MOCKSERVER_ENGINE_VISIT_OPTIONS_H_
#define TQLKIT_MOCKSERVER_ENGINE_VISIT_OPTIONS_H_

#include "mockserver/engine/statement_options.h"
#include "proto/base/request_options.h"

namespace tql::engine {

/// Calls `visit(option, value)` for each request option that the engine knows; `value` is a
/// reference to the member.
template <typename Visitor>
void VisitOptions(StatementOptions& options, const Visitor& visit) {
  const auto visit_members = [&]<typename Part>(Part& part) {
    base::VisitMembers<Part>(
        [&](const base::RequestOption& option, auto member) { visit(option, part.*member); });
  };
  visit_members(options);
  visit_members(options.format);
  visit_members(options.scripting);
}

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_VISIT_OPTIONS_H_
