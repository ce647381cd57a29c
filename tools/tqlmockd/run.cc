#include "tools/tqlmockd/run.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "tools/tqlmockd/log.h"
#include "tools/tqlmockd/ready.h"

namespace tqlmockd {
namespace {

using tql::Status;
using tql::StatusCode;

constexpr mode_t kForOwner = 0600;
constexpr mode_t kForAll = 0644;  // a certificate is no secret, and other users' clients trust it

int Fail(const Status& status) {
  std::fprintf(stderr, "tqlmockd: %s\n", status.message().c_str());
  return status.code() == StatusCode::kInvalidArgument ? 1 : 2;
}

/// Removes the line of an earlier server, so that it is not taken for that of this one.
void RemoveReadyFile(const std::string& path) {
  std::error_code ignored;
  if (!path.empty()) std::filesystem::remove(path, ignored);
}

Status Announce(const tql::mock::Server& server, const Flags& flags,
                std::chrono::steady_clock::time_point started) {
  if (!flags.tls_cert_out.empty()) {
    const Status status =
        WriteFileAtomically(flags.tls_cert_out, server.certificate_pem(), kForAll);
    if (!status.ok()) return status;
  }
  const std::string line = ReadyLine(server, started);
  if (!flags.ready_file.empty()) {
    const Status status = WriteFileAtomically(flags.ready_file, line, kForOwner);
    if (!status.ok()) return status;
  }
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
  return Status();
}

}  // namespace

int Run(Flags flags, const Signals& signals, std::chrono::steady_clock::time_point started) {
  const tql::mock::Config& config = flags.server;
  const bool grpc_tls = config.grpc != "off" && !config.grpc_plaintext;
  if (!flags.tls_cert_out.empty() && config.https == "off" && !grpc_tls) {
    return Fail(tql::InvalidArgumentError("--tls-cert-out needs --https, or --grpc over TLS"));
  }
  for (const std::string& path : {flags.ready_file, flags.tls_cert_out}) {
    if (path.empty()) continue;
    if (Status status = CheckReplaceable(path); !status.ok()) return Fail(status);
  }
  if (config.https == "off" && config.http == "off" && config.grpc == "off") {
    return Fail(tql::InvalidArgumentError(
        "--https, --http and --grpc are all off: the server would be unreachable"));
  }
  RemoveReadyFile(flags.ready_file);
  flags.server.log = MakeLog(flags.log);
  TakeProtobufLog(flags.server.log);
  flags.server.stop = signals.token();
  const auto server = tql::mock::Server::Create(flags.server);
  if (!server.ok()) return signals.token().stop_requested() ? 0 : Fail(server.status());
  if (Status status = Announce(**server, flags, started); !status.ok()) return Fail(status);
  signals.Wait();
  RemoveReadyFile(flags.ready_file);
  (*server)->Stop();
  return 0;
}

}  // namespace tqlmockd
