// tql: a shell for ThoughtSpot's TQL service.
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string_view>
#include <utility>

#include "proto/base/file.h"
#include "tools/grpc_log.h"
#include "tools/tql/batch.h"
#include "tools/tql/commands/meta_commands.h"
#include "tools/tql/connect/connect.h"
#include "tools/tql/dry_run.h"
#include "tools/tql/flags.h"
#include "tools/tql/interactive.h"
#include "tools/tql/interrupts.h"
#include "tools/tql/load/load_command.h"
#include "tools/tql/render/output_file.h"
#include "tools/tql/server_script.h"
#include "tools/tql/session.h"
#include "tql/profile.h"

namespace tql::shell {
namespace {

constexpr std::size_t kMostStartFileBytes = std::size_t{1} << 20;

/// Prints the error and returns the exit status.
int Refused(const Status& status, ExitCode code) {
  std::cerr << "tql: " << status.message() << "\n";
  return static_cast<int>(code);
}

/// Executes the user's tqlrc before the prompt, but not in batch mode, which must not depend on the
/// user. An error ends tqlrc, but not the shell.
void RunStartFile(Session& session, const Flags& flags) {
  const std::filesystem::path profiles = DefaultProfileFile();
  if (flags.no_rc || profiles.empty()) return;
  const std::filesystem::path file = profiles.parent_path() / "tqlrc";
  if (access(file.c_str(), F_OK) != 0) return;
  // The file is executed with this user's rights.
  const Status trusted =
      base::ReadTrustedFile(file, kMostStartFileBytes, S_IWGRP | S_IWOTH).status();
  if (trusted.code() == StatusCode::kPermissionDenied) {
    session.err().WriteText("tql: " + file.string() + " is not run: " + trusted.message() + "\n");
    session.err().Flush();
    return;
  }
  MetaCommands commands(session, flags);
  commands.Run("\\i " + file.string());
}

ExitCode RunInSession(const Flags& flags, bool interactive, Output& out, Output& err) {
  Interrupts interrupts;
  StatusOr<Connection> connection = Connect(flags);
  if (!connection.ok()) {
    const bool usage = connection.status().code() == StatusCode::kInvalidArgument;
    err.WriteText("tql: " + connection.status().message() + "\n");
    return usage ? ExitCode::kUsage : ExitCode::kNoConnection;
  }
  Settings settings = flags.settings;
  if (!settings.format) settings.format = out.terminal() ? Format::kAligned : Format::kTql;
  if (interactive) settings.answer.reset();  // the user can be asked
  Session session(*connection, std::move(settings), out, err, interrupts);
  if (interactive) {
    RunStartFile(session, flags);
    return RunInteractive(session, interrupts, flags);
  }
  MetaCommands commands(session, flags);
  const ExitCode code = flags.server_script ? RunServerScripts(session, flags.inputs)
                                            : RunBatch(session, commands, flags.inputs);
  // Programs that drive the vendor's shell treat any other status as a failure of the shell.
  const bool forgiven = flags.settings.vendor && code == ExitCode::kStatementFailed;
  return forgiven ? ExitCode::kOk : code;
}

}  // namespace
}  // namespace tql::shell

int main(int argc, char** argv) {
  using namespace tql::shell;  // NOLINT: this file is nothing but the shell
  tql::tools::SilenceGrpc();
  if (const auto words = LoadWords(argc, argv)) return RunLoad(*words);
  ParsedFlags parsed = ParseFlags(argc, argv);
  if (!parsed.flags) return parsed.exit_status;
  Flags& flags = *parsed.flags;

  const bool interactive = flags.inputs.empty() && !flags.dry_run && !flags.server_script &&
                           isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  if (flags.inputs.empty() && !interactive) flags.inputs.push_back({Input::Kind::kFile, "-"});
  if (!CheckInputs(flags.inputs)) return static_cast<int>(ExitCode::kUsage);

  std::unique_ptr<OutputFile> file;
  if (!flags.output.empty()) {
    auto made = OutputFile::Create(flags.output);
    if (!made.ok()) return Refused(made.status(), ExitCode::kUsage);
    file = *std::move(made);
  }
  Output standard_out(STDOUT_FILENO);
  Output err(STDERR_FILENO);
  Output& out = file ? file->out() : standard_out;
  ExitCode code = ExitCode::kOk;
  if (flags.dry_run) {
    code = DryRun(flags.settings, flags.inputs, out, err);
  } else {
    code = RunInSession(flags, interactive, out, err);
  }
  const bool whole =
      code == ExitCode::kOk || (code == ExitCode::kStatementFailed && KeepsGoing(flags.settings));
  if (file && whole) {
    if (const tql::Status committed = file->Commit(); !committed.ok()) {
      return Refused(committed, ExitCode::kUsage);
    }
  }
  return static_cast<int>(code);
}
