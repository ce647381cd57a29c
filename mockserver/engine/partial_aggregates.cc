#include "mockserver/engine/partial_aggregates.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "mockserver/engine/group_table.h"
#include "mockserver/engine/grouped_parts.h"
#include "mockserver/engine/grouping_scan.h"
#include "mockserver/engine/plan_walk.h"
#include "mockserver/storage/divided_scans.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using values::Datum;
using Value = GroupingScan::Value;

/// Rows of the table in a part.
constexpr std::size_t kPartRows = 8192;
/// The storage gets keys and aggregates as constants of a statement, of which it parses so many.
constexpr std::size_t kMostConstants = 1500;

/// The groups in the order in which the storage returns them without ORDER BY.
using Order = std::vector<std::uint32_t>;

/// All keys and aggregates of all groups; false if a sum does not fit into its type.
class GroupValues {
 public:
  explicit GroupValues(std::unique_ptr<GroupTable> groups)
      : groups_(std::move(groups)),
        keys_(groups_->spec().keys),
        width_(keys_ + groups_->spec().aggregates.size()) {}

  bool Compute() {
    values_.reserve(groups_->size() * width_);
    for (std::size_t group = 0; group < groups_->size(); ++group) {
      const std::span<const Datum> keys = groups_->keys(group);
      values_.insert(values_.end(), keys.begin(), keys.end());
      for (std::size_t i = 0; i < width_ - keys_; ++i) {
        const std::optional<Datum> result =
            groups_->at(group, i).Result(groups_->spec().aggregates[i]);
        if (!result) return false;
        values_.push_back(*result);
      }
    }
    return true;
  }

  std::size_t size() const { return groups_->size(); }
  std::span<const Datum> operator[](std::size_t group) const {
    return std::span(values_).subspan(group * width_, width_);
  }
  std::size_t ColumnOf(const Value& value) const {
    return value.aggregate ? keys_ + value.index : value.index;
  }

 private:
  std::unique_ptr<GroupTable> groups_;
  std::size_t keys_;
  std::size_t width_;
  std::vector<Datum> values_;
};

/// A term of a sort.
struct Term {
  std::size_t column = 0;
  bool descending = false;
};

/// Sorts groups by the values of their columns. Those with equal values keep their order.
void Sort(const GroupValues& groups, const std::vector<Term>& terms, Order& order) {
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
    for (const Term& term : terms) {
      const int by = CompareValues(groups[a][term.column], groups[b][term.column]);
      if (by != 0) return term.descending ? by > 0 : by < 0;
    }
    return false;
  });
}

Order OrderOf(const GroupValues& groups, const std::vector<bool>& descending) {
  Order order(groups.size());
  std::iota(order.begin(), order.end(), 0);
  std::vector<Term> terms;
  for (std::size_t i = 0; i < descending.size(); ++i) terms.push_back({i, descending[i]});
  Sort(groups, terms, order);
  return order;
}

/// Rows that consist of keys and aggregates.
class GroupCursor : public storage::Cursor {
 public:
  struct Column {
    std::size_t column = 0;
    bool real = false;
  };
  GroupCursor(GroupValues groups, Order order, std::vector<Column> columns)
      : groups_(std::move(groups)),
        order_(std::move(order)),
        columns_(std::move(columns)),
        values_(columns_.size()) {}

  StatusOr<bool> Next() override {
    row_ = {};
    if (at_ == order_.size()) return false;
    const std::span<const Datum> group = groups_[order_[at_++]];
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Datum& value = group[columns_[i].column];
      const bool converted = columns_[i].real && value.kind() == Datum::Kind::kInteger;
      values_[i] = converted ? Datum::Real(static_cast<double>(value.integer())) : value;
    }
    row_ = values_;
    return true;
  }

 private:
  const GroupValues groups_;
  const Order order_;
  const std::vector<Column> columns_;
  std::size_t at_ = 0;
  std::vector<Datum> values_;
};

/// The columns and the order of a result that consists of keys and aggregates.
struct DirectResult {
  std::vector<GroupCursor::Column> columns;
  std::vector<Term> order_by;
};

std::optional<DirectResult> DirectResultOf(const plan::Query& query, const GroupingScan& scan,
                                           const GroupValues& groups) {
  const auto& select = std::get<plan::Select>(query.body);
  if (select.having) return std::nullopt;
  DirectResult direct;
  for (std::size_t i = 0; i < select.items.size(); ++i) {
    const std::optional<Value> value = scan.ValueOf(*select.items[i].expr);
    if (!value) return std::nullopt;
    direct.columns.push_back({groups.ColumnOf(*value), values::IsReal(query.columns[i].type.kind)});
  }
  for (const plan::OrderItem& term : query.order_by) {
    std::size_t column = 0;
    if (const auto* item = std::get_if<plan::ItemRef>(&term.expr->node)) {
      column = direct.columns[static_cast<std::size_t>(item->item)].column;
    } else if (const std::optional<Value> value = scan.ValueOf(*term.expr)) {
      column = groups.ColumnOf(*value);
    } else {
      return std::nullopt;
    }
    direct.order_by.push_back({column, term.descending});
  }
  return direct;
}

/// Applies OFFSET and LIMIT.
void Cut(const plan::Query& query, Order& order) {
  const auto limited = [](std::int64_t count, std::size_t most) {
    return count < 0 ? 0
                     : static_cast<std::size_t>(
                           std::min<std::uint64_t>(static_cast<std::uint64_t>(count), most));
  };
  const auto rows = static_cast<std::ptrdiff_t>(limited(query.offset, order.size()));
  order.erase(order.begin(), order.begin() + rows);
  if (query.limit) order.resize(limited(*query.limit, order.size()));
}

/// Turns the query into one over a table of constants, the keys and aggregates of the groups.
class ConstantGroups {
 public:
  ConstantGroups(const GroupingScan& scan, const GroupValues& groups, plan::Query& query)
      : scan_(scan),
        groups_(groups),
        query_(query),
        select_(std::get<plan::Select>(query.body)),
        relation_(std::get<plan::BaseTable>(select_.from->node).id) {}

  void Replace(const Order& order) {
    // The scan looks into the query, so first all places are found, and then replaced.
    VisitExpressions(query_, [this](plan::ExprPtr& expr) { Find(expr); });
    for (auto& [place, column] : found_) {
      const plan::SourceText source = (*place)->source;
      *place =
          MakeExpr(plan::ColumnRef{relation_, static_cast<std::int32_t>(column)}, (*place)->type);
      (*place)->source = source;
    }
    auto rows = std::make_unique<plan::Query>();
    plan::Values& constants = rows->body.emplace<plan::Values>();
    for (const std::uint32_t group : order) {
      std::vector<plan::ExprPtr>& row = constants.rows.emplace_back();
      for (const Datum& value : groups_[group]) row.push_back(MakeExpr(LiteralOf(value), {}));
    }
    rows->columns.resize(constants.rows.front().size());
    select_.from->node = plan::DerivedTable{relation_, std::move(rows)};
    select_.group_by.clear();
    select_.where = std::move(select_.having);
    select_.having = nullptr;
  }

 private:
  void Find(plan::ExprPtr& expr) {
    if (const std::optional<Value> value = scan_.ValueOf(*expr)) {
      found_.emplace_back(&expr, groups_.ColumnOf(*value));
    } else {
      VisitChildren(*expr, [this](plan::ExprPtr& child) { Find(child); });
    }
  }

  const GroupingScan& scan_;
  const GroupValues& groups_;
  plan::Query& query_;
  plan::Select& select_;
  const plan::RelationId relation_;
  std::vector<std::pair<plan::ExprPtr*, std::size_t>> found_;
};

/// The groups of the query's rows; null if the storage has to compute them.
StatusOr<std::unique_ptr<GroupTable>> GroupRows(storage::DividedScans& scans, ScanThreads& threads,
                                                const GroupingScan& scan,
                                                const storage::Cancellation& cancellation) {
  GroupedParts parts(threads, cancellation);
  std::unique_ptr<storage::RowParts> source;
  {
    const GroupingScan::Rows rows(scan);
    source = scans.OpenParts(
        rows.query(),
        {.readers = threads.count(), .part_rows = kPartRows, .cancellation = parts.ForParts()});
  }
  if (!source) return nullptr;
  return parts.Group(scan.spec(), std::move(source));
}

}  // namespace

StatusOr<std::unique_ptr<storage::Cursor>> OpenPartialAggregates(
    storage::Storage& storage, ScanThreads& threads, plan::Query& query,
    const storage::Cancellation& cancellation) {
  const std::optional<GroupingScan> scan = GroupingScan::Of(query);
  storage::DividedScans* const scans = scan ? storage::DividedScans::Of(storage) : nullptr;
  if (scans == nullptr || !scans->IsLargeScan(query)) return nullptr;
  TQL_ASSIGN_OR_RETURN(std::unique_ptr<GroupTable> table,
                       GroupRows(*scans, threads, *scan, cancellation));
  if (!table) return nullptr;
  if (scan->is_one_group()) table->FindOrAdd({});
  GroupValues groups(std::move(table));
  if (!groups.Compute()) return nullptr;
  Order order = OrderOf(groups, scan->descending());
  if (std::optional<DirectResult> direct = DirectResultOf(query, *scan, groups)) {
    Sort(groups, direct->order_by, order);
    Cut(query, order);
    return std::make_unique<GroupCursor>(std::move(groups), std::move(order),
                                         std::move(direct->columns));
  }
  if (order.empty()) {
    return std::make_unique<GroupCursor>(std::move(groups), Order(),
                                         std::vector<GroupCursor::Column>());
  }
  if (groups.size() * groups[0].size() > kMostConstants) return nullptr;
  ConstantGroups(*scan, groups, query).Replace(order);
  return storage.Open(query, cancellation);
}

}  // namespace tql::engine
