#include "mockserver/load/load_service.h"

#include <algorithm>
#include <utility>

#include "mockserver/engine/engine.h"
#include "mockserver/engine/load.h"
#include "mockserver/load/errors.h"
#include "mockserver/load/load_numbers.h"
#include "mockserver/load/parsed_rows.h"
#include "mockserver/service/thrown_status.h"
#include "proto/base/status_macros.h"

namespace tql::load {
namespace {

engine::TableName NameOf(const LoadParams& params) {
  return {params.database, params.schema, params.table};
}

}  // namespace

LoadService::LoadService(space::Namespaces& namespaces, std::filesystem::path spool_folder)
    : namespaces_(namespaces), spool_(std::move(spool_folder)), commits_(kCommitThreads) {}

LoadService::~LoadService() {
  {
    const base::MutexLock lock(mutex_);
    stopping_ = true;
    for (auto& [id, entry] : cycles_) entry.cycle->Cancel();
  }
  commits_.Finish();
}

void LoadService::Sweep() {
  std::erase_if(cycles_, [](const auto& item) {
    const std::shared_ptr<Cycle>& cycle = item.second.cycle;
    const auto space = item.second.space.lock();
    const bool is_replaced = !space || space->stop().stop_requested();
    if (!is_replaced && !cycle->IsIdle(kLongestIdle)) return false;
    cycle->Cancel();  // a client may still hold it
    return true;
  });
  struct Done {
    engine::MachineClock::time_point finished;
    std::uint64_t number;
    decltype(cycles_)::iterator place;
  };
  std::vector<Done> done;
  for (auto place = cycles_.begin(); place != cycles_.end(); ++place) {
    const Entry& entry = place->second;
    if (entry.cycle->stage() != Cycle::Stage::kDone) continue;
    done.push_back({entry.cycle->finished(), entry.number, place});
  }
  if (done.size() <= kMostDone) return;
  std::ranges::sort(done, {},
                    [](const Done& entry) { return std::pair(entry.finished, entry.number); });
  done.resize(done.size() - kMostDone);
  for (const Done& entry : done) cycles_.erase(entry.place);
}

StatusOr<std::shared_ptr<Cycle>> LoadService::Start(Owner owner, LoadParams params) {
  const auto space = namespaces_.Find(owner.space);
  if (!space) return errors::UnknownTable();
  const std::shared_ptr<space::Environment> environment = space->environment();
  const base::MutexLock lock(mutex_);
  Sweep();
  if (stopping_) return errors::ServerStopping();
  const auto open = static_cast<std::size_t>(std::ranges::count_if(
      cycles_, [](const auto& item) { return item.second.cycle->stage() != Cycle::Stage::kDone; }));
  if (open >= kMostOpen) return errors::TooManyCycles(kMostOpen);
  std::pair key(owner.space, space->Find<LoadNumbers>()->NewGuid(environment->identifiers));
  auto cycle = std::make_shared<Cycle>(
      key.second, std::move(owner), std::move(params), spool_,
      std::shared_ptr<const engine::Clock>(environment, &environment->clock), space->stop());
  Entry& entry = cycles_[std::move(key)];
  // Only a seed gives an id again, after the namespace was reset.
  if (entry.cycle) entry.cycle->Cancel();
  entry = {++last_number_, cycle, space};
  return cycle;
}

LoadService::Entry* LoadService::FindEntry(const Owner& owner, std::string_view id) {
  Sweep();
  const auto found = cycles_.find(std::pair(owner.space, std::string(id)));
  if (found == cycles_.end() || found->second.cycle->owner() != owner) return nullptr;
  return &found->second;
}

std::shared_ptr<Cycle> LoadService::Find(const Owner& owner, std::string_view id) {
  const base::MutexLock lock(mutex_);
  const Entry* const entry = FindEntry(owner, id);
  return entry != nullptr ? entry->cycle : nullptr;
}

std::vector<std::shared_ptr<Cycle>> LoadService::CyclesOf(std::string_view space) {
  const base::MutexLock lock(mutex_);
  Sweep();
  std::vector<const Entry*> entries;
  for (const auto& [id, entry] : cycles_) {
    if (entry.cycle->owner().space == space) entries.push_back(&entry);
  }
  std::ranges::sort(entries, {}, &Entry::number);
  std::vector<std::shared_ptr<Cycle>> cycles;
  for (const Entry* entry : entries) cycles.push_back(entry->cycle);
  return cycles;
}

StatusOr<std::unique_ptr<UploadWriter>> LoadService::BeginUpload(const Owner& owner,
                                                                 std::string_view id,
                                                                 std::optional<std::uint64_t> chunk,
                                                                 bool gzip) {
  std::shared_ptr<Cycle> cycle = Find(owner, id);
  if (!cycle) return errors::UnknownCycle(id);
  const auto space = namespaces_.Find(owner.space);
  if (!space || !space->engine().FindTable(NameOf(cycle->params())).ok()) {
    return errors::UnknownTable();
  }
  TQL_RETURN_IF_ERROR(cycle->BeginUpload());
  return std::make_unique<UploadWriter>(std::move(cycle), spool_, chunk, gzip);
}

Status LoadService::Commit(const Owner& owner, std::string_view id,
                           std::optional<std::uint64_t> chunks) {
  const base::MutexLock lock(mutex_);
  const Entry* const entry = FindEntry(owner, id);
  auto space = entry != nullptr ? entry->space.lock() : nullptr;
  if (!space) return errors::CannotCommitUnknown(id);
  const std::shared_ptr<Cycle> cycle = entry->cycle;
  TQL_RETURN_IF_ERROR(cycle->BeginCommit(chunks));
  if (stopping_) {
    cycle->Finish(errors::ServerStopping());
  } else {
    commits_.Submit(
        [this, cycle, space = std::move(space)] { cycle->Finish(Run(*cycle, *space)); });
  }
  return Status();
}

Status LoadService::Run(Cycle& cycle, space::Namespace& space) {
  try {
    Status status = Load(cycle, space);
    const bool stopped = cycle.stop().stop_requested() || space.stop().stop_requested();
    return stopped && status.code() == StatusCode::kCancelled ? errors::Cancelled() : status;
  } catch (...) {
    return service::ThrownStatus();
  }
}

Status LoadService::Load(Cycle& cycle, space::Namespace& space) {
  const storage::Cancellation cancellation{
      .stop = cycle.stop(), .client_gone = [stop = space.stop()] { return stop.stop_requested(); }};
  const auto rows_of = [&](const plan::TablePtr& table) -> storage::NextRows {
    cycle.ResetRows();
    const auto parsed = std::make_shared<ParsedRows>(
        std::make_unique<RowReader>(
            cycle.Texts(), *table, cycle.params(),
            [&cycle](const BadRecord& record) { return cycle.AddBadRecord(record); }),
        [&cycle](const RowBatch& batch) { cycle.AddStored(batch); });
    return [parsed](plan::LiteralRows* rows) { return parsed->Next(rows); };
  };
  const engine::TableName name = NameOf(cycle.params());
  if (!space.engine().FindTable(name).ok()) return errors::UnknownTable();
  if (!cycle.params().validate_only) {
    return space.engine()
        .Load({.table = name,
               .empty_table = cycle.params().empty_target,
               .cancellation = cancellation,
               .rows = rows_of})
        .status();
  }
  TQL_ASSIGN_OR_RETURN(const plan::TablePtr table, space.engine().FindTable(name));
  const storage::NextRows next = rows_of(table);
  for (plan::LiteralRows rows;;) {
    TQL_RETURN_IF_ERROR(cancellation.Check());
    TQL_ASSIGN_OR_RETURN(const bool more, next(&rows));
    if (!more) return Status();
  }
}

}  // namespace tql::load
