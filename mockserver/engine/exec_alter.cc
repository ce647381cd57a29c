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

/// Whether values are converted, or rows lose some.
bool Rewrites(const plan::Alteration& alteration) {
  std::size_t kept = 0;
  for (const plan::Alteration::Source& source : alteration.sources) {
    if (source.conversion) return true;
    if (source.column >= 0) ++kept;
  }
  return kept < alteration.before->columns.size();
}

/// Tells a client how far the rows are, at most some times a second.
class RowProgress {
 public:
  RowProgress(StatementSink& sink, Progress stage, std::int64_t rows)
      : sink_(sink), stage_(std::move(stage)), rows_(rows) {}

  bool At(std::int64_t percentage) {
    stage_.percentage = static_cast<std::int32_t>(percentage);
    next_ = std::chrono::steady_clock::now() + kPause;
    return sink_.OnProgress({&stage_, 1});
  }
  /// Whoever no longer listens is found out by the statement's Cancellation.
  void AtRow(std::int64_t row) {
    if (std::chrono::steady_clock::now() < next_) return;
    (void)At(std::clamp<std::int64_t>(row * 100 / rows_, 0, 99));
  }

 private:
  static constexpr std::chrono::milliseconds kPause{200};
  StatementSink& sink_;
  Progress stage_;
  const std::int64_t rows_;  // in all; not 0
  std::chrono::steady_clock::time_point next_;
};

/// Fewer rows than that are altered before anybody would look.
constexpr std::int64_t kManyRows = 100'000;

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
  std::optional<RowProgress> progress;
  const plan::TableDef& before = *plan.alteration.before;
  const bool reshards = Reshards(plan.alteration);
  if (reshards || Rewrites(plan.alteration)) {
    TQL_ASSIGN_OR_RETURN(const std::int64_t rows,
                         CountRows(storage_, plan.alteration.before, cancellation));
    if (reshards) {
      TQL_ASSIGN_OR_RETURN(const std::optional<bool> offline, Offline(before, rows));
      if (!offline) return Status();
      if (rows > 0) progress.emplace(sink_, errors::ReshardProgress(before, rows, *offline), rows);
    } else if (rows >= kManyRows) {
      progress.emplace(sink_, errors::AlterProgress(before, rows), rows);
    }
  }
  if (progress) {
    if (!progress->At(0)) return errors::ClientGone();
    plan.alteration.on_rows = [&progress](std::int64_t row) { progress->AtRow(row); };
  }

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
  if (progress && !progress->At(100)) return errors::ClientGone();
  return Commit(*transaction, plan.last_id, [&](CatalogState& state) {
    state.ReplaceTables(plan.others);
    state.ReplaceTables({*plan.alteration.after});
  });
}

}  // namespace tql::engine
