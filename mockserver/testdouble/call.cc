#include "mockserver/testdouble/call.h"

#include <thread>
#include <utility>

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

/// Whether the statement is a SELECT without ORDER BY.
bool HasUnorderedRows(const dialect::Statement* statement) {
  const auto* const select = statement == nullptr ? nullptr : statement->as<dialect::Select>();
  return select != nullptr && select->query.order_by.empty();
}

}  // namespace

void DoubledStatement::Warn(std::string_view text) {
  if (!record) return;
  record->warnings.push_back(rule ? "rule " + rule->id() + ": " + std::string(text)
                                  : std::string(text));
}

void DoubledStatement::MarkFirstByte(TimePoint now) {
  if (record) record->first_byte = now - began;
}

void DoubledStatement::SetDatabaseAfter(std::string_view database) {
  if (record) record->database_after = database;
}

void DoubledStatement::CountRow(std::span<const std::string_view> cells) {
  if (!record) return;
  ++record->rows;
  for (const std::string_view cell : cells) record->bytes += cell.size();
}

void DoubledStatement::CountMessage(std::string_view text) {
  if (record) record->bytes += text.size();
}

void DoubledStatement::SetOutcome(mockpb::Outcome outcome, std::string_view error) {
  if (!record) return;
  record->outcome = outcome;
  record->error = base::SanitizeUtf8(error);
}

void DoubledStatement::SetOutcome(const Status& status) {
  const bool cancelled = status.code() == StatusCode::kCancelled;
  SetOutcome(status.ok() ? mockpb::OK
             : cancelled ? mockpb::CANCELLED
                         : mockpb::REFUSED,
             status.message());
}

DoubledCall::DoubledCall(std::shared_ptr<space::Namespace> space, service::CallContext& context,
                         const engine::Clock& clock, mockpb::Call kind,
                         std::shared_ptr<const pb::TqlOptions> options)
    : space_(std::move(space)),
      double_(Double::Of(*space_)),
      context_(context),
      clock_(clock),
      kind_(kind),
      options_(std::move(options)) {}

Facts DoubledCall::FactsOf(const Pending* pending) const {
  Facts facts;
  facts.call = kind_;
  facts.transport = TransportOf(context_);
  if (context_.session) facts.user = context_.session->user->name;
  facts.header = context_.header;
  facts.options = Options();
  if (pending == nullptr) return facts;
  facts.text = pending->info.text;
  facts.statement = pending->statement;
  facts.database = pending->context.database;
  facts.schema = pending->context.schema;
  facts.index = static_cast<std::uint32_t>(pending->info.index);
  return facts;
}

std::span<const OptionValue> DoubledCall::Options() const {
  if (!options_) return {};
  if (!option_values_) option_values_ = OptionsSet(*options_);
  return *option_values_;
}

std::unique_ptr<Record> DoubledCall::NewRecord() const {
  if (!double_->journal().enabled()) return nullptr;
  auto record = std::make_unique<Record>();
  record->time = clock_.WallTime();
  record->call = kind_;
  record->transport = TransportOf(context_);
  record->request_id = base::SanitizeUtf8(context_.request_id);
  record->options = options_;
  return record;
}

DoubledStatement DoubledCall::TakeRule(const Pending* pending) const {
  DoubledStatement taken{.record = NewRecord(), .began = clock_.Now()};
  // Most namespaces have no rules, and facts are costly to gather.
  if (double_->plan().has_rules()) taken.rule = double_->plan().Take(FactsOf(pending));
  if (taken.rule && taken.record) taken.record->rules.push_back(taken.rule->id());
  return taken;
}

DoubledStatement DoubledCall::Take(const Pending& pending) const {
  DoubledStatement taken = TakeRule(&pending);
  taken.index = pending.info.index;
  taken.unmatched = !taken.rule && double_->plan().requires_rules();
  if (double_->plan().reorders_rows() && HasUnorderedRows(pending.statement)) {
    const auto settings = double_->plan().settings();
    taken.reorder = settings->unordered_rows();
    taken.seed = settings->seed();
  }
  if (Record* const record = taken.record.get()) {
    record->index = static_cast<std::uint32_t>(pending.info.index);
    record->text = base::Utf8Prefix(pending.info.text, Record::kMostText);
    record->database = pending.context.database;
    record->schema = pending.context.schema;
    record->database_after = pending.context.database;
    record->unmatched = taken.unmatched;
  }
  return taken;
}

DoubledStatement DoubledCall::Refused(std::string_view text) const {
  DoubledStatement refused{.record = NewRecord(), .began = clock_.Now()};
  if (refused.record) {
    refused.record->text = base::SanitizeUtf8(base::Utf8Prefix(text, Record::kMostText));
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
  record.duration = clock_.Now() - statement.began;
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
