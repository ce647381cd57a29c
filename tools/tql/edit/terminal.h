// Questions to the person at the terminal.
#ifndef TQLKIT_TOOLS_TQL_EDIT_TERMINAL_H_
#define TQLKIT_TOOLS_TQL_EDIT_TERMINAL_H_

#include <stop_token>
#include <string>

#include "tql/result_stream.h"
#include "tql/status.h"

namespace tql::shell {

/// Reads a password from the terminal without showing it. FAILED_PRECONDITION without a terminal;
/// CANCELLED when `stop` is requested or the terminal ends.
StatusOr<std::string> AskPassword(const std::string& user, const std::stop_token& stop);

/// FAILED_PRECONDITION with the question.
Status NobodyAnswers(const Question& question);

/// Shows a question of the service and reads the answer from the terminal, again and again until it
/// is one of the options. FAILED_PRECONDITION without a terminal; CANCELLED when `stop` is
/// requested or the terminal ends.
StatusOr<std::string> AskQuestion(const Question& question, const std::stop_token& stop);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_TERMINAL_H_
