// Writes the parts of a recorded plan as YAML.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_PLAN_TEXT_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_PLAN_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "tql/wire/messages.h"

namespace tql::upstream {

/// Appends the text in double quotes. Every valid UTF-8 is read back as it is, except NUL, which no
/// YAML document can have: it is not escaped, so that the caller finds it.
void AppendYamlString(std::string_view text, std::string* out);

struct YamlAnswer {
  std::string text;       // an element of the list `do`, with its indentation and newline
  std::size_t nodes = 0;  // of the document that contains it, at most
};
/// Cells with the text `null_marker` are NULL. They are written as a text that no other cell has,
/// and the answer names it.
YamlAnswer AnswerToYaml(const pb::ExecuteQueryResponse::Result& answer,
                        std::string_view null_marker);
/// An answer that is an ERROR message.
YamlAnswer ErrorToYaml(std::string_view error);

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_PLAN_TEXT_H_
