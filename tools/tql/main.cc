// tql: a shell for ThoughtSpot's TQL service.
#include <langinfo.h>
#include <unistd.h>

#include <clocale>
#include <string_view>

#include "tools/grpc_log.h"
#include "tools/tql/batch.h"
#include "tools/tql/connect.h"
#include "tools/tql/flags.h"
#include "tools/tql/interactive.h"
#include "tools/tql/interrupts.h"
#include "tools/tql/session.h"

namespace {

/// TQL is UTF-8, whatever the environment says of the rest or leaves out.
void UseUtf8() {
  std::setlocale(LC_CTYPE, "");
  if (std::string_view(nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

int main(int argc, char** argv) {
  using namespace tql::shell;  // NOLINT: this file is nothing but the shell
  tql::tools::SilenceGrpc();
  UseUtf8();
  ParsedFlags parsed = ParseFlags(argc, argv);
  if (!parsed.flags) return parsed.exit_status;
  Flags& flags = *parsed.flags;

  const bool interactive =
      flags.inputs.empty() && isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  if (flags.inputs.empty() && !interactive) flags.inputs.push_back({Input::Kind::kFile, "-"});
  if (!CheckInputs(flags.inputs)) return static_cast<int>(ExitCode::kUsage);

  Output out(STDOUT_FILENO);
  Output err(STDERR_FILENO);
  Interrupts interrupts;
  tql::StatusOr<tql::Client> client = Connect(flags);
  if (!client.ok()) {
    err.WriteText("tql: " + client.status().message() + "\n");
    const bool usage = client.status().code() == tql::StatusCode::kInvalidArgument;
    return static_cast<int>(usage ? ExitCode::kUsage : ExitCode::kNoConnection);
  }
  Session::Options options;
  options.format =
      flags.format.value_or(isatty(STDOUT_FILENO) != 0 ? Format::kAligned : Format::kTql);
  options.top = flags.top;
  options.show_progress = isatty(STDERR_FILENO) != 0;
  Session session(*client, options, out, err, interrupts);
  return static_cast<int>(interactive ? RunInteractive(session, interrupts, flags)
                                      : RunBatch(session, flags.inputs));
}
