// The ResultStream that Client returns. It updates the context and answers the service's questions.
#ifndef TQLKIT_CLIENT_SRC_CLIENT_STREAM_H_
#define TQLKIT_CLIENT_SRC_CLIENT_STREAM_H_

#include <memory>
#include <vector>

#include "client/src/fork.h"
#include "proto/base/mutex.h"
#include "tql/options.h"
#include "tql/transport.h"

namespace tql {

/// A context that is shared by the statements of a client. Thread safety: all methods may be called
/// from any thread.
class SharedContext {
 public:
  explicit SharedContext(Context context) : context_(std::move(context)) {}
  Context Get() const;
  void Set(Context context);
  /// Applies the changes of a response, except the schema: USE only changes the database, so the
  /// schema stays as the caller set it.
  void Apply(const ContextChange& change);

 private:
  mutable ForkMutex mutex_;
  Context context_ TQL_GUARDED_BY(mutex_);
};

/// Wraps the stream of a transport. If the response ends with questions, the callback answers them
/// and the statement is sent again with all answers so far; this repeats until it is executed.
class ClientStream : public ResultStream {
 public:
  ClientStream(std::shared_ptr<Transport> transport, QueryParams params,
               std::unique_ptr<ResultStream> stream, std::shared_ptr<SharedContext> context,
               QuestionCallback on_question);

  StatusOr<ResultEvent> Next() override;
  void Cancel() override;

 private:
  StatusOr<ResultEvent> Receive();
  /// Handles an event. Returns whether the caller sees it.
  bool IsForCaller(const StatusOr<ResultEvent>& event);
  /// Calls the callback and stores the answer in params_.
  Status Ask(const Question& question);
  /// Sends the statement with all answers and replaces stream_.
  Status SendAgain();

  const std::shared_ptr<Transport> transport_;
  QueryParams params_;  // with the answers so far
  base::Mutex mutex_;   // guards replacing stream_ against a concurrent Cancel
  std::unique_ptr<ResultStream> stream_;
  bool cancelled_ TQL_GUARDED_BY(mutex_) = false;
  const std::shared_ptr<SharedContext> context_;
  const QuestionCallback on_question_;
  bool answered_ = false;  // whether this response asked a question that was answered
  Status status_;          // the error that ended the stream
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_CLIENT_STREAM_H_
