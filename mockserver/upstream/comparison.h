// Compares the answers of two services to the same statements.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_COMPARISON_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_COMPARISON_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "mockserver/testdouble/messages.h"
#include "mockserver/upstream/answer_capture.h"
#include "proto/base/mutex.h"
#include "tql/status.h"
#include "tql/wire/messages.h"

namespace tql::upstream {

struct AnswerDifference {
  mockpb::Difference::Kind kind = mockpb::Difference::NONE;
  std::string explanation;  // empty for NONE
};

/// What a client would notice. Schema versions, the ids of questions, and guids and times in
/// messages are not compared. NULL is the same text in both.
AnswerDifference Compare(const pb::ExecuteQueryResponse::Result& ours,
                         const pb::ExecuteQueryResponse::Result& theirs);

/// A summary, and a line for each difference.
std::string ToText(const mockpb::Comparison& comparison);

/// The differences that were found, with equal ones counted. Thread safety: every method may be
/// called from any thread.
class Comparison {
 public:
  /// The largest answers that are compared.
  static constexpr std::size_t kMostAnswerBytes = std::size_t{16} << 20;
  /// Differences that are kept.
  static constexpr std::size_t kMost = 1000;

  explicit Comparison(std::string upstream) : upstream_(std::move(upstream)) {}

  struct Statement {
    mockpb::Call call = mockpb::QUERY;
    std::string text;
    std::string database;
  };
  void Add(const Statement& statement, const AnswerCapture& ours, const AnswerCapture& theirs);
  /// The other service did not answer.
  void AddFailure(const Statement& statement, const Status& status);

  mockpb::Comparison Get() const;

 private:
  using Key = std::tuple<int, std::string, std::string, std::string>;

  void AddDifference(const Statement& statement, AnswerDifference difference);

  const std::string upstream_;
  mutable base::Mutex mutex_;
  mockpb::Comparison found_ TQL_GUARDED_BY(mutex_);
  std::map<Key, int> indexes_ TQL_GUARDED_BY(mutex_);  // in found_
};

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_COMPARISON_H_
