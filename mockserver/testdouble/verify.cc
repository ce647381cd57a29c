#include "mockserver/testdouble/verify.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/testdouble/checks.h"
#include "mockserver/testdouble/journal_item.h"
#include "mockserver/testdouble/match.h"
#include "proto/base/status_macros.h"
#include "proto/base/utf8.h"

namespace tql::testdouble {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

constexpr std::size_t kMostNearMisses = 3;
/// Failed expectations for which near misses are searched.
constexpr int kMostExplained = 20;
/// Numbers of entries in a failure.
constexpr std::size_t kMostNumbers = 100;
/// The longest time of one look at the journal: a thousand expensive expressions on ten thousand
/// texts take hours.
constexpr std::chrono::seconds kLongestLook{10};
/// Records that are compared for near misses: the newest.
constexpr std::size_t kMostCompared = 500;
constexpr std::size_t kMostShownText = 200;
constexpr int kMostExpectations = 1000;

bool TouchesTables(const JournalItem& item) {
  return item.facts().is_statement() && !item.facts().tables().empty();
}

/// A call or a statement as an explanation names it.
std::string Described(const JournalItem& item) {
  const Record& record = item.record();
  std::string line = "#" + std::to_string(record.seq) + "  ";
  line += record.text.empty() ? mockpb::Call_Name(record.call) + " " + record.path
                              : base::Excerpt(record.text, kMostShownText);
  return line;
}

struct Expected {
  Matcher matcher;
  std::string text;  // as an explanation names it
  std::uint32_t least = 1;
  std::optional<std::uint32_t> most = std::nullopt;

  std::string Count() const {
    if (most && *most == least) return std::to_string(least);
    if (most && least == 0) return "at most " + std::to_string(*most);
    if (most) return std::to_string(least) + " to " + std::to_string(*most);
    return "at least " + std::to_string(least);
  }
};

/// "INSERT like  insert into sale values (?, ?)".
std::string Described(const mockpb::Match& match) {
  std::string text;
  const auto add = [&](std::string_view part) {
    if (!part.empty()) text.append(text.empty() ? "" : " ").append(part);
  };
  for (const int call : match.call()) add(mockpb::Call_Name(static_cast<mockpb::Call>(call)));
  for (const std::string& path : match.path()) add("to " + path);
  for (const std::string& kind : match.kind()) add(kind.empty() ? "text without a kind" : kind);
  for (const std::string& table : match.table()) add("of " + table);
  if (match.has_like()) add("like  " + base::Excerpt(match.like(), kMostShownText));
  if (match.has_exact()) add("exactly  " + base::Excerpt(match.exact(), kMostShownText));
  if (match.has_regex()) add("with  " + base::Excerpt(match.regex(), kMostShownText));
  for (const int outcome : match.outcome()) {
    add("that ended as " + mockpb::Outcome_Name(static_cast<mockpb::Outcome>(outcome)));
  }
  return text.empty() ? "call" : text;
}

StatusOr<std::vector<Expected>> Compile(const mockpb::VerifyRequest& request) {
  if (request.expect_size() > kMostExpectations) {
    return ErrorAt("expect", "found " + std::to_string(request.expect_size()) +
                                 " expectations, expected at most " +
                                 std::to_string(kMostExpectations));
  }
  std::vector<Expected> expected;
  RegexBudget regexes;
  for (int i = 0; i < request.expect_size(); ++i) {
    const mockpb::VerifyRequest::Expectation& from = request.expect(i);
    const std::string path = "expect[" + std::to_string(i) + "]";
    StatusOr<Matcher> matcher =
        Matcher::Compile(from.match(), path + ".match", Matcher::Use::kJournal, regexes);
    if (!matcher.ok()) return matcher.status();
    if (from.has_exactly() && (from.has_at_least() || from.has_at_most())) {
      return InvalidArgumentError(path + ": exactly cannot be combined with at_least or at_most");
    }
    Expected one{.matcher = *std::move(matcher), .text = Described(from.match())};
    if (from.has_exactly()) {
      one.least = from.exactly();
      one.most = from.exactly();
    } else if (from.has_at_least() || from.has_at_most()) {
      one.least = from.at_least();
      if (from.has_at_most()) one.most = from.at_most();
    }
    if (one.most && *one.most < one.least) {
      return InvalidArgumentError(path + ": at_most is less than at_least");
    }
    expected.push_back(std::move(one));
  }
  return expected;
}

/// Waits for a record that is newer than `last`. Returns whether there is one.
bool WaitForRecord(const Journal& journal, std::uint64_t last, TimePoint deadline,
                   const storage::Cancellation& cancellation) {
  constexpr std::chrono::milliseconds kPause{100};  // between looks at the client
  while (cancellation.Check().ok()) {
    const TimePoint until = std::min(deadline, std::chrono::steady_clock::now() + kPause);
    if (journal.WaitFor(last, until, cancellation.stop)) return true;
    if (until == deadline) break;
  }
  return false;
}

/// One look at the journal.
class Verification {
 public:
  /// With `explain`, a failure has near misses, which are expensive to find.
  Verification(const mockpb::VerifyRequest& request, const std::vector<Expected>& expected,
               const Double& space, const storage::Cancellation& cancellation, bool explain)
      : request_(request),
        expected_(expected),
        space_(space),
        limit_(cancellation),
        explain_(explain) {
    limit_.deadline = std::min(limit_.deadline, std::chrono::steady_clock::now() + kLongestLook);
    Journal::Part part = space.journal().After(request.after());
    response_.set_dropped(part.dropped);
    last_ = part.last;
    for (RecordPtr& record : part.records) items_.emplace_back(std::move(record));
    used_.resize(items_.size());
  }

  std::uint64_t last() const { return last_; }

  /// CANCELLED after a stop or when the client has left, RESOURCE_EXHAUSTED after kLongestLook.
  StatusOr<mockpb::VerifyResponse> Run() {
    if (response_.dropped() > 0) {
      Explain("the journal has dropped " + std::to_string(response_.dropped()) +
              " entries of this range");
    }
    if (expected_.empty()) {
      CheckPlan();
    } else {
      for (std::size_t i = 0; i < expected_.size(); ++i) CheckCount(i);
      if (request_.in_order()) CheckOrder();
    }
    if (request_.nothing_else()) CheckNothingElse();
    if (interruption_.code() == StatusCode::kDeadlineExceeded) {
      return ResourceExhaustedError("the verification takes longer than " +
                                    std::to_string(kLongestLook.count()) +
                                    " s: use fewer or simpler expectations, or `after`");
    }
    if (!interruption_.ok()) return interruption_;
    response_.set_ok(ok_);
    return std::move(response_);
  }

 private:
  bool Interrupted() {
    if (interruption_.ok()) interruption_ = limit_.Check();
    return !interruption_.ok();
  }
  static bool Matches(const Expected& expected, const JournalItem& item) {
    return expected.matcher.may_match().Includes(item.facts()) &&
           expected.matcher.Matches(item.facts());
  }

  void Explain(std::string_view line) {
    ok_ = false;
    response_.mutable_explanation()->append(line).append("\n");
  }

  /// The empty verification: the plan is used up, and nothing was unexpected.
  void CheckPlan() {
    for (const Plan::Use& use : space_.plan().Uses()) {
      if (use.used_up() || use.rule->may_stay_unused()) continue;
      const std::uint64_t needed = std::max<std::uint64_t>(use.rule->times(), 1);
      Explain("rule " + use.rule->id() + " acted " + std::to_string(use.fired) + " of " +
              std::to_string(needed) + " times");
    }
    for (const JournalItem& item : items_) {
      if (item.record().unmatched) Explain(Described(item) + "    no rule matched");
      for (const std::string& warning : item.record().warnings) {
        Explain(Described(item) + "    warning: " + warning);
      }
    }
  }

  void CheckCount(std::size_t index) {
    const Expected& expected = expected_[index];
    std::vector<std::uint64_t> found;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (Interrupted()) return;
      if (!Matches(expected, items_[i])) continue;
      used_[i] = true;
      found.push_back(items_[i].record().seq);
    }
    if (found.size() >= expected.least && (!expected.most || found.size() <= *expected.most)) {
      return;
    }
    mockpb::VerifyResponse::Failure& failure = *response_.add_failure();
    failure.set_expectation(static_cast<std::uint32_t>(index));
    failure.set_found(static_cast<std::uint32_t>(found.size()));
    const std::size_t numbers = std::min(found.size(), kMostNumbers);
    failure.mutable_seq()->Assign(found.begin(),
                                  found.begin() + static_cast<std::ptrdiff_t>(numbers));
    std::string line = "expected " + expected.Count() + " " + expected.text + "   found " +
                       std::to_string(found.size());
    if (found.size() >= expected.least || !explain_ || response_.failure_size() > kMostExplained) {
      return Explain(line);
    }
    const std::vector<Near> near = NearMisses(expected);
    Explain(line + (near.empty() ? "" : "; nearest:"));
    for (const Near& miss : near) {
      mockpb::VerifyResponse::NearMiss& out = *failure.add_near();
      out.set_seq(miss.item->record().seq);
      out.mutable_difference()->Assign(miss.difference.parts.begin(), miss.difference.parts.end());
      std::string differences;
      for (const std::string& difference : miss.difference.parts) {
        differences += (differences.empty() ? "    " : "; ") + difference;
      }
      Explain(Described(*miss.item) + differences);
    }
  }

  struct Near {
    const JournalItem* item = nullptr;
    Matcher::Difference difference = {};
  };
  std::vector<Near> NearMisses(const Expected& expected) {
    std::vector<Near> near;
    const std::size_t first = items_.size() > kMostCompared ? items_.size() - kMostCompared : 0;
    for (std::size_t i = first; i < items_.size() && !Interrupted(); ++i) {
      if (Matches(expected, items_[i])) continue;
      near.push_back({&items_[i], expected.matcher.Differences(items_[i].facts())});
    }
    std::ranges::stable_sort(near, {}, [](const Near& miss) { return miss.difference.distance; });
    if (near.size() > kMostNearMisses) near.resize(kMostNearMisses);
    return near;
  }

  /// Each expectation must have a match behind that of the one before it.
  void CheckOrder() {
    std::size_t from = 0;
    for (std::size_t index = 0; index < expected_.size(); ++index) {
      const Expected& expected = expected_[index];
      if (expected.least == 0) continue;
      std::size_t left = expected.least;
      std::size_t at = from;
      for (; at < items_.size() && left > 0; ++at) {
        if (Interrupted()) return;
        if (Matches(expected, items_[at])) --left;
      }
      if (left > 0) {
        mockpb::VerifyResponse::Failure& failure = *response_.add_failure();
        failure.set_expectation(static_cast<std::uint32_t>(index));
        Explain("expectation " + std::to_string(index) + " (" + expected.text +
                ") did not come after " +
                (from == 0 ? std::string("the beginning") : Described(items_[from - 1])));
        return;
      }
      from = at;
    }
  }

  void CheckNothingElse() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!used_[i] && TouchesTables(items_[i])) Explain("not expected: " + Described(items_[i]));
    }
  }

  const mockpb::VerifyRequest& request_;
  const std::vector<Expected>& expected_;
  const Double& space_;
  storage::Cancellation limit_;
  const bool explain_;
  Status interruption_;
  std::deque<JournalItem> items_;
  std::vector<bool> used_;
  std::uint64_t last_ = 0;
  bool ok_ = true;
  mockpb::VerifyResponse response_;
};

}  // namespace

StatusOr<mockpb::VerifyResponse> Verify(const mockpb::VerifyRequest& request, const Double& space,
                                        const storage::Cancellation& cancellation) {
  const StatusOr<std::vector<Expected>> expected = Compile(request);
  if (!expected.ok()) return expected.status();
  if (!space.journal().enabled() && (!expected->empty() || request.nothing_else())) {
    return FailedPreconditionError("the journal is off");
  }
  const auto within = CheckDuration(request.within(), "within");
  if (!within.ok()) return within.status();
  const TimePoint deadline = std::chrono::steady_clock::now() + *within;
  while (deadline > std::chrono::steady_clock::now()) {
    Verification look(request, *expected, space, cancellation, /*explain=*/false);
    const std::uint64_t last = look.last();
    TQL_ASSIGN_OR_RETURN(mockpb::VerifyResponse response, look.Run());
    if (response.ok()) return response;
    if (!WaitForRecord(space.journal(), last, deadline, cancellation)) break;
  }
  return Verification(request, *expected, space, cancellation, /*explain=*/true).Run();
}

StatusOr<mockpb::Journal> ReadJournal(const mockpb::JournalRequest& request, const Double& space,
                                      const storage::Cancellation& cancellation) {
  RegexBudget regexes;
  const StatusOr<Matcher> matcher =
      Matcher::Compile(request.match(), "match", Matcher::Use::kJournal, regexes);
  if (!matcher.ok()) return matcher.status();
  const auto wait = CheckDuration(request.wait(), "wait");
  if (!wait.ok()) return wait.status();
  const TimePoint deadline = std::chrono::steady_clock::now() + *wait;
  mockpb::Journal journal;
  for (std::uint64_t after = request.after();;) {
    const Journal::Part part = space.journal().After(after);
    journal.set_dropped(journal.dropped() + part.dropped);
    journal.set_last(part.last);
    for (const RecordPtr& record : part.records) {
      const JournalItem item(record);
      if (!matcher->Matches(item.facts())) continue;
      *journal.add_entry() = item.ToEntry();
      if (journal.entry_size() == static_cast<int>(request.limit())) return journal;
    }
    after = part.last;
    if (journal.entry_size() > 0 ||
        !WaitForRecord(space.journal(), after, deadline, cancellation)) {
      return journal;
    }
  }
}

}  // namespace tql::testdouble
