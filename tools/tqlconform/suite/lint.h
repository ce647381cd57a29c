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

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_LINT_H_
