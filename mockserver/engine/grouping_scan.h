// How a SELECT with aggregates over one table is computed from the rows of the table.
#ifndef TQLKIT_MOCKSERVER_ENGINE_GROUPING_SCAN_H_
#define TQLKIT_MOCKSERVER_ENGINE_GROUPING_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "mockserver/engine/group_table.h"
#include "mockserver/plan/plan.h"

namespace tql::engine {

/// The expressions of a SELECT that are columns of the scan: the keys of the groups, and the
/// arguments of the aggregates. Refers to parts of the query, which must not change meanwhile.
class GroupingScan {
 public:
  /// nullopt if the query is not a SELECT with aggregates over one table, or if the groups of its
  /// parts could not be merged to exactly the same result.
  static std::optional<GroupingScan> Of(plan::Query& query);

  const GroupSpec& spec() const { return spec_; }
  /// Whether each group makes a row, even if there are no rows: a SELECT without GROUP BY.
  bool is_one_group() const { return spec_.keys == 0; }

  /// The query of the scan, with expressions of the SELECT, which lacks them as long as this object
  /// exists.
  class Rows {
   public:
    explicit Rows(const GroupingScan& scan);
    ~Rows();
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    const plan::Query& query() const { return query_; }

   private:
    void Swap();

    const GroupingScan& scan_;
    plan::Query query_;
  };

  /// A key (`aggregate` is false) or an aggregate of a group.
  struct Value {
    bool aggregate = false;
    std::size_t index = 0;
  };
  /// What the expression is; nullopt if it is computed from keys and aggregates.
  std::optional<Value> ValueOf(const plan::Expr& expr) const;

  /// Whether each key is sorted in descending order before ORDER BY is applied.
  const std::vector<bool>& descending() const { return descending_; }

 private:
  GroupingScan(plan::Query& query, plan::Select& select) : query_(query), select_(select) {}
  bool AddKeys();
  bool AddAggregates(plan::ExprPtr& expr);
  std::size_t ColumnOf(plan::ExprPtr& expr);

  plan::Query& query_;
  plan::Select& select_;
  GroupSpec spec_;
  std::vector<plan::ExprPtr*> columns_;  // of the scan: the keys, then arguments
  std::vector<const plan::Expr*> aggregates_;
  std::vector<bool> descending_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_GROUPING_SCAN_H_
