// Which cases of the files are to be run.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_SELECTION_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_SELECTION_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlconform/suite/case_files.h"
#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tqlconform {

/// Whether the text matches a pattern in which * stands for any characters, also "/", and ? for
/// one.
bool MatchesGlob(std::string_view glob, std::string_view text);

/// Whether a case is for servers or for clients.
enum class Side : std::uint8_t { kAny, kServer, kClient };

struct Selection {
  std::vector<std::string> run = {};   // Globs of ids; none: all.
  std::vector<std::string> skip = {};  // Globs of ids.
  confpb::Level level = confpb::MAY;   // The least binding one: MUST selects MUST alone.
  Side side = Side::kAny;
};

struct SelectedCase {
  const confpb::Case* test = nullptr;  // Of the CaseFile.
  const CaseFile* file = nullptr;
};

/// The selected cases in the order of the files. NOT_FOUND names a glob that no case matches.
tql::StatusOr<std::vector<SelectedCase>> Select(std::span<const CaseFile> files,
                                                const Selection& selection);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_SELECTION_H_
