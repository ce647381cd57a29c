// Mistakes in cases that the reader of files does not see.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_LINT_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_LINT_H_

#include <span>
#include <string>
#include <vector>

#include "tools/tqlconform/suite/case_files.h"

namespace tqlconform {

struct Mistake {
  std::string file;
  std::string id;    // of the case
  std::string path;  // "step[1].expect.rows", may be empty
  std::string text;
  bool advice = false;  // The case can be run all the same.
};

/// Everything that is wrong in the cases. A case without a mistake that is more than advice can be
/// run: its patterns compile, and its variables have values when they are used.
std::vector<Mistake> Lint(std::span<const CaseFile> files);

/// "query.yaml: query/x: step[1].expect: …"
std::string ToString(const Mistake& mistake);

/// Whether the text has a word of a statement that changes data or definitions. A case that is
/// READ_ONLY must not send one.
bool HasChangingWord(std::string_view text);
/// Whether what the step sends has such a word, or starts a load. JSON is read without its escapes.
bool MayChange(const confpb::Step& step);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_LINT_H_
