// The test double of a namespace: its plan and its journal.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_DOUBLE_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_DOUBLE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "mockserver/space/namespaces.h"
#include "mockserver/testdouble/journal.h"
#include "mockserver/testdouble/plan.h"

namespace tql::testdouble {

/// Thread safety: every method may be called from any thread.
class Double : public space::Attachment {
 public:
  /// `budget` outlives the double and its forks.
  Double(const Journal::Limits& limits, JournalBudget& budget,
         std::unique_ptr<Plan> plan = std::make_unique<Plan>())
      : budget_(budget), plan_(std::move(plan)), journal_(limits, budget) {}

  /// The double of a fork: the rules with fresh counters, and an empty journal.
  std::shared_ptr<space::Attachment> Fork() const override;

  Plan& plan() { return *plan_; }
  const Plan& plan() const { return *plan_; }
  Journal& journal() { return journal_; }
  const Journal& journal() const { return journal_; }

  static std::shared_ptr<Double> Of(const space::Namespace& space) { return space.Find<Double>(); }

 private:
  JournalBudget& budget_;
  const std::unique_ptr<Plan> plan_;
  Journal journal_;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_DOUBLE_H_
