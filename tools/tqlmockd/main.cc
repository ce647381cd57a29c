#include <variant>

#include "tools/grpc_log.h"
#include "tools/signals.h"
#include "tools/tqlmockd/flags.h"
#include "tools/tqlmockd/ready.h"
#include "tools/tqlmockd/run.h"

int main(int argc, char** argv) {
  tql::tools::SilenceGrpc();
  const auto started = tqlmockd::ProcessStart();
  std::variant<tqlmockd::Flags, int> flags = tqlmockd::ParseFlags(argc, argv);
  if (const int* status = std::get_if<int>(&flags)) return *status;
  const tql::tools::Signals signals;
  return tqlmockd::Run(std::get<tqlmockd::Flags>(std::move(flags)), signals, started);
}
