#include <malloc.h>

#include <csignal>
#include <cstdio>
#include <stop_token>
#include <string_view>
#include <variant>

#include "tools/grpc_log.h"
#include "tools/signals.h"
#include "tools/tqlconform/commands/commands.h"
#include "tools/tqlconform/commands/flags.h"

namespace {

/// A command that runs nothing that could be stopped.
template <int (*run)(const tqlconform::Flags& flags)>
int Alone(const tqlconform::Flags& flags, const std::stop_token&) {
  return run(flags);
}

struct Command {
  std::string_view name;
  int (*run)(const tqlconform::Flags& flags, const std::stop_token& stop);
};

constexpr Command kCommands[] = {
    {"server", tqlconform::ServerCommand},     {"client", tqlconform::ClientCommand},
    {"selftest", tqlconform::SelftestCommand}, {"list", Alone<tqlconform::ListCommand>},
    {"show", Alone<tqlconform::ShowCommand>},  {"lint", Alone<tqlconform::LintCommand>},
    {"diff", Alone<tqlconform::DiffCommand>},
};

/// A report that was not written to standard output is lost, so that the status would mislead.
int AfterOutput(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  return tqlconform::FailUsage(tql::UnavailableError("standard output cannot be written"));
}

}  // namespace

int main(int argc, char** argv) {
  tql::tools::SilenceGrpc();
  // Otherwise the allocator raises this limit, and keeps the memory of large responses.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  const std::variant<tqlconform::Flags, int> parsed = tqlconform::ParseFlags(argc, argv);
  if (const int* const status = std::get_if<int>(&parsed)) return *status;
  const auto& flags = std::get<tqlconform::Flags>(parsed);
  // A program under test would outlive this one, and so would its temporary folder.
  constexpr int kAtOnce[] = {SIGQUIT, SIGALRM, SIGXCPU, SIGUSR2};
  const tql::tools::Signals signals(kAtOnce);
  for (const Command& command : kCommands) {
    if (command.name == flags.command) return AfterOutput(command.run(flags, signals.token()));
  }
  return 2;
}
