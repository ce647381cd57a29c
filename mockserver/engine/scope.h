// The columns that a name can refer to at one place of a statement.
#ifndef TQLKIT_MOCKSERVER_ENGINE_SCOPE_H_
#define TQLKIT_MOCKSERVER_ENGINE_SCOPE_H_

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/name_index.h"
#include "mockserver/plan/plan.h"
#include "tql/status.h"

namespace tql::engine {

/// A table or derived table of a FROM.
class ScopeRelation {
 public:
  /// `qualifiers` are the names that may precede a column, innermost first: either the alias, or
  /// the names of table, schema and database.
  ScopeRelation(plan::RelationId id, std::vector<std::string> qualifiers, plan::TablePtr table);
  ScopeRelation(plan::RelationId id, std::vector<std::string> qualifiers,
                std::vector<plan::Query::Column> columns);

  plan::RelationId id() const { return id_; }
  const plan::TablePtr& table() const { return table_; }  // Null for a derived table.
  const std::string& name() const { return qualifiers_.front(); }
  const std::vector<std::string>& qualifiers() const { return qualifiers_; }
  std::size_t size() const { return table_ ? table_->columns.size() : columns_.size(); }
  const std::string& column_name(std::size_t i) const {
    return table_ ? table_->columns[i].name : columns_[i].name;
  }
  values::Type column_type(std::size_t i) const {
    return table_ ? table_->columns[i].type : columns_[i].type;
  }

  enum class Match { kNone, kFolded, kExact };
  /// How well the names before a column match this relation.
  Match MatchQualifier(const dialect::Name* names, std::size_t count) const;
  struct Found {
    Match match = Match::kNone;
    bool ambiguous = false;
    std::int32_t column = 0;
  };
  Found Find(std::string_view column) const;

 private:
  Found Scan(std::string_view column) const;

  plan::RelationId id_;
  std::vector<std::string> qualifiers_;
  plan::TablePtr table_;
  std::vector<plan::Query::Column> columns_;
  mutable int lookups_ = 0;
  mutable std::optional<NameIndex<std::int32_t>> index_;  // Built after the first lookups.
};

/// The relations of one SELECT, UPDATE or DELETE, and of the queries around it.
struct Scope {
  const Scope* outer = nullptr;
  std::deque<ScopeRelation> relations;
  /// Relations before this one are not visible: while an ON is bound, those of earlier FROM items.
  std::size_t first_visible = 0;

  const ScopeRelation* FindRelation(plan::RelationId id) const;
  struct Column {
    const ScopeRelation* relation = nullptr;
    std::int32_t column = 0;
  };
  /// Resolves a column name of one to four parts here or in an outer scope: an exact match or else
  /// the only match that differs in case.
  StatusOr<Column> Resolve(const dialect::ObjectName& name) const;
  /// Whether the name matches one or more columns of this scope, ignoring outer scopes.
  bool Has(const dialect::ObjectName& name) const;
  /// The relation that qualifies `.*`.
  StatusOr<const ScopeRelation*> ResolveStar(const dialect::ObjectName& qualifier) const;

 private:
  /// As Resolve() without the outer scopes; returns no relation if the name is not found here.
  StatusOr<Column> ResolveHere(const dialect::ObjectName& name) const;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_SCOPE_H_
