// list, show, lint and diff.
#include <algorithm>
#include <cstdio>
#include <string>

#include "proto/base/file.h"
#include "proto/base/text.h"
#include "tools/tqlconform/commands/commands.h"
#include "tools/tqlconform/report/formats.h"
#include "tools/tqlconform/report/outcomes.h"
#include "tools/tqlconform/selftest/mutants.h"
#include "tools/tqlconform/suite/lint.h"

namespace tqlconform {

using tql::Status;
using tql::StatusOr;

int FailUsage(const Status& status) {
  std::fprintf(stderr, "tqlconform: %s\n", status.message().c_str());
  return kExitUsage;
}

StatusOr<std::vector<CaseFile>> LoadCases(const Flags& flags) {
  if (flags.case_paths.empty()) return BuiltInCases();  // Their mistakes fail the tests.
  StatusOr<std::vector<CaseFile>> files = ReadCases(flags.case_paths);
  if (!files.ok()) return files;
  std::string text;
  for (const Mistake& mistake : Lint(*files)) {
    if (!mistake.advice) text += (text.empty() ? "" : "\n") + ToString(mistake);
  }
  if (!text.empty()) return tql::InvalidArgumentError(text);
  return files;
}

int ListCommand(const Flags& flags) {
  const StatusOr<std::vector<CaseFile>> files = LoadCases(flags);
  if (!files.ok()) return FailUsage(files.status());
  const auto cases = Select(*files, flags.selection);
  if (!cases.ok()) return FailUsage(cases.status());
  std::size_t width = 0;
  for (const SelectedCase& selected : *cases) {
    width = std::max(width, selected.test->id().size());
  }
  for (const SelectedCase& selected : *cases) {
    const confpb::Case& test = *selected.test;
    const std::string side =
        test.has_client() ? "client" : tql::base::Lower(confpb::Risk_Name(test.risk()));
    std::printf("%-*s  %-6s  %-8s  %-11s  %-10s  %s\n", static_cast<int>(width), test.id().c_str(),
                confpb::Level_Name(test.level()).c_str(),
                confpb::Evidence_Name(test.evidence()).c_str(), side.c_str(), test.ref().c_str(),
                test.title().c_str());
  }
  return kExitOk;
}

int ShowCommand(const Flags& flags) {
  const StatusOr<std::vector<CaseFile>> files = LoadCases(flags);
  if (!files.ok()) return FailUsage(files.status());
  const auto cases = Select(*files, {.run = flags.arguments});
  if (!cases.ok()) return FailUsage(cases.status());
  for (const SelectedCase& selected : *cases) {
    const std::string source = SourceOf(*selected.file, selected.test->id());
    std::printf("# %s\n%s\n", selected.file->name.c_str(),
                source.empty() ? selected.test->DebugString().c_str() : source.c_str());
  }
  return kExitOk;
}

int LintCommand(const Flags& flags) {
  const StatusOr<std::vector<CaseFile>> files =
      flags.case_paths.empty() ? BuiltInCases() : ReadCases(flags.case_paths);
  if (!files.ok()) return FailUsage(files.status());
  std::vector<Mistake> mistakes = Lint(*files);
  if (flags.case_paths.empty()) {
    const StatusOr<std::vector<confpb::Mutant>> mutants = BuiltInMutants();
    if (!mutants.ok()) return FailUsage(mutants.status());
    for (Mistake& mistake : LintMutants(*mutants, *files)) mistakes.push_back(std::move(mistake));
  }
  int cases = 0;
  for (const CaseFile& file : *files) cases += file.suite.case__size();
  for (const Mistake& mistake : mistakes) std::printf("%s\n", ToString(mistake).c_str());
  std::printf("%d %s, %zu %s\n", cases, cases == 1 ? "case" : "cases", mistakes.size(),
              mistakes.size() == 1 ? "mistake" : "mistakes");
  return mistakes.empty() ? kExitOk : kExitUsage;
}

int DiffCommand(const Flags& flags) {
  constexpr std::size_t kMaxReportBytes = std::size_t{64} << 20;
  std::vector<confpb::Report> reports;
  for (const std::string& path : flags.arguments) {
    const StatusOr<std::string> json = tql::base::ReadFile(path, kMaxReportBytes);
    if (!json.ok()) {
      return FailUsage(Status(json.status().code(), path + ": " + json.status().message()));
    }
    StatusOr<confpb::Report> report = ParseReport(*json);
    if (!report.ok()) {
      return FailUsage(Status(report.status().code(), path + ": " + report.status().message()));
    }
    reports.push_back(*std::move(report));
  }
  bool got_worse = false;
  std::fputs(Diff(reports[0], reports[1], &got_worse).c_str(), stdout);
  return got_worse ? kExitFailed : kExitOk;
}

}  // namespace tqlconform
