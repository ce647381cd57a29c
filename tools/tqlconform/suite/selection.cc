#include "tools/tqlconform/suite/selection.h"

#include <algorithm>
#include <utility>

namespace tqlconform {
namespace {

bool MatchesAny(const std::vector<std::string>& globs, std::string_view id) {
  return std::ranges::any_of(globs,
                             [id](const std::string& glob) { return MatchesGlob(glob, id); });
}

/// The first glob that matches no case.
const std::string* Unmatched(const std::vector<std::string>& globs,
                             std::span<const CaseFile> files) {
  for (const std::string& glob : globs) {
    bool found = false;
    for (const CaseFile& file : files) {
      found = found || std::ranges::any_of(file.suite.case_(), [&](const confpb::Case& test) {
                return MatchesGlob(glob, test.id());
              });
    }
    if (!found) return &glob;
  }
  return nullptr;
}

}  // namespace

bool MatchesGlob(std::string_view glob, std::string_view text) {
  std::size_t at_glob = 0;
  std::size_t at_text = 0;
  std::size_t star = glob.npos;  // The last * that was passed.
  std::size_t retry = 0;         // Where the text after it began.
  while (at_text < text.size()) {
    if (at_glob < glob.size() && glob[at_glob] == '*') {
      star = at_glob++;
      retry = at_text;
    } else if (at_glob < glob.size() && (glob[at_glob] == '?' || glob[at_glob] == text[at_text])) {
      ++at_glob;
      ++at_text;
    } else if (star != glob.npos) {
      at_glob = star + 1;
      at_text = ++retry;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', at_glob) == glob.npos;
}

tql::StatusOr<std::vector<SelectedCase>> Select(std::span<const CaseFile> files,
                                                const Selection& selection) {
  for (const auto* const globs : {&selection.run, &selection.skip}) {
    if (const std::string* const glob = Unmatched(*globs, files); glob != nullptr) {
      return tql::NotFoundError("no case matches \"" + *glob +
                                "\"; `tqlconform list` prints the cases");
    }
  }
  std::vector<SelectedCase> selected;
  for (const CaseFile& file : files) {
    for (const confpb::Case& test : file.suite.case_()) {
      const Side side = test.has_client() ? Side::kClient : Side::kServer;
      if (selection.side != Side::kAny && selection.side != side) continue;
      if (test.level() > selection.level) continue;
      if (!selection.run.empty() && !MatchesAny(selection.run, test.id())) continue;
      if (MatchesAny(selection.skip, test.id())) continue;
      selected.push_back({&test, &file});
    }
  }
  return selected;
}

}  // namespace tqlconform
