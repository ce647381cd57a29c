#include "tools/tqlconform/selftest/mutants.h"

#include <set>
#include <string>
#include <utility>

#include "proto/base/file.h"
#include "proto/base/status_macros.h"
#include "proto/document/message_reader.h"
#include "tools/tqlconform/selftest/rewrite.h"

namespace tqlconform {

using tql::Status;
using tql::StatusOr;

namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{10} << 20;

Status Append(std::string_view text, const std::string& name,
              std::vector<confpb::Mutant>* mutants) {
  confpb::Mutants read;
  if (Status status = tql::document::ReadMessage(text, &read); !status.ok()) {
    return Status(status.code(), name + ": " + status.message());
  }
  mutants->insert(mutants->end(), read.mutant().begin(), read.mutant().end());
  return Status();
}

}  // namespace

StatusOr<std::vector<confpb::Mutant>> BuiltInMutants() {
  std::vector<confpb::Mutant> mutants;
  for (const EmbeddedFile& file : EmbeddedMutantFiles()) {
    TQL_RETURN_IF_ERROR(Append(file.text, "mutants/" + std::string(file.name), &mutants));
  }
  return mutants;
}

StatusOr<std::vector<confpb::Mutant>> ReadMutants(std::span<const std::string> paths) {
  std::vector<confpb::Mutant> mutants;
  for (const std::string& path : paths) {
    const StatusOr<std::string> text = tql::base::ReadFile(path, kMaxFileBytes);
    if (!text.ok()) return Status(text.status().code(), path + ": " + text.status().message());
    TQL_RETURN_IF_ERROR(Append(*text, path, &mutants));
  }
  return mutants;
}

std::vector<Mistake> UnknownMutants(std::span<const confpb::Mutant> mutants,
                                    std::span<const SelectedCase> cases) {
  std::set<std::string> known;
  for (const confpb::Mutant& mutant : mutants) known.insert(mutant.id());
  std::vector<Mistake> mistakes;
  for (const SelectedCase& selected : cases) {
    const confpb::Case& test = *selected.test;
    if (test.has_client()) continue;  // Its mutants are clients.
    for (const std::string& mutant : test.kills()) {
      if (known.contains(mutant)) continue;
      mistakes.push_back(
          {selected.file->name, test.id(), "kills", "unknown mutant \"" + mutant + '"'});
    }
  }
  return mistakes;
}

std::vector<Mistake> LintMutants(std::span<const confpb::Mutant> mutants,
                                 std::span<const CaseFile> files) {
  std::vector<SelectedCase> cases;
  std::set<std::string> named;
  for (const CaseFile& file : files) {
    for (const confpb::Case& test : file.suite.case_()) {
      cases.push_back({&test, &file});
      if (!test.has_client()) named.insert(test.kills().begin(), test.kills().end());
    }
  }
  std::vector<Mistake> mistakes = UnknownMutants(mutants, cases);
  std::set<std::string> seen;
  for (const confpb::Mutant& mutant : mutants) {
    const auto add = [&](std::string path, std::string text) {
      mistakes.push_back({"mutants", mutant.id(), std::move(path), std::move(text)});
    };
    if (!seen.insert(mutant.id()).second) add("id", "another mutant has the same id");
    if (mutant.does().empty()) add("does", "is missing");
    if (!named.contains(mutant.id())) add("id", "no case names the mutant in `kills`");
    if (!mutant.has_plan() && mutant.rewrite_size() == 0 && mutant.wire_variant_size() == 0) {
      add("", "expected plan, rewrite or wire_variant");
    }
    const auto rules = CompileRewrites(mutant.rewrite());
    if (!rules.ok()) add("", rules.status().message());
  }
  return mistakes;
}

}  // namespace tqlconform
