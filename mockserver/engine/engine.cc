#include "mockserver/engine/engine.h"

#include <atomic>
#include <set>
#include <utility>

#include "mockserver/engine/builtins.h"
#include "mockserver/engine/catalog.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/execute.h"
#include "mockserver/engine/results_cache.h"
#include "mockserver/engine/scan_threads.h"
#include "mockserver/engine/statement_context.h"
#include "mockserver/engine/statement_writer.h"
#include "mockserver/engine/table_activity.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

std::uint64_t NextNumber() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

/// Whether the text can be that of a SELECT, by its first character.
bool MayBeSelect(std::string_view text) {
  return !text.empty() && (text.front() == 's' || text.front() == 'S' || text.front() == '(');
}

/// The shape of a statement that may have a plan.
std::optional<dialect::ScannedText> ShapeOf(std::string_view text,
                                            const StatementOptions& options) {
  const bool plans = options.use_jit && !options.use_postgres_sql_parser &&
                     !options.query_row_count_only && MayBeSelect(text);
  return plans ? dialect::ScanLiterals(text) : std::nullopt;
}

}  // namespace

Engine::Engine(std::unique_ptr<storage::Storage> storage, GuidSource& guids,
               std::unique_ptr<Catalog> catalog, std::unique_ptr<TableActivity> activity,
               std::shared_ptr<ResultsCache> results, std::shared_ptr<ScanThreads> threads)
    : number_(NextNumber()),
      storage_(std::move(storage)),
      guids_(guids),
      catalog_(std::move(catalog)),
      activity_(std::move(activity)),
      results_(std::move(results)),
      threads_(std::move(threads)) {}

Engine::~Engine() = default;

StatusOr<std::unique_ptr<Engine>> Engine::Create(std::unique_ptr<storage::Storage> storage,
                                                 GuidSource& guids, const Clock& clock,
                                                 std::shared_ptr<ResultsCache> results,
                                                 std::shared_ptr<ScanThreads> threads) {
  TQL_ASSIGN_OR_RETURN(storage::CatalogRecords records, storage->Load());
  if (records.last_id == 0) {
    TQL_ASSIGN_OR_RETURN(records, CreateBuiltIns(*storage, guids));
  }
  auto catalog = std::make_unique<Catalog>(std::move(records), *storage);
  return std::unique_ptr<Engine>(new Engine(std::move(storage), guids, std::move(catalog),
                                            std::make_unique<TableActivity>(clock),
                                            std::move(results), std::move(threads)));
}

StatusOr<std::unique_ptr<Engine>> Engine::Fork(const storage::Cancellation& cancellation,
                                               GuidSource& guids, const Clock& clock) const {
  TQL_ASSIGN_OR_RETURN(storage::ForkedStorage fork, storage_->Fork(cancellation));
  const Catalog::Reader state = catalog_->Read();
  std::unique_ptr<Catalog> catalog;
  if (state->version() == fork.schema_version) {
    catalog = std::make_unique<Catalog>(state, *fork.storage);
  } else {  // The catalog has changed since the fork.
    TQL_ASSIGN_OR_RETURN(storage::CatalogRecords records, fork.storage->Load());
    catalog = std::make_unique<Catalog>(std::move(records), *fork.storage);
  }
  return std::unique_ptr<Engine>(new Engine(std::move(fork.storage), guids, std::move(catalog),
                                            std::make_unique<TableActivity>(*activity_, clock),
                                            results_, threads_));
}

Status Engine::Execute(const Request& request, StatementSink& sink) {
  const bool keeps = request.begun != nullptr && request.begun->ok() && (*request.begun)->basis;
  if (!keeps) return ExecuteNow(request, sink);
  ResultRecorder recorder(sink, *std::exchange((*request.begun)->basis, std::nullopt),
                          results_->most_bytes_of_a_result());
  const Status outcome = ExecuteNow(request, recorder);
  std::shared_ptr<const SelectResult> result = recorder.Take();
  if (outcome.ok() && result) {
    results_->Keep({number_, request.text, request.context, request.options}, std::move(result));
  }
  return outcome;
}

Status Engine::ExecuteNow(const Request& request, StatementSink& sink) {
  StatementWriter writer(*catalog_, request, sink);
  const StatementContext statement{*catalog_, *storage_, guids_,        *activity_,
                                   request,   writer,    threads_.get()};
  const Status reason = std::visit(
      [&](const auto& node) { return engine::Execute(statement, node); }, request.statement.node);
  // The reason may have only an offset in the statement; the outcome has its place in the script.
  Status outcome = errors::InScript(errors::Placed(reason, request.text), request.origin);
  writer.End(outcome);
  return outcome;
}

StatusOr<std::vector<Status>> Engine::InsertTogether(std::span<const Request> requests,
                                                     bool go_on) {
  TQL_ASSIGN_OR_RETURN(std::vector<Status> outcomes,
                       engine::InsertTogether(*catalog_, *activity_, requests, go_on));
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    outcomes[i] =
        errors::InScript(errors::Placed(outcomes[i], requests[i].text), requests[i].origin);
  }
  return outcomes;
}

void Engine::WriteOutcome(const Request& request, const Status& outcome, StatementSink& sink) {
  StatementWriter writer(*catalog_, request, sink);
  writer.End(outcome.ok() ? writer.Finish() : outcome);
}

std::optional<StatusOr<BegunSelect>> Engine::BeginSelect(const Request& request) {
  const auto* select = std::get_if<dialect::Select>(&request.statement.node);
  if (select == nullptr || MakesTable(*select)) return std::nullopt;
  const std::optional<dialect::ScannedText> scanned = ShapeOf(request.text, request.options);
  // A compiled plan would not have the additional row that tells that a result is cut.
  const bool compile = request.was_cut == nullptr && scanned && plans_.IsWorthCompiling(*scanned);
  StatusOr<BegunSelect> begun = engine::BeginSelect(
      *catalog_, *storage_, request, *select,
      {.basis = IsWorthKeeping(request), .compiled = compile, .threads = threads_.get()});
  if (begun.ok() && begun->compiled) {
    auto plan = StatementPlan::Make(*scanned, request.statement, request.context, request.options,
                                    std::move(*begun->compiled));
    if (plan) plans_.Keep(std::move(plan));
  }
  return begun;
}

std::optional<Engine::FoundPlan> Engine::FindPlan(const Question& question) {
  const std::optional<dialect::ScannedText> scanned = ShapeOf(question.text, question.options);
  if (!scanned) return std::nullopt;
  return plans_.Find(*scanned, question.context, question.options, catalog_->Read()->version());
}

StatusOr<BegunSelect> Engine::BeginPlanned(const Request& request, const FoundPlan& found) {
  StatusOr<BegunSelect> begun = BeginCompiled(*storage_, found.plan->compiled(), found.values,
                                              request.cancellation, IsWorthKeeping(request));
  if (threads_ && begun.ok() && begun->cursor->divisible()) {
    plans_.Drop(found.plan);  // so that several threads compute aggregates the next time
  }
  if (begun.ok() || begun.status().code() == StatusCode::kResourceExhausted) return begun;
  plans_.Drop(found.plan);
  return AbortedError(begun.status().message());
}

bool Engine::IsWorthKeeping(const Request& request) {
  return results_ && !request.options.skip_cache &&
         results_->AskedBefore({number_, request.text, request.context, request.options});
}

bool Engine::IsCurrent(const ResultBasis& basis) const {
  return catalog_->Read()->version() == basis.schema_version &&
         storage_->DataVersion(basis.tables) == basis.data_version;
}

std::shared_ptr<const SelectResult> Engine::FindResult(const Question& question) {
  if (!results_ || question.options.skip_cache || !MayBeSelect(question.text)) return nullptr;
  const ResultQuestion key{number_, question.text, question.context, question.options};
  std::shared_ptr<const SelectResult> result = results_->Find(key);
  if (!result || IsCurrent(result->basis())) return result;
  results_->Drop(key, result);
  return nullptr;
}

Status Engine::Repeat(const SelectResult& result, StatementSink& sink) {
  const bool accepted = result.WriteTo(sink);
  sink.End();
  return accepted ? Status() : errors::ClientGone();
}

Status Engine::Reject(const Status& parse_error, const Context& context, StatementSink& sink) {
  if (sink.Begin(CompleteContext(context, *catalog_))) {
    sink.Message(MessageType::kError, errors::ParseErrorText(parse_error));
  }
  sink.End();
  return parse_error;
}

void Engine::AnswerBlank(const Context& context, StatementSink& sink) {
  if (sink.Begin(CompleteContext(context, *catalog_))) {
    sink.Message(MessageType::kInfo, errors::SuccessText());
  }
  sink.End();
}

bool Engine::ReleaseIdle() {
  plans_.Clear();
  return storage_->ReleaseIdle();
}

std::int64_t Engine::SchemaVersion() const { return catalog_->Read()->version(); }

std::size_t Engine::TableCount() const {
  const Catalog::Reader catalog = catalog_->Read();
  std::size_t count = 0;
  for (const auto& [database_id, database] : catalog->databases()) {
    for (const auto& [schema_id, schema] : database.schemas) {
      for ([[maybe_unused]] const auto& table : schema.tables) ++count;
    }
  }
  return count;
}

std::vector<std::string> Engine::Names() const {
  std::set<std::string> names;
  {
    const Catalog::Reader catalog = catalog_->Read();
    for (const auto& [database_id, database] : catalog->databases()) {
      names.insert(database.def.name);
      for (const auto& [schema_id, schema] : database.schemas) {
        names.insert(schema.def.name);
        for (const auto& [id, table] : schema.tables) {
          names.insert(table->name);
          for (const plan::ColumnDef& column : table->columns) names.insert(column.name);
        }
      }
    }
  }
  std::vector<std::string> list;
  list.reserve(names.size());
  // Moves the names out of the set, because a large catalog has hundreds of thousands.
  while (!names.empty()) list.push_back(std::move(names.extract(names.begin()).value()));
  return list;
}

std::vector<Engine::TableEntry> Engine::Tables() const {
  std::vector<TableEntry> tables;
  const Catalog::Reader catalog = catalog_->Read();
  for (const auto& [database_id, database] : catalog->databases()) {
    for (const auto& [schema_id, schema] : database.schemas) {
      for (const auto& [id, table] : schema.tables) {
        tables.push_back({database.def.name, schema.def.name, table});
      }
    }
  }
  return tables;
}

}  // namespace tql::engine
