#include "mockserver/engine/questions.h"

#include <algorithm>

#include "mockserver/engine/errors.h"
#include "mockserver/engine/name_index.h"
#include "proto/base/fnv1a.h"
#include "proto/base/text.h"

namespace tql::engine {
namespace {

std::string_view WithoutBlanksAround(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string_view Word(QuestionKind kind) {
  switch (kind) {
    case QuestionKind::kBreakDependents:
      return "break_dependents";
    case QuestionKind::kOfflineReshard:
      return "offline_reshard";
  }
  return "question";
}

Question YesOrNo(QuestionKind kind, std::string_view statement, std::string banner,
                 std::string prompt) {
  return {.id = QuestionId(kind, statement),
          .banner = std::move(banner),
          .prompt = std::move(prompt),
          .options = {"yes", "no"}};
}

}  // namespace

std::string QuestionId(QuestionKind kind, std::string_view statement) {
  base::Fnv1a hash;
  hash.Add(WithoutBlanksAround(statement));
  return std::string(Word(kind)) + '-' + base::Hex(hash.value());
}

Reply ReplyTo(std::string_view question_id, const std::vector<Answer>& answers) {
  // If a client asked its user again, the newer answer follows the older one.
  const auto answer = std::find_if(answers.rbegin(), answers.rend(), [&](const Answer& candidate) {
    return candidate.question_id == question_id;
  });
  if (answer == answers.rend()) return Reply::kMissing;
  return base::Lower(WithoutBlanksAround(answer->answer)) == "yes" ? Reply::kYes : Reply::kNo;
}

Question BreakDependentsQuestion(std::string_view statement,
                                 const std::vector<Dependent>& dependents) {
  return YesOrNo(QuestionKind::kBreakDependents, statement, errors::BreakDependentsText(dependents),
                 errors::ProceedText());
}

Question OfflineReshardQuestion(std::string_view statement, std::string_view table,
                                std::int64_t rows) {
  return YesOrNo(QuestionKind::kOfflineReshard, statement, errors::ReshardText(table, rows),
                 errors::OfflineText());
}

}  // namespace tql::engine
