#include "tools/tql/connect/connect.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "proto/base/environment.h"
#include "tools/tql/edit/terminal.h"
#include "tools/tql/render/characters.h"
#include "tql/profile.h"

namespace tql::shell {
namespace {

constexpr std::string_view kDefaultUrl = "https://127.0.0.1:8443";

Status Contradiction(const std::string& flag, const std::string& said, const std::string& url) {
  return InvalidArgumentError("--" + flag + " says '" + said + "', and the URL '" + url +
                              "'; give one of them");
}

/// Returns INVALID_ARGUMENT if a flag and the URL contradict each other.
Status CheckAgainstUrl(const Flags& flags, const Url& url) {
  if (!flags.host.empty()) {
    StatusOr<HostPort> host = HostPort::Parse(flags.host, url.tls);
    if (!host.ok()) return InvalidArgumentError("--host: " + host.status().message());
    if (*host != HostPort{url.host, url.port}) {
      return Contradiction("host", flags.host, url.Origin());
    }
  }
  const struct {
    const char* flag;
    const std::string& said;
    const std::string& url;
  } settings[] = {{"user", flags.user, url.user},
                  {"database", flags.database, url.database},
                  {"schema", flags.schema, url.schema},
                  {"cacert", flags.ca_file, url.ca_file.value_or("")}};
  for (const auto& setting : settings) {
    if (setting.said.empty() || setting.url.empty() || setting.said == setting.url) continue;
    return Contradiction(setting.flag, setting.said, setting.url);
  }
  if (flags.insecure && url.insecure == false) return Contradiction("insecure", "true", "false");
  if (flags.timeout && url.timeout && *flags.timeout != *url.timeout) {
    return Contradiction("timeout", std::to_string(flags.timeout->count()) + "ms",
                         std::to_string(url.timeout->count()) + "ms");
  }
  return {};
}

/// Returns the URL of the flags; empty if that of the environment, the profile or the default
/// applies.
StatusOr<std::string> UrlOf(const Flags& flags) {
  if (flags.host.find("://") != std::string::npos) {
    return InvalidArgumentError("--host takes HOST[:PORT] alone; give a URL without it: tql URL");
  }
  if (!flags.url.empty()) return flags.url;
  return flags.host.empty() ? "" : "https://" + flags.host;
}

/// Writes a log line immediately. May be called by any thread.
void WriteLog(std::string_view lines) {
  const std::string text = isatty(STDERR_FILENO) == 1 ? VisibleLines(lines) : std::string(lines);
  (void)!write(STDERR_FILENO, text.data(), text.size());
}

/// Resolves the URL and the options, except the password.
StatusOr<Target> TargetWithoutPassword(const Flags& flags) {
  StatusOr<std::string> url = UrlOf(flags);
  if (!url.ok()) return url.status();
  if (!url->empty()) {
    StatusOr<Url> parsed = Url::Parse(*url);
    if (!parsed.ok()) return parsed.status();
    if (Status status = CheckAgainstUrl(flags, *parsed); !status.ok()) return status;
  }
  Options options;
  options.profile = flags.profile;
  options.user = flags.user;
  options.database = flags.database;
  options.schema = flags.schema;
  options.tls.ca_file = flags.ca_file;
  options.tls.insecure = flags.insecure;
  options.application = "tql";
  if (flags.debug) options.wire_log = WriteLog;
  if (!flags.password_file.empty()) {
    options.credentials = Credentials::FromFile(flags.password_file);
  }
  if (flags.timeout) {
    options.query_timeout = *flags.timeout;
    options.call_timeout = *flags.timeout;
  }
  StatusOr<Target> target = ResolveTarget(*url, std::move(options), kDefaultUrl);
  if (!target.ok()) return InvalidArgumentError(target.status().message());
  if (target->options.user.empty()) target->options.user = base::Environment("USER");
  if (target->options.user.empty()) return InvalidArgumentError("no user is set: give --user");
  return target;
}

}  // namespace

StatusOr<Target> TargetOf(const Flags& flags, const std::stop_token& stop) {
  StatusOr<Target> target = TargetWithoutPassword(flags);
  if (!target.ok()) return target;
  Options& options = target->options;
  const bool asks = options.credentials.empty();
  StatusOr<std::string> password =
      asks ? AskPassword(options.user, stop) : options.credentials.password();
  if (!password.ok()) {
    // An invalid file or variable is a usage error, not an error of the service.
    return asks ? password.status() : InvalidArgumentError(password.status().message());
  }
  options.credentials = Credentials::Password(*std::move(password));
  return target;
}

StatusOr<Connection> Connect(const Flags& flags, const std::stop_token& stop) {
  const StatusOr<Target> target = TargetOf(flags, stop);
  if (!target.ok()) return target.status();
  const auto& [url, options] = *target;
  const StatusOr<std::string> password = options.credentials.password();
  if (!password.ok()) return password.status();
  StatusOr<std::shared_ptr<Transport>> transport = MakeTransport(url, options);
  if (!transport.ok()) return transport.status();
  Client client(*std::move(transport), options);
  if (Status status = client.Login(options.user, *password); !status.ok()) return status;
  const std::string protocol = url.protocol == Protocol::kGrpc ? ", gRPC" : "";
  return Connection{std::move(client), url.Origin() + protocol + ", user " + options.user, *target};
}

}  // namespace tql::shell
