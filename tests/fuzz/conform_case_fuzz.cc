// Any bytes as a file of conformance cases: reading, checking and showing them ends, within bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "tools/tqlconform/suite/case_files.h"
#include "tools/tqlconform/suite/lint.h"
#include "tools/tqlconform/suite/selection.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 1 << 15) return 0;
  auto file = tqlconform::ParseCaseFile("fuzz.yaml",
                                        std::string(reinterpret_cast<const char*>(data), size));
  if (!file.ok()) return 0;
  const std::vector<tqlconform::CaseFile> files = {*std::move(file)};
  for (const tqlconform::Mistake& mistake : tqlconform::Lint(files)) {
    if (tqlconform::ToString(mistake).empty()) std::abort();
  }
  const auto cases = tqlconform::Select(files, {});
  if (!cases.ok()) std::abort();
  for (const tqlconform::SelectedCase& selected : *cases) {
    static_cast<void>(tqlconform::SourceOf(*selected.file, selected.test->id()));
  }
  return 0;
}
