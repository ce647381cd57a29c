// Questions to the user at the terminal.
#ifndef TQLKIT_TOOLS_TQL_EDIT_TERMINAL_H_
#define TQLKIT_TOOLS_TQL_EDIT_TERMINAL_H_

#include <stop_token>
#include <string>

#include "tql/result_stream.h"
#include "tql/status.h"

namespace tql::shell {

/// Reads a password from the terminal without showing it. FAILED_PRECONDITION without a terminal;
/// CANCELLED if `stop` is requested or the terminal is closed.
StatusOr<std::string> AskPassword(const std::string& user, const std::stop_token& stop);

/// Returns FAILED_PRECONDITION with the text of the question.
Status NobodyAnswers(const Question& question);

/// Displays a question of the service and reads the answer from the terminal; repeats this until
/// the answer is one of the options. FAILED_PRECONDITION without a terminal; CANCELLED if `stop` is
/// requested or the terminal is closed.
StatusOr<std::string> AskQuestion(const Question& question, const std::stop_token& stop);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_TERMINAL_H_
