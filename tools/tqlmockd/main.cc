#include <malloc.h>

#include <variant>

#include "tools/grpc_log.h"
#include "tools/signals.h"
#include "tools/tqlmockd/flags.h"
#include "tools/tqlmockd/ready.h"
#include "tools/tqlmockd/run.h"

namespace {

/// A statement with thousands of rows needs some MiB for a few milliseconds. By default they go
/// back to the kernel each time, and the page faults of the next statement take as long as its
/// rows. Each of the allocator's arenas keeps at most this much.
void KeepMemoryBetweenStatements() {
  mallopt(M_MMAP_THRESHOLD, 2 << 20);
  mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

}  // namespace

int main(int argc, char** argv) {
  KeepMemoryBetweenStatements();
  tql::tools::SilenceGrpc();
  const auto started = tqlmockd::ProcessStart();
  std::variant<tqlmockd::Flags, int> flags = tqlmockd::ParseFlags(argc, argv);
  if (const int* status = std::get_if<int>(&flags)) return *status;
  const tql::tools::Signals signals;
  return tqlmockd::Run(std::get<tqlmockd::Flags>(std::move(flags)), signals, started);
}
