#include "tools/tqlmockd/flags.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "tools/documents/documents.h"
#include "tools/tqlmockd/private_files.h"
#include "tools/tqlmockd/values.h"

namespace tqlmockd {
namespace {

using tql::Status;

Status AddUser(Flags& flags, const std::string& value, bool can_manage_data) {
  auto user = ParseUser(value);
  if (!user.ok()) return user.status();
  user->can_manage_data = can_manage_data;
  flags.server.users.push_back(*std::move(user));
  return Status();
}

Status AddUsersOf(Flags& flags, const std::string& file) {
  auto users = ReadUserFile(file);
  if (!users.ok()) return users.status();
  for (tql::mock::User& user : *users) flags.server.users.push_back(std::move(user));
  return Status();
}

template <typename Value, typename Field>
Status Store(tql::StatusOr<Value> value, Field& field) {
  if (!value.ok()) return value.status();
  field = static_cast<Field>(*value);
  return Status();
}

Status Copy(const std::string& value, std::string& field) {
  field = value;
  return Status();
}

constexpr char kControlTokenVariable[] = "TQLMOCKD_CONTROL_TOKEN";

struct Flag {
  const char* name;
  const char* value;  // The placeholder of the value in the help; null for a switch.
  const char* help;
  Status (*set)(Flags& flags, const std::string& value);
  bool repeatable = false;
};

const Flag kFlags[] = {
    {"--https", "HOST:PORT|off", "Address for HTTPS [127.0.0.1:8443]; port 0 selects a free one",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.https); }},
    {"--http", "HOST:PORT|off", "Address for plain HTTP [127.0.0.1:8080]",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.http); }},
    {"--grpc", "HOST:PORT|off", "Address for gRPC over TLS [127.0.0.1:8444]",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.grpc); }},
    {"--grpc-plaintext", nullptr, "Serve gRPC without TLS",
     [](Flags& f, const std::string& v) { return Store(ParseSwitch(v), f.server.grpc_plaintext); }},
    {"--data", "PATH|:memory:", "File that stores databases and rows [:memory:]",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.data); }},
    {"--user", "NAME:PASSWORD", "User who may log in [tsadmin:admin]; repeatable",
     [](Flags& f, const std::string& v) { return AddUser(f, v, true); }, true},
    {"--user-file", "FILE",
     "Users who may log in, a line NAME:PASSWORD each; nobody else may have access to it; "
     "repeatable",
     AddUsersOf, true},
    {"--user-without-privileges", "NAME:PASSWORD",
     "User who may log in but not run statements; repeatable",
     [](Flags& f, const std::string& v) { return AddUser(f, v, false); }, true},
    {"--allow-default-password", nullptr,
     "Allow tsadmin:admin on an address that other machines can reach",
     [](Flags& f, const std::string& v) {
       return Store(ParseSwitch(v), f.server.allow_default_password);
     }},
    {"--init", "FILE.tql", "Script to run before the ports open; repeatable",
     [](Flags& f, const std::string& v) {
       f.server.init_files.push_back(v);
       return Status();
     },
     true},
    {"--plan", "FILE", "Plan of rules in YAML or JSON, see \"Test double\"; repeatable",
     [](Flags& f, const std::string& v) {
       f.server.plan_files.push_back(v);
       return Status();
     },
     true},
    {"--journal", "N|off", "Entries that the journal of a namespace keeps [10000]",
     [](Flags& f, const std::string& v) {
       if (v != "off") return Store(ParseCount(v), f.server.journal_entries);
       f.server.journal_entries = 0;
       return Status();
     }},
    {"--control-token-file", "FILE",
     "File with the token for the control interface from other machines; nobody else may have "
     "access to it; the environment variable TQLMOCKD_CONTROL_TOKEN has the token itself",
     [](Flags& f, const std::string& v) {
       return Store(ReadControlTokenFile(v), f.server.control_token);
     }},
    {"--control", "on|off", "Serve the control interface below /mock and over gRPC [on]",
     [](Flags& f, const std::string& v) { return Store(ParseOnOff(v), f.server.control); }},
    {"--ready-file", "PATH", "File to write the ready line to, atomically; removed at the end",
     [](Flags& f, const std::string& v) { return Copy(v, f.ready_file); }},
    {"--ready-fd", "N", "File descriptor to write the ready line to; it is closed afterwards",
     [](Flags& f, const std::string& v) { return Store(ParseCount(v), f.ready_fd); }},
    {"--fail-unmet", nullptr,
     "Exit with status 4 if a rule of a plan was not used up, or something was unexpected",
     [](Flags& f, const std::string& v) { return Store(ParseSwitch(v), f.fail_unmet); }},
    {"--check", "URL",
     "Start no server: exit with status 0 if the one at URL is ready, else with 1",
     [](Flags& f, const std::string& v) { return Copy(v, f.check); }},
    {"--wire-variant", "VARIANT",
     "Variant of HTTP: date-time, cell-objects, lowercase-strings, content-type=TYPE; repeatable",
     [](Flags& f, const std::string& v) {
       f.server.wire_variants.push_back(v);
       return Status();
     },
     true},
    {"--tls-cert", "FILE", "Certificate (or chain) in PEM to use instead of a self-signed one",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.tls_cert_file); }},
    {"--tls-key", "FILE", "Private key of the certificate in PEM",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.tls_key_file); }},
    {"--tls-cert-out", "FILE", "File to write the certificate in use to, for clients to trust",
     [](Flags& f, const std::string& v) { return Copy(v, f.tls_cert_out); }},
    {"--log-level", "debug|info|warning|error|off", "Level of the log on standard error [info]",
     [](Flags& f, const std::string& v) { return Store(ParseLogLevel(v), f.log.level); }},
    {"--log-format", "text|json", "Format of the log [text]",
     [](Flags& f, const std::string& v) { return Store(ParseLogFormat(v), f.log.json); }},
    {"--session-idle-timeout", "TIME", "Time without requests after which a session ends [30m]",
     [](Flags& f, const std::string& v) {
       return Store(ParseSeconds(v), f.server.session_idle_timeout);
     }},
    {"--session-timeout", "TIME", "Time after login at which a session ends [24h]",
     [](Flags& f, const std::string& v) {
       return Store(ParseSeconds(v), f.server.session_absolute_timeout);
     }},
    {"--password-hash-rounds", "N", "Rounds of PBKDF2 for a user's first login, from 1000 [600000]",
     [](Flags& f, const std::string& v) {
       return Store(ParseCount(v), f.server.password_hash_rounds);
     }},
    {"--statement-timeout", "TIME", "Maximum run time of a statement; 0: no limit [0]",
     [](Flags& f, const std::string& v) {
       return Store(ParseMilliseconds(v), f.server.statement_timeout);
     }},
    {"--max-request-bytes", "BYTES", "Maximum size of a request body, e.g. 64M [64M]",
     [](Flags& f, const std::string& v) {
       return Store(ParseBytes(v), f.server.max_request_bytes);
     }},
    {"--max-buffered-bytes", "BYTES",
     "Maximum size of all HTTP requests in memory together, e.g. 1G [256M]",
     [](Flags& f, const std::string& v) {
       return Store(ParseBytes(v), f.server.max_buffered_bytes);
     }},
    {"--cors-origin", "ORIGIN",
     "Web pages that may use the server, e.g. http://localhost:3000; repeatable",
     [](Flags& f, const std::string& v) {
       f.server.cors_origins.push_back(v);
       return Status();
     },
     true},
    {"--allow-host", "NAME",
     "Host name accepted by a loopback address, besides localhost; repeatable",
     [](Flags& f, const std::string& v) {
       f.server.allowed_hosts.push_back(v);
       return Status();
     },
     true},
    {"--threads", "N", "Number of requests processed concurrently [256]",
     [](Flags& f, const std::string& v) { return Store(ParseCount(v), f.server.threads); }},
};

void Add(CLI::App& app, const Flag& flag, Flags& flags) {
  const auto set = [&flag, &flags](const std::string& value) {
    const Status status = flag.set(flags, value);
    if (!status.ok()) throw CLI::ValidationError(flag.name, status.message());
  };
  if (flag.value == nullptr) {
    app.add_flag_function(
        flag.name, [set](std::int64_t count) { set(count > 0 ? "true" : "false"); }, flag.help);
    return;
  }
  const auto set_all = [set](const std::vector<std::string>& values) {
    for (const std::string& value : values) set(value);
  };
  CLI::Option* option = app.add_option_function<std::vector<std::string>>(flag.name, set_all);
  option->description(flag.help)->type_name(flag.value)->expected(1)->allow_extra_args(false);
  option->multi_option_policy(flag.repeatable ? CLI::MultiOptionPolicy::TakeAll
                                              : CLI::MultiOptionPolicy::TakeLast);
}

}  // namespace

std::variant<Flags, int> ParseFlags(int argc, const char* const* argv) {
  Flags flags;
  flags.server.https = "127.0.0.1:8443";
  flags.server.http = "127.0.0.1:8080";
  flags.server.grpc = "127.0.0.1:8444";
  CLI::App app(
      "A mock of the TQL service, over an embedded database.\n"
      "TIME is a number of seconds, or one with its unit: 500ms, 90s, 30m, 24h.",
      "tqlmockd");
  app.set_version_flag("--version", "tqlmockd " TQLKIT_VERSION);
  app.set_config("--config", "", "File with flags, one per line, e.g. log-level = \"debug\"");
  app.get_config_ptr()->type_name("FILE")->check(CLI::ExistingFile);
  app.allow_config_extras(CLI::config_extras_mode::error);
  for (const Flag& flag : kFlags) Add(app, flag, flags);
  if (const auto status = tql::tools::Parse(app, argc, argv)) return *status;
  if (const char* const token = std::getenv(kControlTokenVariable);
      token != nullptr && flags.server.control_token.empty()) {
    if (const Status status = CheckControlToken(token); !status.ok()) {
      std::fprintf(stderr, "tqlmockd: %s: %s\n", kControlTokenVariable, status.message().c_str());
      return 1;
    }
    flags.server.control_token = token;
  }
  return flags;
}

}  // namespace tqlmockd
