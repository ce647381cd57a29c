#include "tools/tql/load/load_command.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "tools/tql/connect/connect.h"
#include "tools/tql/copy/copy_source.h"
#include "tools/tql/interrupts.h"
#include "tools/tql/load/load_flags.h"
#include "tools/tql/render/output.h"
#include "tools/tql/render/output_file.h"
#include "tools/tql/render/progress_display.h"
#include "tql/load.h"

namespace tql::shell {
namespace {

std::string Counted(std::int64_t count, const std::string& what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

/// A load from the command line.
class LoadCommand {
 public:
  LoadCommand(LoadFlags flags, Interrupts& interrupts)
      : flags_(std::move(flags)), interrupts_(interrupts), err_(STDERR_FILENO), progress_(err_) {}

  ExitCode Run() {
    const std::stop_token stop = interrupts_.BeginStatement();
    StatusOr<Target> target = TargetOf(flags_.connection, stop);
    if (!target.ok()) {
      const bool usage = target.status().code() == StatusCode::kInvalidArgument;
      return Fail(target.status(), usage ? ExitCode::kUsage : ExitCode::kNoConnection);
    }
    UseTsloadPort(*target);
    if (const Status opened = source_.Open(flags_.source_file); !opened.ok()) {
      return Fail(opened, ExitCode::kUsage);
    }
    if (!flags_.bad_records_file.empty()) {
      auto file = OutputFile::Create(flags_.bad_records_file);
      if (!file.ok()) return Fail(file.status(), ExitCode::kUsage);
      bad_records_ = *std::move(file);
    }
    Prepare(stop);
    const LoadOutcome outcome = Load(target->url, target->options, flags_.request);
    progress_.Erase();
    const bool interrupted = interrupts_.EndStatement();
    return Report(outcome, interrupted);
  }

 private:
  /// A cluster serves tsload on a port of its own. The mock server serves it on every port.
  static void UseTsloadPort(Target& target) {
    Url& url = target.url;
    if (!url.tls || url.port != kDefaultHttpsPort) return;
    const std::string host =
        url.host.find(':') == std::string::npos ? url.host : '[' + url.host + ']';
    url.port = kTsloadPort;
    target.options.hosts.insert(target.options.hosts.begin(),
                                host + ':' + std::to_string(kDefaultHttpsPort));
  }

  void Prepare(const std::stop_token& stop) {
    LoadRequest& request = flags_.request;
    request.stop = stop;
    request.source = [this, stop](char* into, std::size_t size) {
      StatusOr<std::size_t> got = source_.Read(into, size, stop);
      if (!got.ok() && !stop.stop_requested()) unreadable_ = true;
      return got;
    };
    if (bad_records_) {
      request.on_bad_records = [this](std::string_view piece) {
        bad_records_->out().Write(piece);
        return Status();
      };
    }
    if (!flags_.progress || !err_.terminal()) return;
    request.on_progress = [this](const LoadProgress& progress) { Show(progress); };
  }

  void Show(const LoadProgress& progress) {
    const bool uploading = progress.stage == "INGESTING" && progress.rows_written == 0;
    if (!uploading) {
      return progress_.Show({"store", "storing", -1, Counted(progress.rows_written, "row")});
    }
    const double part = source_.size() == 0 ? -1
                                            : 100.0 * static_cast<double>(progress.bytes_sent) /
                                                  static_cast<double>(source_.size());
    progress_.Show({"upload", "uploading", static_cast<int>(std::min(part, 100.0)),
                    Counted(static_cast<std::int64_t>(progress.bytes_sent >> 20), "MiB")});
  }

  ExitCode Report(const LoadOutcome& outcome, bool interrupted) {
    for (const std::string& error : outcome.parsing_errors) err_.WriteText(error + '\n');
    if (bad_records_ && outcome.ignored_rows > 0) {
      if (const Status written = bad_records_->Commit(); !written.ok()) {
        return Fail(written, ExitCode::kUsage);
      }
    }
    if (!outcome.status.ok()) {
      return Fail(outcome.status, interrupted ? ExitCode::kInterrupted : CodeOf(outcome));
    }
    err_.WriteText(Counted(outcome.rows_written, "row") +
                   (flags_.request.validate_only ? " valid, " : " loaded, ") +
                   Counted(outcome.ignored_rows, "row") + " ignored\n");
    err_.Flush();
    return ExitCode::kOk;
  }

  ExitCode CodeOf(const LoadOutcome& outcome) const {
    if (unreadable_) return ExitCode::kUsage;
    // A request that the service rejects has reached it.
    const bool answered = outcome.status.code() == StatusCode::kInvalidArgument ||
                          outcome.status.code() == StatusCode::kPermissionDenied;
    const bool started = !outcome.cycle_id.empty() || answered;
    return started ? ExitCode::kStatementFailed : ExitCode::kNoConnection;
  }

  ExitCode Fail(const Status& status, ExitCode code) {
    err_.WriteText("tql load: " + status.message() + '\n');
    err_.Flush();
    return code;
  }

  LoadFlags flags_;
  Interrupts& interrupts_;
  Output err_;
  ProgressDisplay progress_;
  CopySource source_;
  std::unique_ptr<OutputFile> bad_records_;
  bool unreadable_ = false;  // the source
};

}  // namespace

std::optional<std::vector<std::string>> LoadWords(int argc, const char* const* argv) {
  const bool by_name = argc > 0 && std::string_view(argv[0]).ends_with("tsload");
  if (by_name) return std::vector<std::string>(argv + 1, argv + argc);
  if (argc < 2 || std::string_view(argv[1]) != "load") return std::nullopt;
  return std::vector<std::string>(argv + 2, argv + argc);
}

int RunLoad(const std::vector<std::string>& words) {
  ParsedLoadFlags parsed = ParseLoadFlags(words);
  if (!parsed.flags) return parsed.exit_status;
  Interrupts interrupts;
  return static_cast<int>(LoadCommand(*std::move(parsed.flags), interrupts).Run());
}

}  // namespace tql::shell
