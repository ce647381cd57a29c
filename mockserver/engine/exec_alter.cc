// ALTER TABLE. All its actions are one transaction.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <stop_token>

#include "mockserver/engine/alter_plan.h"
#include "mockserver/engine/definition_change.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/execute.h"
#include "mockserver/engine/questions.h"
#include "mockserver/plan/table_query.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using TransactionPtr = Catalog::TransactionPtr;

/// Whether rows may move to other shards.
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

/// Whether values are converted or columns dropped.
bool Rewrites(const plan::Alteration& alteration) {
  std::size_t kept = 0;
  for (const plan::Alteration::Source& source : alteration.sources) {
    if (source.conversion) return true;
    if (source.column >= 0) ++kept;
  }
  return kept < alteration.before->columns.size();
}

/// Reports the number of altered rows as a percentage.
class RowProgress {
 public:
  RowProgress(StatementWriter& writer, Progress stage, std::int64_t rows)
      : writer_(writer), stage_(std::move(stage)), rows_(rows) {}

  Status At(std::int64_t percentage) {
    stage_.percentage = static_cast<std::int32_t>(percentage);
    return writer_.WriteProgress(stage_);
  }
  Status AtRow(std::int64_t row) { return At(std::clamp<std::int64_t>(row * 100 / rows_, 0, 99)); }

 private:
  StatementWriter& writer_;
  Progress stage_;
  const std::int64_t rows_;  // Total number; not 0.
};

/// Runs `work` in another thread while this one reports `row`, the number of rows done, a few times
/// per second. A client that does not read blocks only this thread, neither the work nor those who
/// wait for the end of its transaction. Cancels the work if the client has disconnected.
Status RunWithProgress(RowProgress& progress, const std::atomic<std::int64_t>& row,
                       const storage::Cancellation& cancellation,
                       const std::function<Status(const storage::Cancellation&)>& work) {
  constexpr std::chrono::milliseconds kPause{200};
  std::stop_source stop;
  const std::stop_callback relay(cancellation.stop, [&stop] { stop.request_stop(); });
  storage::Cancellation of_work = cancellation;
  of_work.stop = stop.get_token();
  of_work.client_gone = nullptr;  // It may read the socket to which this thread writes.
  std::future<Status> done = std::async(std::launch::async, work, std::cref(of_work));
  bool open = progress.At(0).ok();
  while (done.wait_for(kPause) != std::future_status::ready) {
    open = open && !(cancellation.client_gone && cancellation.client_gone()) &&
           progress.AtRow(row).ok();
    if (!open) stop.request_stop();
  }
  if (!open) stop.request_stop();
  return done.get();
}

/// Fewer rows are altered before a user could see the progress.
constexpr std::int64_t kMinRowsWithProgress = 100'000;

/// Returns max() for zero or less, and for more than a century.
std::chrono::steady_clock::time_point DeadlineIn(std::int64_t seconds) {
  constexpr std::int64_t kCentury = std::int64_t{100} * 366 * 86400;
  if (seconds <= 0 || seconds > kCentury) return std::chrono::steady_clock::time_point::max();
  return std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
}

/// Returns whether the table is taken offline while its rows are redistributed, which the client
/// decides if it can be asked. Returns nullopt if the question was written: it is the whole result.
StatusOr<std::optional<bool>> AskOffline(const StatementContext& statement,
                                         const plan::TableDef& table, std::int64_t rows,
                                         TransactionPtr& transaction) {
  const StatementOptions& options = statement.request.options;
  if (rows == 0 || !options.interactive || options.allow_unsafe) {
    return std::optional(options.offlining_during_resharding_default);
  }
  const Question question = OfflineReshardQuestion(statement.request.text, table.name, rows);
  const Reply reply = ReplyTo(question.id, options.answers);
  if (reply != Reply::kMissing) return std::optional(reply == Reply::kYes);
  transaction.reset();  // Others must not wait for a client that does not read.
  TQL_RETURN_IF_ERROR(statement.writer.Ask(question));
  return std::optional<bool>();
}

/// Alters the rows and the records, and commits.
Status Store(const StatementContext& statement, storage::Transaction& transaction,
             const AlterPlan& plan, const storage::Cancellation& cancellation) {
  TQL_ASSIGN_OR_RETURN(const std::vector<plan::Inconvertible> inconvertible,
                       transaction.AlterTable(plan.alteration, cancellation));
  if (!inconvertible.empty() && !statement.request.options.allow_unsafe) {
    const plan::Inconvertible& values = inconvertible.front();
    const auto index = static_cast<std::size_t>(values.column);
    const plan::ColumnDef& column = plan.alteration.after->columns[index];
    return statement.At(
        errors::Inconvertible(column.name, column.type.kind, values.count, values.first),
        plan.ranges[index]);
  }
  for (const plan::TableDef& table : plan.others) {
    TQL_RETURN_IF_ERROR(transaction.PutTable(table));
  }
  return CommitDefinitions(statement, transaction, plan.last_id, [&](CatalogState& state) {
    state.ReplaceTables(plan.others);
    state.ReplaceTables({*plan.alteration.after});
  });
}

Status Alter(const StatementContext& statement, TransactionPtr& transaction,
             const CatalogState& catalog, const dialect::AlterTable& node,
             const storage::Cancellation& cancellation) {
  StatementWriter& writer = statement.writer;
  TQL_ASSIGN_OR_RETURN(AlterPlan plan,
                       PlanAlter(catalog, statement.request, statement.guids, node));
  TQL_ASSIGN_OR_RETURN(const bool go_on, MayBreak(statement, plan.broken, transaction));
  if (!go_on) return Status();
  std::optional<RowProgress> progress;
  const plan::TableDef& before = *plan.alteration.before;
  const bool reshards = Reshards(plan.alteration);
  if (reshards || Rewrites(plan.alteration)) {
    TQL_ASSIGN_OR_RETURN(
        const std::int64_t rows,
        transaction->Count(plan::QueryOf(plan.alteration.before, {0}), cancellation));
    if (reshards) {
      TQL_ASSIGN_OR_RETURN(const std::optional<bool> offline,
                           AskOffline(statement, before, rows, transaction));
      if (!offline) return Status();
      if (rows > 0) {
        progress.emplace(writer, errors::ReshardProgress(before, rows, *offline), rows);
      }
    } else if (rows >= kMinRowsWithProgress) {
      progress.emplace(writer, errors::AlterProgress(before, rows), rows);
    }
  }
  if (!progress) {
    TQL_RETURN_IF_ERROR(Store(statement, *transaction, plan, cancellation));
    return writer.Finish();
  }
  std::atomic<std::int64_t> row = 0;
  plan.alteration.on_rows = [&row](std::int64_t rows) { row = rows; };
  TQL_RETURN_IF_ERROR(
      RunWithProgress(*progress, row, cancellation, [&](const storage::Cancellation& of_work) {
        return Store(statement, *transaction, plan, of_work);
      }));
  transaction.reset();  // Before output, which a client that does not read delays.
  TQL_RETURN_IF_ERROR(progress->At(100));
  return writer.Finish();
}

}  // namespace

Status Execute(const StatementContext& statement, const dialect::AlterTable& node) {
  const storage::Cancellation& requested = statement.request.cancellation;
  const std::int64_t seconds = statement.request.options.progress_wrapper_timeout_sec;
  storage::Cancellation cancellation = requested;
  cancellation.deadline = std::min(cancellation.deadline, DeadlineIn(seconds));
  const Status status = statement.catalog.InTransaction(
      storage::Intent::kSchema, cancellation,
      [&](TransactionPtr& transaction, const CatalogState& catalog) {
        return Alter(statement, transaction, catalog, node, cancellation);
      });
  // Only the option's own deadline has this message, not that of the request.
  const bool timed_out = status.code() == StatusCode::kDeadlineExceeded &&
                         std::chrono::steady_clock::now() < requested.deadline;
  return timed_out ? errors::ProgressTimeout(seconds) : status;
}

}  // namespace tql::engine
