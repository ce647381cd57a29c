#include "tools/tql/connect/connect.h"

#include <unistd.h>

#include "proto/base/environment.h"
#include "tools/tql/edit/terminal.h"
#include "tools/tql/render/visible.h"
#include "tql/profile.h"

namespace tql::shell {
namespace {

constexpr std::string_view kDefaultUrl = "https://127.0.0.1:8443";

Status Contradiction(const std::string& flag, const std::string& said, const std::string& url) {
  return InvalidArgumentError("--" + flag + " says '" + said + "', and the URL '" + url +
                              "'; give one of them");
}

/// INVALID_ARGUMENT when a flag and the URL say different things.
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

/// Where the flags say to connect to; empty: where environment or profile say.
StatusOr<std::string> UrlOf(const Flags& flags) {
  if (flags.host.find("://") != std::string::npos) {
    return InvalidArgumentError("--host takes HOST[:PORT] alone; give a URL without it: tql URL");
  }
  if (!flags.url.empty()) return flags.url;
  if (!flags.host.empty()) return "https://" + flags.host;
  if (!base::Environment("TQL_URL").empty()) return std::string();
  const std::string name = flags.profile.empty() ? base::Environment("TQL_PROFILE") : flags.profile;
  if (name.empty()) return std::string(kDefaultUrl);
  StatusOr<Profile> profile = ReadProfile(name, DefaultProfileFile());
  if (!profile.ok()) return InvalidArgumentError(profile.status().message());
  return profile->url.empty() ? std::string(kDefaultUrl) : std::string();
}

/// At once, from any thread.
void WriteLog(std::string_view lines) {
  const std::string text = isatty(STDERR_FILENO) == 1 ? VisibleLines(lines) : std::string(lines);
  (void)!write(STDERR_FILENO, text.data(), text.size());
}

/// All but the password.
StatusOr<Target> TargetOf(const Flags& flags) {
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
  StatusOr<Target> target = ResolveTarget(*url, std::move(options));
  if (!target.ok()) return InvalidArgumentError(target.status().message());
  if (target->options.user.empty()) target->options.user = base::Environment("USER");
  if (target->options.user.empty()) return InvalidArgumentError("there is no user: give --user");
  return target;
}

}  // namespace

StatusOr<Client> Connect(const Flags& flags, const std::stop_token& stop) {
  StatusOr<Target> target = TargetOf(flags);
  if (!target.ok()) return target.status();
  Options& options = target->options;
  StatusOr<std::string> password = options.credentials.empty() ? AskPassword(options.user, stop)
                                                               : options.credentials.password();
  if (!password.ok() && !options.credentials.empty()) {
    // A mistake of the command line, not of the service.
    return InvalidArgumentError(password.status().message());
  }
  if (!password.ok()) return password.status();
  options.credentials = Credentials::Password(*std::move(password));
  StatusOr<std::string> url = UrlOf(flags);
  return Client::Connect(*url, std::move(options));
}

std::string ConnectionOf(const Flags& flags) {
  const StatusOr<Target> target = TargetOf(flags);
  if (!target.ok()) return flags.url;
  std::string text = target->url.Origin();
  if (target->url.protocol == Protocol::kGrpc) text += ", gRPC";
  return text + ", user " + target->options.user;
}

}  // namespace tql::shell
