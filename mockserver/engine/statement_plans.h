// Compiled plans: SELECTs that differ in literals alone are parsed, bound and printed once.
#ifndef TQLKIT_MOCKSERVER_ENGINE_STATEMENT_PLANS_H_
#define TQLKIT_MOCKSERVER_ENGINE_STATEMENT_PLANS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/dialect/literal_scan.h"
#include "mockserver/engine/statement_options.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/plan/schema.h"
#include "mockserver/storage/storage.h"
#include "mockserver/values/datum.h"
#include "proto/base/mutex.h"

namespace tql::engine {

/// What a SELECT's binding yields for all statements of its shape.
struct CompiledSelect {
  std::shared_ptr<const std::vector<Column>> columns;
  std::vector<plan::Id> tables;  // that it reads
  std::int64_t schema_version = 0;
  std::unique_ptr<storage::CompiledQuery> query;
};

/// The compiled plan of a SELECT. It applies to statements that differ from it in the values of its
/// varying literals, with equal options, in an equal context, until a definition changes. The
/// values of all other literals, e.g. of those in the select list and in LIMIT, are part of it.
/// Immutable.
class StatementPlan {
 public:
  /// Null if a varying literal cannot be found in the text. Copies its arguments.
  static std::shared_ptr<const StatementPlan> Make(const dialect::ScannedText& scanned,
                                                   const dialect::Statement& statement,
                                                   const Context& context,
                                                   const StatementOptions& options,
                                                   CompiledSelect compiled);
  StatementPlan(const StatementPlan&) = delete;
  StatementPlan& operator=(const StatementPlan&) = delete;

  /// The values for the query's varying literals, or nullopt if the plan does not apply. Texts are
  /// views of the text, or of `owned`.
  std::optional<std::vector<values::Datum>> ValuesFor(const dialect::ScannedText& scanned,
                                                      const Context& context,
                                                      const StatementOptions& options,
                                                      std::list<std::string>& owned) const;

  const CompiledSelect& compiled() const { return compiled_; }
  /// The statement that was compiled, which has other literals than the one that runs.
  const dialect::Statement& statement() const { return statement_; }
  const dialect::ScannedText& scanned() const { return scanned_; }

 private:
  /// What becomes of a literal of the text.
  struct Use {
    bool varies = false;
    bool negative = false;  // a number with the sign before it
  };
  StatementPlan(const dialect::ScannedText& scanned, const dialect::Statement& statement,
                const Context& context, const StatementOptions& options, CompiledSelect compiled);
  bool FindLiterals();

  const std::string text_;
  dialect::ScannedText scanned_;  // of text_
  const dialect::Statement statement_;
  const std::string database_;
  const std::string schema_;
  const StatementOptions options_;
  const CompiledSelect compiled_;
  std::vector<Use> uses_;              // of each scanned literal
  std::vector<std::size_t> literals_;  // of each varying literal of the query
};

/// The plans of an engine, of which those that were used least recently are dropped. A plan is made
/// for the second statement of a shape. Thread-safe.
class StatementPlans {
 public:
  static constexpr std::size_t kMost = 128;
  static constexpr std::ptrdiff_t kMostOfAShape = 4;

  struct Found {
    std::shared_ptr<const StatementPlan> plan;
    std::vector<values::Datum> values = {};
    std::list<std::string> owned = {};  // texts of the values
  };
  /// Returns nullopt without a plan that applies. Drops the plans that were made for another
  /// version.
  std::optional<Found> Find(const dialect::ScannedText& scanned, const Context& context,
                            const StatementOptions& options, std::int64_t schema_version);
  /// Returns whether a statement of this shape has run before, lately, and remembers this one.
  /// False if the shape has kMostOfAShape plans, which differ in their other literals.
  bool IsWorthCompiling(const dialect::ScannedText& scanned);
  void Keep(std::shared_ptr<const StatementPlan> plan);
  void Drop(const std::shared_ptr<const StatementPlan>& plan);
  void Clear();

 private:
  using Plans = std::list<std::shared_ptr<const StatementPlan>>;

  base::Mutex mutex_;
  Plans plans_ TQL_GUARDED_BY(mutex_);  // the most recently used first
  std::array<std::uint64_t, 64> seen_ TQL_GUARDED_BY(mutex_) = {};
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_STATEMENT_PLANS_H_
