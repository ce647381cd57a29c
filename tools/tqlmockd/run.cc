#include "tools/tqlmockd/run.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "tools/tqlmockd/check.h"
#include "tools/tqlmockd/log.h"
#include "tools/tqlmockd/ready.h"
#include "tools/tqlmockd/service_manager.h"

namespace tqlmockd {
namespace {

using tql::Status;
using tql::StatusCode;

constexpr mode_t kForOwner = 0600;
constexpr mode_t kForAll = 0644;  // a certificate is no secret, and other users' clients trust it

constexpr int kUnmet = 4;  // exit status

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
  if (flags.ready_fd >= 0) {
    if (Status status = WriteToDescriptor(flags.ready_fd, line); !status.ok()) return status;
  }
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
  NotifyServiceManager("READY=1");
  return Status();
}

/// Verifies every namespace, and reports those whose verification fails. Returns whether none did.
bool VerifyAll(tql::mock::Server& server) {
  bool ok = true;
  for (const std::string& name : server.Namespaces()) {
    const Status status = server.Find(name).Verify();
    if (status.ok()) continue;
    ok = false;
    std::fprintf(stderr, "tqlmockd: namespace %s:\n%s", name.c_str(), status.message().c_str());
  }
  return ok;
}

}  // namespace

int Run(Flags flags, const Signals& signals, std::chrono::steady_clock::time_point started) {
  if (!flags.check.empty()) return CheckServer(flags.check);
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
  flags.server.log_level = flags.log.level.value_or(tql::mock::LogLevel::kError);
  TakeProtobufLog(flags.server.log);
  flags.server.stop = signals.token();
  const auto server = tql::mock::Server::Create(flags.server);
  if (!server.ok()) return signals.token().stop_requested() ? 0 : Fail(server.status());
  if (Status status = Announce(**server, flags, started); !status.ok()) return Fail(status);
  signals.Wait();
  NotifyServiceManager("STOPPING=1");
  RemoveReadyFile(flags.ready_file);
  const bool met = !flags.fail_unmet || VerifyAll(**server);
  (*server)->Stop();
  return met ? 0 : kUnmet;
}

}  // namespace tqlmockd
