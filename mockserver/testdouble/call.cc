#include "mockserver/testdouble/call.h"

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

#include "mockserver/testdouble/strict.h"
#include "proto/base/utf8.h"

namespace tql::testdouble {
namespace {

mockpb::Transport TransportOf(const service::CallContext& context) {
  switch (context.protocol) {
    case service::Protocol::kHttp:
      return context.tls ? mockpb::HTTPS : mockpb::HTTP;
    case service::Protocol::kGrpc:
      return mockpb::GRPC;
    case service::Protocol::kInProcess:
      break;
  }
  return mockpb::IN_PROCESS;
}

/// The part of a name, and of another text of a client, that a record keeps. Names in requests may
/// have megabytes, and a large record would drop all others.
std::string Kept(std::string_view text, std::size_t most = Record::kMostName) {
  return base::SanitizeUtf8(base::Utf8Prefix(text, most));
}

/// The status that a call with these objections ends with.
Status RefusalFor(const std::vector<std::string>& objections, const mockpb::Settings& settings) {
  if (objections.empty() || StrictOf(settings) != mockpb::Settings::ERROR) return Status();
  return InvalidArgumentError("strict: " + objections.front());
}

}  // namespace

void DoubledStatement::Warn(std::string_view text) {
  if (!record) return;
  record->warnings.push_back(rule ? "rule " + rule->id() + ": " + std::string(text)
                                  : std::string(text));
}

void DoubledStatement::Object(std::string_view text) {
  if (record) record->warnings.push_back("strict: " + std::string(text));
}

void DoubledStatement::MarkFirstByte(TimePoint now) {
  if (record) record->first_byte = now - began;
}

void DoubledStatement::SetDatabaseAfter(std::string_view database) {
  if (record) record->database_after = Kept(database);
}

void DoubledStatement::CountRow(std::span<const std::string_view> cells) {
  if (!record) return;
  ++record->rows;
  for (const std::string_view cell : cells) record->bytes += cell.size();
}

void DoubledStatement::CountRows(std::size_t rows, std::size_t cell_bytes) {
  if (!record) return;
  record->rows += rows;
  record->bytes += cell_bytes;
}

void DoubledStatement::CountMessage(std::string_view text) {
  if (record) record->bytes += text.size();
}

void DoubledStatement::SetOutcome(mockpb::Outcome outcome, std::string_view error) {
  if (!record) return;
  record->outcome = outcome;
  record->error = Kept(error, Record::kMostText);
}

void DoubledStatement::SetOutcome(const Status& status) {
  const bool cancelled = status.code() == StatusCode::kCancelled;
  SetOutcome(status.ok() ? mockpb::OK
             : cancelled ? mockpb::CANCELLED
                         : mockpb::REFUSED,
             status.message());
}

DoubledCall::DoubledCall(std::shared_ptr<space::Namespace> space, service::CallContext& context,
                         mockpb::Call kind, std::shared_ptr<const pb::TqlOptions> options,
                         Patterns* patterns)
    : space_(std::move(space)),
      double_(Double::Of(*space_)),
      context_(context),
      kind_(kind),
      options_(std::move(options)),
      patterns_(patterns) {}

Facts DoubledCall::FactsOf(const Pending* pending) const {
  Facts facts;
  facts.call = kind_;
  facts.transport = TransportOf(context_);
  if (context_.session) facts.user = context_.session->user->name;
  facts.path = context_.target;
  facts.method = context_.method;
  facts.header = [this](std::string_view name) {
    return context_.header ? context_.header(name) : std::string_view();
  };
  facts.options = [this] { return Options(); };
  facts.abandoned = [this] {
    return space_->stop().stop_requested() || (context_.client_gone && context_.client_gone());
  };
  if (pending == nullptr) return facts;
  facts.text = pending->info.text;
  facts.statement = pending->statement;
  facts.pattern = pending->pattern;
  // Patterns are statements of TQL.
  const bool postgres = options_ && options_->adv_options().use_postgres_sql_parser();
  if (!postgres) facts.patterns = patterns_;
  facts.database = pending->context.database;
  facts.schema = pending->context.schema;
  facts.index = static_cast<std::uint32_t>(pending->info.index);
  return facts;
}

std::shared_ptr<const StatementFacts> DoubledCall::CutFacts(const Pending& pending) const {
  const Facts facts = FactsOf(&pending);
  auto kept = std::make_shared<StatementFacts>();
  kept->kind = facts.kind();
  for (const TableName& table : facts.tables()) {
    if (kept->tables.size() == Record::kMostTables) break;
    kept->tables.push_back({Kept(table.database), Kept(table.schema), Kept(table.table)});
  }
  return kept;
}

std::span<const OptionValue> DoubledCall::Options() const {
  if (!options_) return {};
  if (!option_values_) option_values_ = OptionsSet(*options_);
  return *option_values_;
}

const std::string& DoubledCall::null_string() const {
  const pb::TqlOptions& options = options_ ? *options_ : pb::TqlOptions::default_instance();
  return options.formatting_options().null_string();
}

std::unique_ptr<Record> DoubledCall::NewRecord() const {
  if (!double_->journal().enabled()) return nullptr;
  auto record = std::make_unique<Record>();
  record->time = clock().WallTime();
  record->call = kind_;
  record->transport = TransportOf(context_);
  record->path = Kept(context_.target);
  record->method = Kept(context_.method);
  record->request_id = Kept(context_.request_id);
  if (options_ && options_->ByteSizeLong() > Record::kMostOptions) {
    record->warnings.emplace_back("the options are too large for the journal");
  } else {
    record->options = options_;
  }
  return record;
}

DoubledStatement DoubledCall::TakeRule(const Pending* pending) const {
  DoubledStatement taken{.record = NewRecord(), .began = clock().Now()};
  // Most namespaces have no rules, and facts are costly to gather.
  if (double_->plan().has_rules()) taken.rule = double_->plan().Take(FactsOf(pending));
  if (taken.rule && taken.record) taken.record->rules.push_back(taken.rule->id());
  return taken;
}

DoubledStatement DoubledCall::Take(const Pending& pending) const {
  DoubledStatement taken = TakeRule(&pending);
  taken.index = pending.info.index;
  taken.unmatched = !taken.rule && double_->plan().requires_rules();
  if (double_->plan().reorders_rows() && FactsOf(&pending).has_unordered_rows()) {
    const auto settings = double_->plan().settings();
    taken.reorder = settings->unordered_rows();
    taken.seed = settings->seed();
  }
  if (Record* const record = taken.record.get()) {
    record->index = static_cast<std::uint32_t>(pending.info.index);
    record->text = base::Utf8Prefix(pending.info.text, Record::kMostText);
    if (record->text.size() < pending.info.text.size()) record->facts = CutFacts(pending);
    record->database = Kept(pending.context.database);
    record->schema = Kept(pending.context.schema);
    record->database_after = record->database;
    record->unmatched = taken.unmatched;
  }
  if (double_->plan().is_strict()) Object(pending, taken);
  return taken;
}

Status DoubledCall::CheckRequest(const UnknownKeys& unknown_keys) {
  if (!double_->plan().is_strict()) return Status();
  context_.was_cut = std::make_shared<bool>(false);
  const auto settings = double_->plan().settings();
  objections_ = ObjectionsToTarget();
  std::ranges::move(ObjectionsToKeys(unknown_keys()), std::back_inserter(objections_));
  std::ranges::move(ObjectionsTo(Options(), settings->evidence()), std::back_inserter(objections_));
  return RefusalFor(objections_, *settings);
}

Status DoubledCall::CheckCall(DoubledStatement& taken) const {
  if (!double_->plan().is_strict()) return Status();
  std::vector<std::string> objections = ObjectionsToTarget();
  if (context_.unknown_keys) {
    std::ranges::move(ObjectionsToKeys(context_.unknown_keys()), std::back_inserter(objections));
  }
  if (context_.parameters) {
    const auto required = double_->plan().settings()->evidence();
    std::ranges::move(ObjectionsTo(context_.parameters(), required),
                      std::back_inserter(objections));
  }
  for (const std::string& objection : objections) taken.Object(objection);
  return RefusalFor(objections, *double_->plan().settings());
}

std::vector<std::string> DoubledCall::ObjectionsToTarget() const {
  if (!context_.evidence) return {};
  const std::string call = std::string(context_.method) + " " + std::string(context_.target);
  return ObjectionsToCall(call, *context_.evidence, double_->plan().settings()->evidence());
}

void DoubledCall::Object(const Pending& pending, DoubledStatement& taken) const {
  const auto settings = double_->plan().settings();
  const bool fails = StrictOf(*settings) == mockpb::Settings::ERROR;
  if (pending.info.index == 0) {
    for (const std::string& objection : objections_) taken.Object(objection);
  }
  const Facts facts = FactsOf(&pending);
  const dialect::Statement* const statement = facts.Parsed();
  if (statement == nullptr) return;
  for (const std::string& objection : ObjectionsTo(*statement, settings->evidence())) {
    taken.Object(objection);
    if (fails && taken.objection.empty()) taken.objection = objection;
  }
  taken.has_default_limit = HasDefaultLimit(*statement, options_.get());
  taken.fails_if_cut = fails;
}

DoubledStatement DoubledCall::Refused(std::string_view text) const {
  DoubledStatement refused{.record = NewRecord(), .began = clock().Now()};
  if (refused.record) {
    refused.record->text = Kept(text, Record::kMostText);
  }
  return refused;
}

void DoubledCall::Add(DoubledStatement& statement) const {
  if (!statement.record) return;
  Record& record = *statement.record;
  if (context_.session) {
    record.user = context_.session->user->name;
    record.session = context_.session->number;
  }
  // A test may have set the clock back meanwhile.
  record.first_byte = std::max(record.first_byte, record.first_byte.zero());
  record.duration = std::max(clock().Now() - statement.began, record.duration.zero());
  double_->journal().Add(std::move(statement.record));
}

std::function<bool()> DoubledCall::Released(std::shared_ptr<const Rule> rule) const {
  // The rule is looked up after each change of the plan.
  return [space = space_, state = double_, rule = std::move(rule),
          checked = std::optional<std::uint64_t>()]() mutable {
    if (space->stop().stop_requested()) return true;
    const std::uint64_t version = state->plan().version();
    if (checked == version) return false;
    checked = version;
    return !state->plan().Has(*rule);
  };
}

bool DoubledCall::Wait(const std::shared_ptr<const Rule>& rule,
                       std::chrono::nanoseconds time) const {
  const auto until = std::chrono::steady_clock::now() + time;
  const auto released = Released(rule);
  bool gone = false;
  const auto wait = [&] {
    constexpr std::chrono::nanoseconds kStep = std::chrono::milliseconds(5);
    while (!gone && !released()) {
      const auto left = until - std::chrono::steady_clock::now();
      if (left <= left.zero()) return;
      std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kStep));
      gone = context_.client_gone && context_.client_gone();
    }
  };
  if (context_.run_waiting) {
    context_.run_waiting(wait);
  } else {
    wait();
  }
  return !gone;
}

}  // namespace tql::testdouble
