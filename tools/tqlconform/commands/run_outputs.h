// The outputs of a run: progress, trace and reports; and the lists of known failures.
#ifndef TQLKIT_TOOLS_TQLCONFORM_COMMANDS_RUN_OUTPUTS_H_
#define TQLKIT_TOOLS_TQLCONFORM_COMMANDS_RUN_OUTPUTS_H_

#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlconform/commands/flags.h"
#include "tools/tqlconform/report/console.h"
#include "tools/tqlconform/report/known.h"
#include "tools/tqlconform/suite/case_files.h"
#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tqlconform {

/// Of one run. Open it before the run, so that a file that cannot be read or written is known
/// early.
class RunOutputs {
 public:
  /// Reads the lists, opens the trace, and checks that the reports can be written. `results` is the
  /// number of results to come, `targets` what the lists may name, in lower case; none: anything.
  static tql::StatusOr<std::unique_ptr<RunOutputs>> Open(const Flags& flags, std::size_t results,
                                                         std::span<const std::string> targets = {});
  ~RunOutputs();
  RunOutputs(const RunOutputs&) = delete;
  RunOutputs& operator=(const RunOutputs&) = delete;

  /// Takes each result as it becomes known.
  void Add(const confpb::Result& result);
  /// How often a case may be run until it passes.
  unsigned TriesOf(std::string_view id, std::string_view target) const;

  /// Judges the report by the lists, and writes everything, regardless of what cannot be written.
  /// Returns the exit status of the program.
  int Finish(const std::vector<CaseFile>& files, confpb::Report* report);

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, CloseFile>;

  explicit RunOutputs(const Flags& flags) : flags_(flags) {}
  /// Rewrites the list of known failures, if that is asked for.
  tql::Status Fix(const confpb::Report& report) const;

  const Flags& flags_;
  std::optional<KnownFailing> failing_;
  std::optional<KnownFlaky> flaky_;
  File trace_;
  std::optional<Progress> progress_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_COMMANDS_RUN_OUTPUTS_H_
