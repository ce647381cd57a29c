// Answers that a plan gives, in the place of those of the engine.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_CANNED_ANSWER_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_CANNED_ANSWER_H_

#include <string_view>

#include "mockserver/engine/statement_sink.h"
#include "mockserver/testdouble/messages.h"

namespace tql::testdouble {

/// The answer of a statement that succeeded without output.
mockpb::Action::Answer SuccessAnswer();
/// The answer of a statement that failed.
mockpb::Action::Answer ErrorAnswer(std::string_view message);

/// Writes the results as the answer to one statement, all calls but End(). `context` stands in for
/// a final context that the answer does not have, `null_string` is the text of NULL in the request.
/// Returns false if the sink accepts nothing more.
bool WriteAnswer(const mockpb::Action::Answer& answer, const engine::Context& context,
                 std::string_view null_string, engine::StatementSink& sink);
/// Whether the last result of the answer has the mark that the statement is complete. An answer in
/// the short form has it.
bool IsComplete(const mockpb::Action::Answer& answer);

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_CANNED_ANSWER_H_
