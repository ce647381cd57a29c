// The answers of another service, as a plan that repeats them.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_RECORDING_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_RECORDING_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mockserver/testdouble/messages.h"
#include "mockserver/testdouble/option_values.h"
#include "mockserver/upstream/answer_capture.h"
#include "mockserver/upstream/plan_text.h"
#include "proto/base/mutex.h"

namespace tql::upstream {

/// A plan with a rule for each recorded statement. Statements are the same if they have the same
/// call, text, current database and options that shape the answer. Different answers of one
/// statement become rules that act one after the other; the last answer is repeated without a
/// limit.
///
/// Thread safety: every method may be called from any thread.
class Recording {
 public:
  /// The largest answer that is recorded: larger ones become an answer with an error.
  static constexpr std::size_t kMostAnswerBytes = std::size_t{1} << 20;

  /// `origin` names the recorded service.
  explicit Recording(std::string origin) : origin_(std::move(origin)) {}

  struct Statement {
    mockpb::Call call = mockpb::QUERY;
    std::string text;
    std::string database;
    std::vector<testdouble::OptionValue> options;  // as the client set them
  };
  void Add(const Statement& statement, const AnswerCapture& answer);

  struct Counts {
    std::uint64_t statements = 0;  // recorded, repetitions included
    std::size_t rules = 0;
    std::uint64_t too_large = 0;  // recorded as an error, because the answer is too large
    std::uint64_t left_out = 0;   // not recorded, because the plan is full or cannot express them
  };
  Counts counts() const;
  /// The plan in YAML.
  std::string ToYaml() const;

 private:
  struct Run {
    std::string answer;
    std::uint64_t times = 1;
  };
  struct Recorded {
    std::size_t group = 0;       // that of the first statement with this call and text
    std::size_t conditions = 0;  // besides the call and the text
    std::string match;
    std::vector<Run> runs;
  };

  static std::string MatchOf(const Statement& statement, std::size_t* conditions);
  /// Counts what is added. Returns false if the plan would be too large.
  bool Reserve(std::size_t bytes, std::size_t nodes) TQL_REQUIRES(mutex_);

  const std::string origin_;
  mutable base::Mutex mutex_;
  std::vector<Recorded> recorded_ TQL_GUARDED_BY(mutex_);
  std::map<std::string, std::size_t> by_match_ TQL_GUARDED_BY(mutex_);  // in recorded_
  std::map<std::string, std::size_t> groups_ TQL_GUARDED_BY(mutex_);
  std::size_t bytes_ TQL_GUARDED_BY(mutex_) = 0;
  std::size_t nodes_ TQL_GUARDED_BY(mutex_) = 0;
  Counts counts_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_RECORDING_H_
