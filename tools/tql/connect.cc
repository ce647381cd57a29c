#include "tools/tql/connect.h"

#include <cstdlib>

#include "tools/tql/terminal.h"

namespace tql::shell {
namespace {

/// Who logs in: the flag, the URL, TQL_USER, or the account's name.
StatusOr<std::string> UserOf(const Flags& flags) {
  if (!flags.user.empty()) return flags.user;
  StatusOr<Url> url = Url::Parse(flags.url);
  if (!url.ok()) return url.status();
  if (!url->user.empty()) return url->user;
  for (const char* variable : {"TQL_USER", "USER"}) {
    if (const char* user = std::getenv(variable); user != nullptr && *user != '\0') {
      return std::string(user);
    }
  }
  return InvalidArgumentError("there is no user: give --user");
}

StatusOr<Credentials> CredentialsOf(const Flags& flags, const std::string& user) {
  if (!flags.password_file.empty()) {
    StatusOr<std::string> password = Credentials::FromFile(flags.password_file).password();
    // A mistake of the command line, not of the service.
    if (!password.ok()) return InvalidArgumentError(password.status().message());
    return Credentials::Password(*std::move(password));
  }
  if (std::getenv("TQL_PASSWORD") != nullptr) return Credentials::FromEnvironment();
  StatusOr<std::string> password = AskPassword(user);
  if (!password.ok()) return password.status();
  return Credentials::Password(*std::move(password));
}

}  // namespace

StatusOr<Client> Connect(const Flags& flags) {
  StatusOr<std::string> user = UserOf(flags);
  if (!user.ok()) return user.status();
  StatusOr<Credentials> credentials = CredentialsOf(flags, *user);
  if (!credentials.ok()) return credentials.status();
  Options options;
  options.user = *std::move(user);
  options.credentials = *std::move(credentials);
  options.database = flags.database;
  options.tls.ca_file = flags.ca_file;
  options.tls.insecure = flags.insecure;
  options.application = "tql";
  if (flags.timeout) {
    options.query_timeout = *flags.timeout;
    options.call_timeout = *flags.timeout;
  }
  return Client::Connect(flags.url, std::move(options));
}

std::string ConnectionOf(const Flags& flags) {
  const StatusOr<Url> url = Url::Parse(flags.url);
  const StatusOr<std::string> user = UserOf(flags);
  std::string text = url.ok() ? url->Origin() : flags.url;
  if (url.ok() && url->protocol == Protocol::kGrpc) text += ", gRPC";
  return user.ok() ? text + ", user " + *user : text;
}

}  // namespace tql::shell
