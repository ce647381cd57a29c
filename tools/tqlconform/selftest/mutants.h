// The mutants of the self-test: servers that are wrong in one way.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SELFTEST_MUTANTS_H_
#define TQLKIT_TOOLS_TQLCONFORM_SELFTEST_MUTANTS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlconform/suite/case_files.h"
#include "tools/tqlconform/suite/lint.h"
#include "tools/tqlconform/suite/messages.h"
#include "tools/tqlconform/suite/selection.h"
#include "tql/status.h"

namespace tqlconform {

/// The files that the build has embedded in the program.
std::span<const EmbeddedFile> EmbeddedMutantFiles();

/// The mutants of the program. INVALID_ARGUMENT "mutants/NAME: PATH: line L, column C: …".
tql::StatusOr<std::vector<confpb::Mutant>> BuiltInMutants();
/// Those of files.
tql::StatusOr<std::vector<confpb::Mutant>> ReadMutants(std::span<const std::string> paths);

/// A mistake for each mutant that a case for servers names in `kills` and that is not among the
/// mutants.
std::vector<Mistake> UnknownMutants(std::span<const confpb::Mutant> mutants,
                                    std::span<const SelectedCase> cases);

/// Mistakes in the mutants, and what is missing between them and the cases: a case names an unknown
/// mutant, or no case names a mutant.
std::vector<Mistake> LintMutants(std::span<const confpb::Mutant> mutants,
                                 std::span<const CaseFile> files);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SELFTEST_MUTANTS_H_
