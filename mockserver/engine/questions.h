// What a statement asks before it runs, when there is something to lose (reference §5.4).
//
// The server keeps nothing between a question and its answer: the client sends the statement again
// with all answers so far. So the id of a question is made of the statement's text alone.
#ifndef TQLKIT_MOCKSERVER_ENGINE_QUESTIONS_H_
#define TQLKIT_MOCKSERVER_ENGINE_QUESTIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/engine/statement_options.h"
#include "mockserver/engine/statement_sink.h"

namespace tql::engine {

/// A foreign key or a relationship of another table that a change would break.
struct Dependent {
  bool foreign_key = true;  // false: a relationship
  std::string name;         // empty: unnamed
  std::string table;        // the table that has it
};

/// What is asked; each at most once a statement.
enum class QuestionKind : std::uint8_t {
  kBreakDependents,  // may foreign keys and relationships of other tables break?
  kOfflineReshard,   // is the table to be offline while its rows are distributed again?
};

/// "break_dependents-8b0c5f3e2a917d46": the same for the same statement, whatever blanks are around
/// it, and different for another.
std::string QuestionId(QuestionKind kind, std::string_view statement);

enum class Reply : std::uint8_t { kMissing, kYes, kNo };
/// What the client answered: yes in any case and with blanks around it; no is everything else.
Reply ReplyTo(std::string_view question_id, const std::vector<Answer>& answers);

Question BreakDependentsQuestion(std::string_view statement,
                                 const std::vector<Dependent>& dependents);
Question OfflineReshardQuestion(std::string_view statement, std::string_view table,
                                std::int64_t rows);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_QUESTIONS_H_
