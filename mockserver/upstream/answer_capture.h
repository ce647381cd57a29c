// Keeps the answer of a statement in memory, up to a limit.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_ANSWER_CAPTURE_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_ANSWER_CAPTURE_H_

#include <cstddef>

#include "tql/wire/messages.h"

namespace tql::upstream {

class AnswerCapture {
 public:
  using Result = pb::ExecuteQueryResponse::Result;

  explicit AnswerCapture(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  /// Adds a part of the answer, without its progress. The parts together are one Result.
  void Add(const Result& part) {
    bytes_ += part.ByteSizeLong();
    if (is_whole()) {
      result_.MergeFrom(part);
      result_.clear_progress();
    } else {
      result_.Clear();
    }
  }
  /// Whether the answer is within the limit.
  bool is_whole() const { return bytes_ <= most_bytes_; }
  /// The size of the whole answer.
  std::size_t bytes() const { return bytes_; }
  /// Empty unless is_whole().
  const Result& result() const { return result_; }

 private:
  const std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  Result result_;
};

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_ANSWER_CAPTURE_H_
