#include "tools/tqlmockd/upstream.h"

#include <memory>
#include <string>
#include <utility>

#include "tql/client.h"
#include "tql/profile.h"

namespace tqlmockd {
namespace {

using tql::InvalidArgumentError;
using tql::Status;

/// Flags that are of no use without others.
Status CheckFlags(const Flags& flags) {
  const UpstreamFlags& upstream = flags.upstream;
  if (!upstream.url.empty()) {
    if (flags.record.empty() != flags.diff) {
      return InvalidArgumentError("--upstream needs one of --record FILE and --diff");
    }
    if (upstream.insecure && !upstream.ca_file.empty()) {
      return InvalidArgumentError("--upstream-insecure and --upstream-cacert exclude each other");
    }
    return Status();
  }
  const std::pair<const char*, bool> needs[] = {
      {"--record", !flags.record.empty()},
      {"--diff", flags.diff},
      {"--allow-writes", upstream.allow_writes},
      {"--upstream-user", !upstream.user.empty()},
      {"--upstream-password-file", !upstream.password_file.empty()},
      {"--upstream-cacert", !upstream.ca_file.empty()},
      {"--upstream-insecure", upstream.insecure},
  };
  for (const auto& [flag, given] : needs) {
    if (given) return InvalidArgumentError(std::string(flag) + " needs --upstream URL");
  }
  return Status();
}

tql::StatusOr<tql::Target> TargetOf(const UpstreamFlags& flags) {
  tql::Options options;
  options.user = flags.user;
  options.tls.ca_file = flags.ca_file;
  options.tls.insecure = flags.insecure;
  options.application = "tqlmockd";
  if (!flags.password_file.empty()) {
    options.credentials = tql::Credentials::FromFile(flags.password_file);
  }
  auto target = tql::ResolveTarget(flags.url, std::move(options));
  if (!target.ok()) return InvalidArgumentError("--upstream: " + target.status().message());
  if (target->options.user.empty()) {
    return InvalidArgumentError("--upstream needs a user: give --upstream-user");
  }
  if (target->options.credentials.empty()) {
    return InvalidArgumentError(
        "--upstream needs a password: give --upstream-password-file, or set TQL_PASSWORD");
  }
  return target;
}

}  // namespace

tql::StatusOr<tql::mock::Upstream> ConnectUpstream(const Flags& flags) {
  if (Status status = CheckFlags(flags); !status.ok()) return status;
  if (flags.upstream.url.empty()) return tql::mock::Upstream();
  const auto target = TargetOf(flags.upstream);
  if (!target.ok()) return target.status();
  const auto& [url, options] = *target;
  const tql::StatusOr<std::string> password = options.credentials.password();
  if (!password.ok()) return InvalidArgumentError("--upstream: " + password.status().message());
  auto transport = tql::MakeTransport(url, options);
  if (!transport.ok()) return InvalidArgumentError("--upstream: " + transport.status().message());
  auto client = std::make_shared<tql::Client>(*std::move(transport), options);
  if (Status status = client->Login(options.user, *password); !status.ok()) {
    return Status(status.code(), "--upstream " + url.Origin() + ": " + status.message());
  }
  using Use = tql::mock::Upstream::Use;
  return tql::mock::Upstream{.use = flags.diff ? Use::kCompare : Use::kRecord,
                             .client = std::move(client),
                             .name = url.Origin(),
                             .allow_writes = flags.upstream.allow_writes};
}

}  // namespace tqlmockd
