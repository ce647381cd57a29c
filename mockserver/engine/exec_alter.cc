// ALTER TABLE: all its actions are one transaction.
#include <algorithm>
#include <chrono>
#include <optional>

#include "mockserver/engine/alter_plan.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/executor.h"
#include "mockserver/engine/status_macros.h"
#include "mockserver/engine/table_statistics.h"

namespace tql::engine {
namespace {

/// Whether rows may have to move between shards.
bool Reshards(const plan::Alteration& alteration) {
  const auto& before = alteration.before->partition;
  const auto& after = alteration.after->partition;
  if (before.has_value() != after.has_value()) return true;
  return before && (before->shards != after->shards || before->key.size() != after->key.size() ||
                    !std::ranges::equal(
                        before->key, after->key, {},
                        [&](std::int32_t column) { return alteration.before->columns[column].id; },
                        [&](std::int32_t column) { return alteration.after->columns[column].id; }));
}

/// Zero or less: for ever.
std::chrono::steady_clock::time_point DeadlineIn(std::int64_t seconds) {
  constexpr std::int64_t kCentury = std::int64_t{100} * 366 * 86400;
  if (seconds <= 0 || seconds > kCentury) return std::chrono::steady_clock::time_point::max();
  return std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
}

}  // namespace

/// Asks whether the table is to be offline while its rows are distributed again. Nothing when the
/// question is written: the answer to the statement is complete.
StatusOr<std::optional<bool>> Executor::Offline(const plan::TableDef& table, std::int64_t rows) {
  const StatementOptions& options = request_.options;
  if (rows == 0 || !options.interactive || options.allow_unsafe) {
    return std::optional(options.offlining_during_resharding_default);
  }
  const Question question = OfflineReshardQuestion(request_.text, table.name, rows);
  const Reply reply = ReplyTo(question.id, options.answers);
  if (reply != Reply::kMissing) return std::optional(reply == Reply::kYes);
  if (!sink_.OnQuestion(question)) return errors::ClientGone();
  return std::optional<bool>();
}

Status Executor::Execute(const dialect::AlterTable& node) {
  storage::Cancellation cancellation = request_.cancellation;
  const std::int64_t seconds = request_.options.progress_wrapper_timeout_sec;
  cancellation.deadline = std::min(cancellation.deadline, DeadlineIn(seconds));
  const Status status = Alter(node, cancellation);
  const bool own = status.code() == StatusCode::kDeadlineExceeded &&
                   std::chrono::steady_clock::now() < request_.cancellation.deadline;
  return own ? errors::ProgressTimeout(seconds) : status;
}

Status Executor::Alter(const dialect::AlterTable& node, const storage::Cancellation& cancellation) {
  TQL_ASSIGN_OR_RETURN(const auto transaction, storage_.Begin(cancellation));
  AlterPlan plan;
  {
    const Catalog::Reader catalog = catalog_.Read();
    TQL_ASSIGN_OR_RETURN(plan, PlanAlter(*catalog, request_, guids_, node));
  }
  TQL_ASSIGN_OR_RETURN(const bool go_on, MayBreak(plan.broken));
  if (!go_on) return Status();
  std::optional<Progress> resharding;
  if (Reshards(plan.alteration)) {
    TQL_ASSIGN_OR_RETURN(const std::int64_t rows,
                         CountRows(storage_, plan.alteration.before, cancellation));
    TQL_ASSIGN_OR_RETURN(const std::optional<bool> offline, Offline(*plan.alteration.before, rows));
    if (!offline) return Status();
    if (rows > 0) resharding = errors::ReshardProgress(*plan.alteration.before, rows, *offline);
  }
  if (resharding && !sink_.OnProgress({&*resharding, 1})) return errors::ClientGone();

  TQL_ASSIGN_OR_RETURN(const std::vector<plan::Inconvertible> inconvertible,
                       transaction->AlterTable(plan.alteration, cancellation));
  if (!inconvertible.empty() && !request_.options.allow_unsafe) {
    const plan::Inconvertible& values = inconvertible.front();
    const auto index = static_cast<std::size_t>(values.column);
    const plan::ColumnDef& column = plan.alteration.after->columns[index];
    return At(errors::Inconvertible(column.name, column.type.kind, values.count, values.first),
              plan.ranges[index]);
  }
  for (const plan::TableDef& table : plan.others) {
    TQL_RETURN_IF_ERROR(transaction->PutTable(table));
  }
  if (resharding) {
    resharding->percentage = 100;
    if (!sink_.OnProgress({&*resharding, 1})) return errors::ClientGone();
  }
  return Commit(*transaction, plan.last_id, [&](CatalogState& state) {
    state.ReplaceTables(plan.others);
    state.ReplaceTables({*plan.alteration.after});
  });
}

}  // namespace tql::engine
