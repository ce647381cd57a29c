#include "mockserver/testdouble/report.h"

#include <algorithm>
#include <cstdint>

#include "mockserver/testdouble/journal_item.h"

namespace tql::testdouble {

mockpb::Report::Space ReportOf(std::string_view name, const Double& space) {
  mockpb::Report::Space report;
  report.set_name(std::string(name));
  bool ok = true;
  for (const Plan::Use& use : space.plan().Uses()) {
    mockpb::Report::RuleUse& rule = *report.add_rule();
    rule.set_id(use.rule->id());
    rule.set_seen(use.seen);
    rule.set_fired(use.fired);
    rule.set_required(std::max<std::uint64_t>(use.rule->times(), 1));
    rule.set_may_stay_unused(use.rule->may_stay_unused());
    rule.set_ok(use.used_up() || use.rule->may_stay_unused());
    ok = ok && rule.ok();
  }
  const Journal::Part journal = space.journal().After(0);
  for (const RecordPtr& record : journal.records) {
    ok = ok && !record->unmatched && record->warnings.empty();
    if (record->unmatched && report.unmatched_size() < kMostReported) {
      *report.add_unmatched() = JournalItem(record).ToEntry();
    }
    if (!record->warnings.empty() && report.warned_size() < kMostReported) {
      *report.add_warned() = JournalItem(record).ToEntry();
    }
  }
  report.set_dropped(journal.dropped);
  // As the empty verification: what was dropped may have been unexpected.
  report.set_ok(ok && report.dropped() == 0);
  return report;
}

}  // namespace tql::testdouble
