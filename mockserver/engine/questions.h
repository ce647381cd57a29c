// Questions that a statement asks before it destroys data.
//
// The server keeps no state between a question and its answer: the client sends the statement again
// with all answers so far. The id of a question is therefore derived from the statement's text.
#ifndef TQLKIT_MOCKSERVER_ENGINE_QUESTIONS_H_
#define TQLKIT_MOCKSERVER_ENGINE_QUESTIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/engine/statement_options.h"
#include "mockserver/engine/statement_sink.h"

namespace tql::engine {

/// A foreign key or relationship of another table that a change would break.
struct Dependent {
  bool foreign_key = true;  // False for a relationship.
  std::string name;         // Empty if it has no name.
  std::string table;        // The table that has it.
};

/// Each kind is asked at most once per statement.
enum class QuestionKind : std::uint8_t {
  kBreakDependents,  // Break foreign keys and relationships of other tables?
  kOfflineReshard,   // Take the table offline while its rows are redistributed?
};

/// E.g. "break_dependents-8b0c5f3e2a917d46". Depends on the statement, apart from whitespace around
/// it.
std::string QuestionId(QuestionKind kind, std::string_view statement);

enum class Reply : std::uint8_t { kMissing, kYes, kNo };
/// The client's answer: yes, in any case and with whitespace around it; anything else means no.
Reply ReplyTo(std::string_view question_id, const std::vector<Answer>& answers);

Question BreakDependentsQuestion(std::string_view statement,
                                 const std::vector<Dependent>& dependents);
Question OfflineReshardQuestion(std::string_view statement, std::string_view table,
                                std::int64_t rows);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_QUESTIONS_H_
