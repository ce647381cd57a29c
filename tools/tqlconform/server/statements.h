// The results of the statements, from the lines of a response.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SERVER_STATEMENTS_H_
#define TQLKIT_TOOLS_TQLCONFORM_SERVER_STATEMENTS_H_

#include <string>
#include <vector>

#include "tools/tqlconform/server/answer.h"

namespace tqlconform {

/// Of all lines together, as a client reads them.
struct Statements {
  std::string invalid;  // Why a line is not a message of the service; empty: all are.
  bool complete = false;
  std::vector<std::string> headers;  // "NAME TYPE"
  std::vector<std::string> rows;     // cells joined by "|"
  std::vector<std::string> infos;    // INFO and WARNING, without the blanks at their end
  std::vector<std::string> errors;   // likewise
  std::vector<std::string> prompts;  // of questions
  std::string question_id;           // of the first question
  std::string final_context;         // the last one, as JSON
  std::string version;               // its server_schema_version
};

Statements ReadStatements(const Answer& answer);

/// The text of a failed call: that of ERROR messages, of the status of gRPC, or the body of an
/// HTTP error.
std::string ErrorText(const Answer& answer, const Statements& statements);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SERVER_STATEMENTS_H_
