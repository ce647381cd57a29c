#include "client/src/client_stream.h"

#include <algorithm>

#include "client/src/request_utf8.h"

namespace tql {
namespace {

// Limit on the questions of one statement, against a service that never stops asking.
constexpr std::size_t kMostQuestions = 100;

}  // namespace

Context SharedContext::Get() const {
  const base::MutexLock lock(mutex_);
  return context_;
}

void SharedContext::Set(Context context) {
  const base::MutexLock lock(mutex_);
  context_ = std::move(context);
}

void SharedContext::Apply(const ContextChange& change) {
  const base::MutexLock lock(mutex_);
  if (change.database) context_.database = *change.database;
  if (change.server_schema_version) context_.server_schema_version = *change.server_schema_version;
}

ClientStream::ClientStream(std::shared_ptr<Transport> transport, QueryParams params,
                           std::unique_ptr<ResultStream> stream,
                           std::shared_ptr<SharedContext> context, QuestionCallback on_question)
    : transport_(std::move(transport)),
      params_(std::move(params)),
      stream_(std::move(stream)),
      context_(std::move(context)),
      on_question_(std::move(on_question)) {}

// With a single variable to return, no row's event is moved.
StatusOr<ResultEvent> ClientStream::Next() {
  StatusOr<ResultEvent> event = Receive();
  while (!IsForCaller(event)) event = Receive();
  return event;
}

StatusOr<ResultEvent> ClientStream::Receive() {
  if (!status_.ok()) return status_;
  return stream_->Next();
}

// The caller does not see questions, nor the StatementEnd and StreamEnd of a response that only
// asked questions.
bool ClientStream::IsForCaller(const StatusOr<ResultEvent>& event) {
  if (!event) {
    status_ = event.status();
  } else if (const auto* question = std::get_if<Question>(&*event)) {
    status_ = Ask(*question);
    return false;
  } else if (answered_ && std::holds_alternative<StreamEnd>(*event)) {
    status_ = SendAgain();
    return false;
  } else if (const auto* change = std::get_if<ContextChange>(&*event)) {
    context_->Apply(*change);
  }
  return !answered_ || !event || !std::holds_alternative<StatementEnd>(*event);
}

Status ClientStream::Ask(const Question& question) {
  if (!on_question_) {
    return FailedPreconditionError("the service asks a question, but no callback answers it: " +
                                   question.banner + "\n" + question.prompt);
  }
  if (params_.answers.size() == kMostQuestions) {
    return ResourceExhaustedError("the service asks too many questions");
  }
  StatusOr<std::string> answer = on_question_(question);
  if (!answer) return answer.status();
  if (!question.options.empty() &&
      std::ranges::find(question.options, *answer) == question.options.end()) {
    return InvalidArgumentError("\"" + *answer +
                                "\" is not one of the answers that the service permits");
  }
  params_.answers.push_back({question.id, *std::move(answer)});
  answered_ = true;
  return {};
}

Status ClientStream::SendAgain() {
  answered_ = false;
  if (Status status = CheckUtf8(params_); !status.ok()) return status;
  StatusOr<std::unique_ptr<ResultStream>> stream = transport_->Query(params_);
  if (!stream) return stream.status();
  const base::MutexLock lock(mutex_);
  stream_ = *std::move(stream);
  return cancelled_ ? CancelledError("cancelled") : Status();
}

void ClientStream::Cancel() {
  const base::MutexLock lock(mutex_);
  cancelled_ = true;
  stream_->Cancel();
}

}  // namespace tql
