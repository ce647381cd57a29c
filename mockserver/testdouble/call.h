// One call of a client, as the parts of the test double share it: its namespace, its rules, its
// records.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_CALL_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_CALL_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/engine/environment.h"
#include "mockserver/service/service.h"
#include "mockserver/testdouble/double.h"
#include "mockserver/testdouble/facts.h"

namespace tql::testdouble {

/// A call without statements, or a statement: the rule that acts on it, and its record for the
/// journal.
struct DoubledStatement {
  using TimePoint = engine::Clock::TimePoint;

  std::size_t index = 0;
  std::shared_ptr<const Rule> rule = nullptr;  // null: none acts
  std::unique_ptr<Record> record = nullptr;    // null: nothing is recorded
  bool unmatched = false;                      // no rule matches, although the plan requires one
  /// The order of its rows, if it may be another one.
  std::optional<mockpb::Settings::Rows> reorder = std::nullopt;
  std::uint64_t seed = 0;
  /// Of strict mode: the reason why the statement fails instead of running; empty: it runs.
  std::string objection = {};
  /// Of strict mode: the default maximum of rows applies to its result.
  bool has_default_limit = false;
  bool fails_if_cut = false;
  /// The status that the call ends with; the answer of the statement is dropped.
  std::optional<Status> instead = std::nullopt;
  bool replaced = false;  // the call has the raw body of an `answer` instead of its own
  bool filtered = false;  // its outcome is known at the end of the whole answer
  TimePoint began;

  void Warn(std::string_view text);
  /// Adds a warning of strict mode.
  void Object(std::string_view text);
  void MarkFirstByte(TimePoint now);
  void SetDatabaseAfter(std::string_view database);
  void CountRow(std::span<const std::string_view> cells);
  void CountRows(std::size_t rows, std::size_t cell_bytes);
  void CountMessage(std::string_view text);
  void SetOutcome(mockpb::Outcome outcome, std::string_view error = {});
  /// The outcome of a call that ended with this status.
  void SetOutcome(const Status& status);
};

/// Belongs to one thread at a time.
class DoubledCall {
 public:
  /// Returns the keys of a request that its message does not have.
  using UnknownKeys = std::function<std::vector<std::string>()>;

  /// The context and the patterns outlive the call. `options` are those that the client set; null
  /// if it set none. Without patterns, statements whose results are kept are parsed.
  DoubledCall(std::shared_ptr<space::Namespace> space, service::CallContext& context,
              mockpb::Call kind, std::shared_ptr<const pb::TqlOptions> options = nullptr,
              Patterns* patterns = nullptr);

  service::CallContext& context() const { return context_; }
  /// That of the namespace.
  const engine::Clock& clock() const { return space_->clock(); }
  /// Of strict mode: whether the default maximum of rows cut the result of the statement that runs.
  bool was_cut() const { return context_.was_cut && *context_.was_cut; }
  void ResetWasCut() const {
    if (context_.was_cut) *context_.was_cut = false;
  }
  /// The text of NULL in answers, as the client requested it.
  const std::string& null_string() const;

  /// In strict mode, adds warnings about the call itself, about its options and about these keys of
  /// its request to its first statement. INVALID_ARGUMENT if the call fails for them.
  Status CheckRequest(const UnknownKeys& unknown_keys);
  /// Does the same for a call without statements.
  Status CheckCall(DoubledStatement& taken) const;
  /// Takes the rule for the call itself, or for a statement of it.
  DoubledStatement Take() const { return TakeRule(nullptr); }
  DoubledStatement Take(const service::ResponseSink::PendingStatement& pending) const;
  /// The statement of a call that was refused before a rule was taken.
  DoubledStatement Refused(std::string_view text) const;
  /// Completes the record and adds it to the journal.
  void Add(DoubledStatement& statement) const;

  /// The same call with another context, which must outlive it.
  DoubledCall With(service::CallContext& context) const { return {space_, context, kind_}; }

  /// Returns true when a stall of the rule must end: the plan no longer has the rule, or the
  /// namespace or the server ends.
  std::function<bool()> Released(std::shared_ptr<const Rule> rule) const;
  /// Waits until the time is over or a stall of the rule would end. Returns false if the client
  /// disconnected.
  bool Wait(const std::shared_ptr<const Rule>& rule, std::chrono::nanoseconds time) const;

 private:
  using Pending = service::ResponseSink::PendingStatement;

  /// Takes the rule for a statement; null: for the call itself.
  DoubledStatement TakeRule(const Pending* pending) const;
  Facts FactsOf(const Pending* pending) const;
  /// What the record of a text that is cut keeps of the statement.
  std::shared_ptr<const StatementFacts> CutFacts(const Pending& pending) const;
  /// Of strict mode, to a call that is not known as well as the plan requires.
  std::vector<std::string> ObjectionsToTarget() const;
  void Object(const Pending& pending, DoubledStatement& taken) const;
  /// The options as a Match has them; computed once.
  std::span<const OptionValue> Options() const;
  std::unique_ptr<Record> NewRecord() const;

  const std::shared_ptr<space::Namespace> space_;
  const std::shared_ptr<Double> double_;
  service::CallContext& context_;
  const mockpb::Call kind_;
  const std::shared_ptr<const pb::TqlOptions> options_;
  Patterns* const patterns_;
  mutable std::optional<std::vector<OptionValue>> option_values_;
  std::vector<std::string> objections_;  // to the request
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_CALL_H_
