// Adapters: how programs under test are called, and how their output is read.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_ADAPTER_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_ADAPTER_H_

#include <chrono>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlconform/client/observation.h"
#include "tools/tqlconform/suite/case_files.h"
#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tqlconform {

/// The adapters that the build has embedded in the program: full, tql, vendor, wire.
std::span<const EmbeddedFile> EmbeddedAdapters();

/// The built-in adapter of this name; otherwise the adapter that the file of this name describes.
/// INVALID_ARGUMENT with the place of a mistake; NOT_FOUND.
tql::StatusOr<confpb::Adapter> FindAdapter(const std::string& name_or_file);

/// One run of the program under test.
struct Job {
  const confpb::Case* test = nullptr;
  Place place = {};
  std::chrono::milliseconds within{0};  // For each statement; the program receives it.
  std::chrono::steady_clock::time_point deadline = {};  // When it is ended.
  std::stop_token stop = {};
};

/// Checks that each ${NAME} in the texts of the adapter is one that its caller knows. The error has
/// the field, e.g. "argument[2]".
tql::Status CheckVariables(const confpb::Adapter& adapter);

/// Calls a program in one depth. Thread safety: one thread for each object.
class ProgramCaller {
 public:
  virtual ~ProgramCaller() = default;
  virtual Observation Run(const Job& job) = 0;
};

/// `environment` has NAME=VALUE.
std::unique_ptr<ProgramCaller> MakeCaller(const confpb::Adapter& adapter,
                                          const std::vector<std::string>& command,
                                          const std::vector<std::string>& environment);

/// Full depth: one program for all cases, or, if it exits after its result, one for each.
std::unique_ptr<ProgramCaller> MakeFullCaller(const std::vector<std::string>& command,
                                              const std::vector<std::string>& environment);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_ADAPTER_H_
