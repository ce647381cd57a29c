#include "mockserver/engine/statement_plans.h"

#include <algorithm>
#include <utility>

#include "mockserver/dialect/lexer.h"
#include "mockserver/engine/convert.h"

namespace tql::engine {
namespace {

using dialect::LiteralKind;
using dialect::ScannedLiteral;
using values::Datum;

/// Integers of more digits may have another type.
constexpr std::size_t kMostDigits = 9;

bool MayVary(const ScannedLiteral& literal) {
  return literal.kind != LiteralKind::kInteger || literal.size() <= kMostDigits;
}

/// Whether both have the same effect on the plan and on what of its result is sent.
bool SamePlan(const StatementOptions& a, const StatementOptions& b) {
  return a.query_results_apply_top_row_count == b.query_results_apply_top_row_count &&
         a.pagination_start == b.pagination_start && a.pagination_size == b.pagination_size;
}

/// The value of a literal that begins at `begin`, with its sign, as a value of this kind.
std::optional<Datum> ValueOf(std::string_view text, const ScannedLiteral& literal,
                             std::size_t begin, Datum::Kind kind, std::list<std::string>& owned) {
  std::string_view content = text.substr(begin, literal.end - begin);
  if (literal.kind == LiteralKind::kString) {
    content = literal.doubled ? std::string_view(owned.emplace_back(dialect::Unquote(content)))
                              : content.substr(1, content.size() - 2);
  }
  const StatusOr<Constant> constant = ReadLiteral(literal.kind, content);
  if (!constant.ok()) return std::nullopt;
  const Datum& value = constant->value;
  if (value.kind() == kind) return value;
  const bool real = value.kind() == Datum::Kind::kInteger && kind == Datum::Kind::kReal;
  if (!real) return std::nullopt;
  return Datum::Real(static_cast<double>(value.integer()));
}

}  // namespace

StatementPlan::StatementPlan(const dialect::ScannedText& scanned,
                             const dialect::Statement& statement, const Context& context,
                             const StatementOptions& options, CompiledSelect compiled)
    : text_(scanned.text),
      scanned_(scanned),
      statement_(statement),
      database_(context.database),
      schema_(context.schema),
      options_(options),
      compiled_(std::move(compiled)) {
  scanned_.text = text_;
}

std::shared_ptr<const StatementPlan> StatementPlan::Make(const dialect::ScannedText& scanned,
                                                         const dialect::Statement& statement,
                                                         const Context& context,
                                                         const StatementOptions& options,
                                                         CompiledSelect compiled) {
  std::shared_ptr<StatementPlan> plan(
      new StatementPlan(scanned, statement, context, options, std::move(compiled)));
  return plan->FindLiterals() ? std::move(plan) : nullptr;
}

/// Finds the scanned literals that the places of the query refer to.
bool StatementPlan::FindLiterals() {
  uses_.resize(scanned_.literals.size());
  for (const storage::VaryingLiteral& varying : compiled_.query->varying()) {
    const auto literal =
        std::ranges::lower_bound(scanned_.literals, varying.place, {}, &ScannedLiteral::begin);
    if (literal == scanned_.literals.end() || !MayVary(*literal)) return false;
    const bool negative = literal->begin == varying.place + 1 && text_[varying.place] == '-';
    if (literal->begin != varying.place && !negative) return false;
    const auto index = static_cast<std::size_t>(literal - scanned_.literals.begin());
    uses_[index] = {.varies = true, .negative = negative};
    literals_.push_back(index);
  }
  return true;
}

std::optional<std::vector<Datum>> StatementPlan::ValuesFor(const dialect::ScannedText& scanned,
                                                           const Context& context,
                                                           const StatementOptions& options,
                                                           std::list<std::string>& owned) const {
  const bool applies = scanned_.SameShape(scanned) && context.database == database_ &&
                       context.schema == schema_ && SamePlan(options, options_);
  if (!applies) return std::nullopt;
  for (std::size_t i = 0; i < uses_.size(); ++i) {
    const ScannedLiteral& literal = scanned.literals[i];
    if (uses_[i].varies ? !MayVary(literal)
                        : literal.In(scanned.text) != scanned_.literals[i].In(text_)) {
      return std::nullopt;
    }
  }
  std::vector<Datum> values;
  values.reserve(literals_.size());
  for (std::size_t i = 0; i < literals_.size(); ++i) {
    const ScannedLiteral& literal = scanned.literals[literals_[i]];
    const std::size_t begin = literal.begin - (uses_[literals_[i]].negative ? 1 : 0);
    const std::optional<Datum> value =
        ValueOf(scanned.text, literal, begin, compiled_.query->varying()[i].kind, owned);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

std::optional<StatementPlans::Found> StatementPlans::Find(const dialect::ScannedText& scanned,
                                                          const Context& context,
                                                          const StatementOptions& options,
                                                          std::int64_t schema_version) {
  Plans dropped;  // destroyed without the lock
  const base::MutexLock lock(mutex_);
  for (auto plan = plans_.begin(); plan != plans_.end();) {
    if ((*plan)->compiled().schema_version != schema_version) {
      dropped.splice(dropped.begin(), plans_, plan++);
      continue;
    }
    if ((*plan)->scanned().hash() == scanned.hash()) {
      Found found{.plan = *plan};
      if (auto values = (*plan)->ValuesFor(scanned, context, options, found.owned)) {
        found.values = *std::move(values);
        plans_.splice(plans_.begin(), plans_, plan);
        return found;
      }
    }
    ++plan;
  }
  return std::nullopt;
}

bool StatementPlans::IsWorthCompiling(const dialect::ScannedText& scanned) {
  const base::MutexLock lock(mutex_);
  std::uint64_t& place = seen_[scanned.hash() % seen_.size()];
  if (std::exchange(place, scanned.hash()) != scanned.hash()) return false;
  const auto have = std::ranges::count_if(
      plans_, [&](const auto& plan) { return plan->scanned().hash() == scanned.hash(); });
  return have < kMostOfAShape;
}

void StatementPlans::Keep(std::shared_ptr<const StatementPlan> plan) {
  Plans dropped;
  const base::MutexLock lock(mutex_);
  plans_.push_front(std::move(plan));
  if (plans_.size() > kMost) dropped.splice(dropped.begin(), plans_, std::prev(plans_.end()));
}

void StatementPlans::Drop(const std::shared_ptr<const StatementPlan>& plan) {
  const base::MutexLock lock(mutex_);
  plans_.remove(plan);
}

void StatementPlans::Clear() {
  Plans dropped;
  const base::MutexLock lock(mutex_);
  plans_.swap(dropped);
}

}  // namespace tql::engine
