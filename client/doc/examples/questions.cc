#include <iostream>
#include <string>

#include "client/doc/examples/examples.h"
#include "tql/client.h"

namespace examples {

tql::Status AnswerQuestions(tql::Client client) {
  tql::RequestOptions request;
  request.on_question = [](const tql::Question& question) -> tql::StatusOr<std::string> {
    std::cout << question.banner << '\n' << question.prompt << '\n';
    for (const std::string& option : question.options) std::cout << "- " << option << '\n';
    return "yes";
  };
  return client.Execute("alter table store drop constraint primary key;", request).status;
}

}  // namespace examples
