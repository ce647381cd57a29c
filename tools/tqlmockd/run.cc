#include "tools/tqlmockd/run.h"

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tools/tqlmockd/check.h"
#include "tools/tqlmockd/log.h"
#include "tools/tqlmockd/ready.h"
#include "tools/tqlmockd/recording_file.h"
#include "tools/tqlmockd/service_manager.h"
#include "tools/tqlmockd/upstream.h"

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

/// The time that the log shows: that of --clock, which runs with the machine's unless it is frozen.
std::function<std::chrono::system_clock::time_point()> LogTime(const tql::mock::Config& config) {
  using Clock = std::chrono::system_clock;
  if (!config.time) return Clock::now;
  if (config.freeze_time) return [time = *config.time] { return time; };
  return [ahead = *config.time - Clock::now()] { return Clock::now() + ahead; };
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

int Run(Flags flags, const tql::tools::Signals& signals,
        std::chrono::steady_clock::time_point started) {
  if (!flags.check.empty()) return CheckServer(flags.check);
  const tql::mock::Config& config = flags.server;
  const bool grpc_tls = config.grpc != "off" && !config.grpc_plaintext;
  const bool https = config.https != "off" || config.tsload != "off";
  if (!flags.tls_cert_out.empty() && !https && !grpc_tls) {
    return Fail(
        tql::InvalidArgumentError("--tls-cert-out needs --https, --tsload, or --grpc over TLS"));
  }
  std::vector<std::string> written = {flags.ready_file, flags.tls_cert_out, flags.record};
  for (const ReportFile& report : flags.reports) written.push_back(report.path);
  for (const std::string& path : written) {
    if (path.empty()) continue;
    if (Status status = CheckReplaceable(path); !status.ok()) return Fail(status);
  }
  if (config.https == "off" && config.http == "off" && config.grpc == "off" &&
      config.tsload == "off" && config.thena == "off") {
    return Fail(tql::InvalidArgumentError(
        "--https, --http, --grpc, --tsload and --thena are all off: the server would be "
        "unreachable"));
  }
  RemoveReadyFile(flags.ready_file);
  flags.log.now = LogTime(config);
  auto upstream = ConnectUpstream(flags);
  if (!upstream.ok()) return Fail(upstream.status());
  flags.server.upstream = *std::move(upstream);
  flags.server.log = MakeLog(flags.log);
  flags.server.log_level = flags.log.level.value_or(tql::mock::LogLevel::kError);
  TakeProtobufLog(flags.server.log);
  flags.server.stop = signals.token();
  const auto server = tql::mock::Server::Create(flags.server);
  if (!server.ok()) return signals.token().stop_requested() ? 0 : Fail(server.status());
  RecordingFile recording(**server, flags.record);
  if (Status status = recording.Start(); !status.ok()) return Fail(status);
  if (Status status = Announce(**server, flags, started); !status.ok()) return Fail(status);
  signals.Wait();
  NotifyServiceManager("STOPPING=1");
  RemoveReadyFile(flags.ready_file);
  bool met = !flags.fail_unmet || VerifyAll(**server);
  (*server)->Stop();
  if (Status status = recording.Finish(); !status.ok()) return Fail(status);
  for (const ReportFile& report : flags.reports) {
    const Status status =
        WriteFileAtomically(report.path, (*server)->Report(report.format), kForOwner);
    if (!status.ok()) return Fail(status);
  }
  if (flags.diff) std::fprintf(stderr, "tqlmockd: %s", (*server)->Differences().c_str());
  if (flags.fail_unmet && !(*server)->EqualsUpstream()) met = false;
  return met ? 0 : kUnmet;
}

}  // namespace tqlmockd
