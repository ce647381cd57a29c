// ALTER TABLE: all its actions are one transaction.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <stop_token>

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

/// Tells a client how far the rows are.
class RowProgress {
 public:
  RowProgress(StatementSink& sink, Progress stage, std::int64_t rows)
      : sink_(sink), stage_(std::move(stage)), rows_(rows) {}

  bool At(std::int64_t percentage) {
    stage_.percentage = static_cast<std::int32_t>(percentage);
    return sink_.OnProgress({&stage_, 1});
  }
  bool AtRow(std::int64_t row) { return At(std::clamp<std::int64_t>(row * 100 / rows_, 0, 99)); }

 private:
  StatementSink& sink_;
  Progress stage_;
  const std::int64_t rows_;  // in all; not 0
};

/// Runs `work` in a thread of its own while this one writes how far it is, some times a second. A
/// client that does not read holds up this thread alone, not the work, nor those who wait for the
/// end of its transaction. When the client has left, the work is cancelled.
Status RunWithProgress(RowProgress& progress, const std::atomic<std::int64_t>& row,
                       const storage::Cancellation& cancellation,
                       const std::function<Status(const storage::Cancellation&)>& work) {
  constexpr std::chrono::milliseconds kPause{200};
  std::stop_source stop;
  const std::stop_callback relay(cancellation.stop, [&stop] { stop.request_stop(); });
  storage::Cancellation of_work = cancellation;
  of_work.stop = stop.get_token();
  of_work.client_gone = nullptr;  // may look at the socket, to which this thread writes
  std::future<Status> done = std::async(std::launch::async, work, std::cref(of_work));
  bool open = progress.At(0);
  while (done.wait_for(kPause) != std::future_status::ready) {
    open = open && !(cancellation.client_gone && cancellation.client_gone()) && progress.AtRow(row);
    if (!open) stop.request_stop();
  }
  if (!open) stop.request_stop();
  return done.get();
}

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
StatusOr<std::optional<bool>> Executor::Offline(const plan::TableDef& table, std::int64_t rows,
                                                TransactionPtr& transaction) {
  const StatementOptions& options = request_.options;
  if (rows == 0 || !options.interactive || options.allow_unsafe) {
    return std::optional(options.offlining_during_resharding_default);
  }
  const Question question = OfflineReshardQuestion(request_.text, table.name, rows);
  const Reply reply = ReplyTo(question.id, options.answers);
  if (reply != Reply::kMissing) return std::optional(reply == Reply::kYes);
  transaction.reset();  // nobody waits for a client that does not read
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
  TQL_ASSIGN_OR_RETURN(TransactionPtr transaction, storage_.Begin(cancellation));
  AlterPlan plan;
  {
    const Catalog::Reader catalog = catalog_.Read();
    TQL_ASSIGN_OR_RETURN(plan, PlanAlter(*catalog, request_, guids_, node));
  }
  TQL_ASSIGN_OR_RETURN(const bool go_on, MayBreak(plan.broken, transaction));
  if (!go_on) return Status();
  std::optional<RowProgress> progress;
  const plan::TableDef& before = *plan.alteration.before;
  const bool reshards = Reshards(plan.alteration);
  if (reshards || Rewrites(plan.alteration)) {
    TQL_ASSIGN_OR_RETURN(const std::int64_t rows,
                         CountRows(storage_, plan.alteration.before, cancellation));
    if (reshards) {
      TQL_ASSIGN_OR_RETURN(const std::optional<bool> offline, Offline(before, rows, transaction));
      if (!offline) return Status();
      if (rows > 0) progress.emplace(sink_, errors::ReshardProgress(before, rows, *offline), rows);
    } else if (rows >= kManyRows) {
      progress.emplace(sink_, errors::AlterProgress(before, rows), rows);
    }
  }
  if (!progress) {
    TQL_RETURN_IF_ERROR(Store(*transaction, plan, cancellation));
    return Finish();
  }
  std::atomic<std::int64_t> row = 0;
  plan.alteration.on_rows = [&row](std::int64_t rows) { row = rows; };
  TQL_RETURN_IF_ERROR(RunWithProgress(
      *progress, row, cancellation,
      [&](const storage::Cancellation& of_work) { return Store(*transaction, plan, of_work); }));
  transaction.reset();
  if (!progress->At(100)) return errors::ClientGone();
  return Finish();
}

/// Alters the rows and the records, and commits.
Status Executor::Store(storage::Transaction& transaction, const AlterPlan& plan,
                       const storage::Cancellation& cancellation) {
  TQL_ASSIGN_OR_RETURN(const std::vector<plan::Inconvertible> inconvertible,
                       transaction.AlterTable(plan.alteration, cancellation));
  if (!inconvertible.empty() && !request_.options.allow_unsafe) {
    const plan::Inconvertible& values = inconvertible.front();
    const auto index = static_cast<std::size_t>(values.column);
    const plan::ColumnDef& column = plan.alteration.after->columns[index];
    return At(errors::Inconvertible(column.name, column.type.kind, values.count, values.first),
              plan.ranges[index]);
  }
  for (const plan::TableDef& table : plan.others) {
    TQL_RETURN_IF_ERROR(transaction.PutTable(table));
  }
  return Commit(transaction, plan.last_id, [&](CatalogState& state) {
    state.ReplaceTables(plan.others);
    state.ReplaceTables({*plan.alteration.after});
  });
}

}  // namespace tql::engine
