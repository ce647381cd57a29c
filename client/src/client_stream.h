// The stream that Client hands out: keeps the context, and asks and answers questions.
#ifndef TQLKIT_CLIENT_SRC_CLIENT_STREAM_H_
#define TQLKIT_CLIENT_SRC_CLIENT_STREAM_H_

#include <memory>
#include <mutex>
#include <vector>

#include "client/src/fork.h"
#include "tql/options.h"
#include "tql/transport.h"

namespace tql {

/// A context that several statements read and move.
class SharedContext {
 public:
  explicit SharedContext(Context context) : context_(std::move(context)) {}
  Context Get() const;
  void Set(Context context);
  /// USE changes the database alone, so the schema stays the caller's.
  void Apply(const ContextChange& change);

 private:
  mutable ForkMutex mutex_;
  Context context_;
};

class ClientStream : public ResultStream {
 public:
  ClientStream(std::shared_ptr<Transport> transport, QueryParams params,
               std::unique_ptr<ResultStream> stream, std::shared_ptr<SharedContext> context,
               QuestionCallback on_question);

  StatusOr<ResultEvent> Next() override;
  void Cancel() override;

 private:
  Status Ask(const Question& question);
  Status SendAgain();

  const std::shared_ptr<Transport> transport_;
  QueryParams params_;
  std::mutex mutex_;  // guards stream_ against Cancel while it is replaced
  std::unique_ptr<ResultStream> stream_;
  bool cancelled_ = false;
  const std::shared_ptr<SharedContext> context_;
  const QuestionCallback on_question_;
  bool answered_ = false;  // questions of the current round
  Status status_;
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_CLIENT_STREAM_H_
