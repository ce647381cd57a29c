// What the functions of the binder pass to each other. Internal to the binder (bind_*.cc).
#ifndef TQLKIT_MOCKSERVER_ENGINE_BIND_STATE_H_
#define TQLKIT_MOCKSERVER_ENGINE_BIND_STATE_H_

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/binder.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/scope.h"
#include "mockserver/plan/plan.h"
#include "tql/status.h"

namespace tql::engine {

using ExprResult = StatusOr<plan::ExprPtr>;

/// The state of binding one statement.
struct BindState {
  BindInput input;
  /// The table of each RelationId; null for derived tables.
  std::vector<plan::TablePtr> tables = {};
  int copy_depth = 0;  // How deeply copies of operands are nested (bind_comparison.cc).
  /// Whether a literal that is compared may vary (plan::Literal). Not where its text becomes part
  /// of a column's name, or where expressions are compared with each other: only in the WHERE of
  /// the statement, and of sub-queries there.
  bool literals_vary = false;

  plan::RelationId NewRelation(plan::TablePtr table) {
    tables.push_back(std::move(table));
    return static_cast<plan::RelationId>(tables.size() - 1);
  }

  // Each At() adds the place in the text to a reason; a place that is known already is kept.
  Status At(const Status& reason, std::size_t offset) const {
    return errors::At(reason, input.text, offset);
  }
  Status At(const Status& reason, const dialect::SourceRange& range) const {
    return At(reason, range.begin);
  }
  Status At(const Status& reason, const plan::SourceText& source) const {
    return source.text.empty() ? reason : At(reason, source.offset);
  }

  plan::SourceText SourceAt(const dialect::SourceRange& range) const {
    const std::size_t begin = std::min<std::size_t>(range.begin, input.text.size());
    const std::size_t end = std::clamp<std::size_t>(range.end, begin, input.text.size());
    return {input.text.substr(begin, end - begin), begin};
  }
};

/// The clause of a statement that an expression belongs to.
struct Clause {
  const Scope* scope = nullptr;
  std::string_view name;
  bool aggregates = false;  // Whether aggregates are allowed.
  bool in_aggregate = false;
  bool saw_aggregate = false;  // Set while binding.
  /// Select items whose aliases apply to names that are not columns.
  const std::vector<dialect::SelectItem>* aliases = nullptr;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_BIND_STATE_H_
