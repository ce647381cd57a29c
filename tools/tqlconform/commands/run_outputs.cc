#include "tools/tqlconform/commands/run_outputs.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>
#include <string_view>
#include <utility>

#include "proto/base/file.h"
#include "proto/base/status_macros.h"
#include "tools/tqlconform/commands/commands.h"
#include "tools/tqlconform/report/formats.h"
#include "tools/tqlconform/report/outcomes.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

constexpr std::size_t kMaxListBytes = std::size_t{1} << 20;

StatusOr<std::string> ReadList(const std::string& path, bool may_be_missing) {
  StatusOr<std::string> text = tql::base::ReadFile(path, kMaxListBytes);
  if (text.ok()) return text;
  if (may_be_missing && text.status().code() == tql::StatusCode::kNotFound) return std::string();
  return Status(text.status().code(), path + ": " + text.status().message());
}

Status WriteFile(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return Status();
  }
  std::FILE* const file = std::fopen(path.c_str(), "wbe");
  const bool written =
      file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = file != nullptr && std::fclose(file) == 0;
  if (written && closed) return Status();
  return tql::UnavailableError(path + ": " + std::strerror(errno));
}

/// Each can be written, and none replaces another.
Status CheckReports(std::span<const ReportFile> reports) {
  std::set<std::string_view> paths;
  for (const ReportFile& report : reports) {
    if (!paths.insert(report.path).second) {
      return tql::InvalidArgumentError("--report: two reports have the file " + report.path);
    }
    if (report.path == "-") continue;
    std::FILE* const file = std::fopen(report.path.c_str(), "abe");
    if (file == nullptr) {
      return tql::NotFoundError("--report: " + report.path + ": " + std::strerror(errno));
    }
    std::fclose(file);
  }
  return Status();
}

}  // namespace

StatusOr<std::unique_ptr<RunOutputs>> RunOutputs::Open(const Flags& flags, std::size_t results,
                                                       std::span<const std::string> targets) {
  std::unique_ptr<RunOutputs> outputs(new RunOutputs(flags));
  if (flags.fix && flags.known_failing.empty()) {
    return tql::InvalidArgumentError("--fix needs --known-failing FILE");
  }
  if (!flags.known_failing.empty()) {
    TQL_ASSIGN_OR_RETURN(const std::string text, ReadList(flags.known_failing, flags.fix));
    TQL_ASSIGN_OR_RETURN(outputs->failing_,
                         KnownFailing::Parse(text, flags.known_failing, targets));
  }
  if (!flags.known_flaky.empty()) {
    TQL_ASSIGN_OR_RETURN(const std::string text, ReadList(flags.known_flaky, false));
    TQL_ASSIGN_OR_RETURN(outputs->flaky_, KnownFlaky::Parse(text, flags.known_flaky, targets));
  }
  TQL_RETURN_IF_ERROR(CheckReports(flags.reports));
  if (!flags.trace.empty()) {
    outputs->trace_.reset(flags.trace == "-" ? fdopen(dup(STDERR_FILENO), "w")
                                             : std::fopen(flags.trace.c_str(), "we"));
    if (!outputs->trace_) {
      return tql::NotFoundError("--trace: " + flags.trace + ": " + std::strerror(errno));
    }
  }
  outputs->progress_.emplace(results);
  return outputs;
}

RunOutputs::~RunOutputs() = default;

void RunOutputs::Add(const confpb::Result& result) {
  if (progress_) progress_->Add(result);
  if (!trace_ || result.exchange().empty()) return;
  std::string text = "== " + NameWithTarget(result) + ": " + std::string(NameOf(result)) + '\n';
  for (const confpb::Exchange& exchange : result.exchange()) {
    text += ShownExchange(exchange, std::string::npos);
  }
  std::fwrite(text.data(), 1, text.size(), trace_.get());
  std::fflush(trace_.get());
}

unsigned RunOutputs::TriesOf(std::string_view id, std::string_view target) const {
  return flaky_ ? flaky_->TriesOf(id, target) : 1;
}

int RunOutputs::Finish(const std::vector<CaseFile>& files, confpb::Report* report) {
  progress_.reset();
  report->set_tool("tqlconform " TQLKIT_VERSION);
  std::set<std::string> ids;
  for (const CaseFile& file : files) {
    for (const confpb::Case& test : file.suite.case_()) ids.insert(test.id());
  }
  if (failing_) failing_->Apply(ids, report);
  if (flaky_) flaky_->Apply(ids, report);
  // An output that cannot be written does not keep back the others.
  int status = ExitStatusOf(*report);
  const auto check = [&status](const Status& written) {
    if (!written.ok()) status = FailUsage(written);
  };
  check(Fix(*report));
  bool uses_output = false;
  for (const ReportFile& file : flags_.reports) {
    uses_output = uses_output || file.path == "-";
    check(WriteFile(file.path, FindReportWriter(file.format)(*report)));
  }
  const std::string console = ConsoleReport(*report);
  std::fwrite(console.data(), 1, console.size(), uses_output ? stderr : stdout);
  std::fflush(stdout);
  if (trace_ && std::ferror(trace_.get()) != 0) {
    check(tql::UnavailableError("--trace: " + flags_.trace + ": cannot be written"));
  }
  return status;
}

Status RunOutputs::Fix(const confpb::Report& report) const {
  if (!flags_.fix) return Status();
  // A run that ended early does not know what fails.
  if (!report.stopped().empty()) {
    std::fprintf(stderr, "tqlconform: %s is left as it is, because the run ended early\n",
                 flags_.known_failing.c_str());
    return Status();
  }
  const Status written = WriteFile(flags_.known_failing, failing_->Fixed(report));
  if (written.ok()) std::fprintf(stderr, "rewritten: %s\n", flags_.known_failing.c_str());
  return written;
}

}  // namespace tqlconform
