// A stream that can only be used by the process that created it.
#ifndef TQLKIT_CLIENT_SRC_PROCESS_BOUND_STREAM_H_
#define TQLKIT_CLIENT_SRC_PROCESS_BOUND_STREAM_H_

#include <memory>
#include <utility>

#include "client/src/fork.h"
#include "tql/result_stream.h"

namespace tql {

/// Wraps a stream. In a child of fork(), Next() fails with FAILED_PRECONDITION, and nothing that
/// the parent still uses is touched: the wrapped stream is leaked instead of destroyed.
class ProcessBoundStream : public ResultStream {
 public:
  explicit ProcessBoundStream(std::unique_ptr<ResultStream> stream) : stream_(std::move(stream)) {}
  ~ProcessBoundStream() override {
    if (!owner_.is_current()) KeepUntilExit(std::move(stream_));
  }

  StatusOr<ResultEvent> Next() override {
    if (owner_.is_current()) return stream_->Next();
    return FailedPreconditionError(
        "the result belongs to the process that sent its statement, not to a child of fork(): run "
        "the statement again in the child");
  }
  void Cancel() override {
    if (owner_.is_current()) stream_->Cancel();
  }

 private:
  const OwnerProcess owner_;
  std::shared_ptr<ResultStream> stream_;  // shared only so that KeepUntilExit can hold it
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_PROCESS_BOUND_STREAM_H_
