#include "mockserver/testdouble/canned_answer.h"

#include <string>

#include "mockserver/engine/errors.h"
#include "mockserver/service/result_writer.h"
#include "tql/wire/messages.h"

namespace tql::testdouble {
namespace {

using Answer = mockpb::Action::Answer;
using Result = pb::ExecuteQueryResponse::Result;

}  // namespace

Answer SuccessAnswer() {
  Answer answer;
  Result& result = *answer.add_result();
  Result::OutMessage& message = *result.add_message();
  message.set_type(Result::OutMessage::INFO);
  message.set_value(engine::errors::SuccessText());
  result.set_complete(true);
  return answer;
}

Answer ErrorAnswer(std::string_view message) {
  Answer answer;
  answer.set_error(std::string(message));
  return answer;
}

bool WriteAnswer(const Answer& answer, const engine::Context& context, std::string_view null_string,
                 engine::StatementSink& sink) {
  service::ResultWriter writer(sink, context);
  if (answer.has_null_string()) writer.SetNull(answer.null_string(), null_string);
  for (const Result& result : answer.result()) {
    if (!writer.Write(result)) return false;
  }
  return answer.error().empty() || writer.WriteError(answer.error());
}

bool IsComplete(const Answer& answer) {
  if (answer.result_size() == 0) return true;
  return !answer.error().empty() || answer.result(answer.result_size() - 1).complete();
}

}  // namespace tql::testdouble
