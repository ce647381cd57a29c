// A record of the journal as matches and readers see it.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_JOURNAL_ITEM_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_JOURNAL_ITEM_H_

#include <vector>

#include "mockserver/testdouble/facts.h"
#include "mockserver/testdouble/journal.h"
#include "mockserver/testdouble/messages.h"
#include "mockserver/testdouble/option_values.h"

namespace tql::testdouble {

/// A record with what is derived from its text, which is computed on demand and once. Belongs to
/// one thread.
class JournalItem {
 public:
  explicit JournalItem(RecordPtr record);
  JournalItem(const JournalItem&) = delete;
  JournalItem& operator=(const JournalItem&) = delete;

  const Record& record() const { return *record_; }
  const Facts& facts() const { return facts_; }
  mockpb::Entry ToEntry() const;

 private:
  const RecordPtr record_;
  std::vector<OptionValue> options_;
  Facts facts_;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_JOURNAL_ITEM_H_
