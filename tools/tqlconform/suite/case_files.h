// Files of cases.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_CASE_FILES_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_CASE_FILES_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tqlconform {

/// A file that the build has embedded in the program (embed_cases.cmake).
struct EmbeddedFile {
  std::string_view name;  // "query.yaml"
  std::string_view text;
};
std::span<const EmbeddedFile> EmbeddedFiles();

/// The suites to choose cases from, and the texts that they were read from.
struct CaseFile {
  std::string name;
  std::string text;
  confpb::Suite suite;
};

/// Reads one file. INVALID_ARGUMENT "NAME: PATH: line L, column C: …"; nothing of a case is checked
/// but its form (lint.h).
tql::StatusOr<CaseFile> ParseCaseFile(std::string name, std::string text);

/// The cases of the program.
tql::StatusOr<std::vector<CaseFile>> BuiltInCases();

/// Reads files, and all files *.yaml, *.yml and *.json of folders, in the order of their names.
tql::StatusOr<std::vector<CaseFile>> ReadCases(std::span<const std::string> paths);

/// The lines of a file that describe a case, as they are written; empty if it has no such case.
std::string SourceOf(const CaseFile& file, std::string_view id);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_CASE_FILES_H_
