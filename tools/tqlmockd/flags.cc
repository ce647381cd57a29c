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

Status AddReports(Flags& flags, const std::string& value) {
  auto reports = ParseReports(value);
  if (!reports.ok()) return reports.status();
  flags.reports.insert(flags.reports.end(), reports->begin(), reports->end());
  return Status();
}

// Environments of containers and services have secrets that command lines should not show.
constexpr char kControlTokenVariable[] = "TQLMOCKD_CONTROL_TOKEN";
constexpr char kUserVariable[] = "TQLMOCKD_USER";

/// Takes what the environment has and the command line has not. An error names the variable.
Status AddEnvironment(Flags& flags) {
  const auto named = [](const char* variable, const Status& status) {
    return status.ok() ? status
                       : tql::InvalidArgumentError(std::string(variable) + ": " + status.message());
  };
  if (const char* const token = std::getenv(kControlTokenVariable);
      token != nullptr && flags.server.control_token.empty()) {
    if (Status status = CheckToken(token); !status.ok()) {
      return named(kControlTokenVariable, status);
    }
    flags.server.control_token = token;
  }
  const char* const user = std::getenv(kUserVariable);
  if (user == nullptr || !flags.server.users.empty()) return Status();
  return named(kUserVariable, AddUser(flags, user, /*can_manage_data=*/true));
}

struct Flag {
  const char* name;
  const char* value;  // The placeholder of the value in the help; null for a switch.
  const char* help;
  Status (*set)(Flags& flags, const std::string& value);
  bool repeatable = false;
  bool value_is_optional = false;  // the empty text without it
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
    {"--tsload", "HOST:PORT|off",
     "Additional address for HTTPS, for loaders that connect to the tsload port of a node [off; "
     "127.0.0.1:8442 without a value]",
     [](Flags& f, const std::string& v) {
       return Copy(v.empty() ? "127.0.0.1:8442" : v, f.server.tsload);
     },
     false, true},
    {"--tsload-node", "HOST:PORT|none",
     "Node that a started load names for its further calls [the address that the loader has used]",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.tsload_node); }},
    {"--thena", "HOST:PORT|off", "Address for plain HTTP of Thena's REST API, below /rest/v2 [off]",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.thena); }},
    {"--thena-token-file", "FILE",
     "File with the token that clients of Thena's API send; nobody else may have access to it "
     "[thena-test-token]",
     [](Flags& f, const std::string& v) { return Store(ReadTokenFile(v), f.server.thena_token); }},
    {"--data", "PATH|:memory:", "File that stores databases and rows [:memory:]",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.data); }},
    {"--user", "NAME:PASSWORD",
     "User who may log in; repeatable [TQLMOCKD_USER of the environment, or tsadmin:admin]",
     [](Flags& f, const std::string& v) { return AddUser(f, v, true); }, true},
    {"--user-file", "FILE",
     "Users who may log in, a line NAME:PASSWORD each; nobody else may have access to it; "
     "repeatable",
     AddUsersOf, true},
    {"--user-without-privileges", "NAME:PASSWORD",
     "User who may log in but not run statements; repeatable",
     [](Flags& f, const std::string& v) { return AddUser(f, v, false); }, true},
    {"--allow-default-password", nullptr,
     "Allow tsadmin:admin, and the default token of Thena, on an address that other machines can "
     "reach",
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
    {"--world", "FILE",
     "Users, Liveboards and other objects of the REST API in YAML or JSON [a small retail company]",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.world_file); }},
    {"--rest-strict", nullptr,
     "Require X-Requested-By of calls of the REST API v1 that change something, and an id of "
     "listvizheaders",
     [](Flags& f, const std::string& v) { return Store(ParseSwitch(v), f.server.rest_strict); }},
    {"--rest-basic", nullptr, "Let calls of the REST API log in with \"Authorization: Basic\"",
     [](Flags& f, const std::string& v) { return Store(ParseSwitch(v), f.server.rest_basic); }},
    {"--journal", "N|off", "Entries that the journal of a namespace keeps [10000]",
     [](Flags& f, const std::string& v) {
       if (v != "off") return Store(ParseCount(v), f.server.journal_entries);
       f.server.journal_entries = 0;
       return Status();
     }},
    {"--seed", "N", "Seed of guids, session tokens and shuffled rows: the same bytes in each run",
     [](Flags& f, const std::string& v) { return Store(ParseSeed(v), f.server.seed); }},
    {"--clock", "TIME[,frozen]",
     "The server's time at its start, e.g. 2024-02-29T12:00:00Z; it runs unless it is frozen",
     [](Flags& f, const std::string& v) {
       const auto start = ParseStartTime(v);
       if (!start.ok()) return start.status();
       f.server.time = start->time;
       f.server.freeze_time = start->frozen;
       return Status();
     }},
    {"--unordered", "insertion|reversed|shuffled",
     "Order of the rows of a SELECT without ORDER BY [insertion]",
     [](Flags& f, const std::string& v) {
       return Store(ParseRowOrder(v), f.server.unordered_rows);
     }},
    {"--unmatched", "run|fail", "What happens to a statement that no rule of a plan matches [run]",
     [](Flags& f, const std::string& v) {
       return Store(ParseUnmatched(v), f.server.fail_unmatched);
     }},
    {"--strict", "warn|error",
     "What happens to what the real service may not know or what has no effect, see \"Test "
     "double\"",
     [](Flags& f, const std::string& v) { return Store(ParseStrictness(v), f.server.strict); }},
    {"--evidence", "documented|client|sample|inferred",
     "How well clauses must be known to pass strict mode, which this turns on [inferred]",
     [](Flags& f, const std::string& v) { return Store(ParseEvidence(v), f.server.evidence); }},
    {"--upstream", "URL",
     "Another TQL service to forward statements to, see --record and --diff; its password comes "
     "from --upstream-password-file or TQL_PASSWORD",
     [](Flags& f, const std::string& v) { return Copy(v, f.upstream.url); }},
    {"--record", "FILE",
     "Record the answers of --upstream as a plan, which --plan FILE repeats; replaces the file",
     [](Flags& f, const std::string& v) { return Copy(v, f.record); }},
    {"--diff", nullptr,
     "Execute each statement here and on --upstream, and print the differences at the end",
     [](Flags& f, const std::string& v) { return Store(ParseSwitch(v), f.diff); }},
    {"--allow-writes", nullptr,
     "Forward every statement to --upstream, not only SELECT, SHOW, SCRIPT and USE",
     [](Flags& f, const std::string& v) { return Store(ParseSwitch(v), f.upstream.allow_writes); }},
    {"--upstream-user", "NAME", "User to log in as to --upstream",
     [](Flags& f, const std::string& v) { return Copy(v, f.upstream.user); }},
    {"--upstream-password-file", "FILE",
     "File with the password for --upstream; nobody else may have access to it",
     [](Flags& f, const std::string& v) { return Copy(v, f.upstream.password_file); }},
    {"--upstream-cacert", "FILE", "Certificate in PEM to trust instead of the system's CAs",
     [](Flags& f, const std::string& v) { return Copy(v, f.upstream.ca_file); }},
    {"--upstream-insecure", nullptr, "Accept any certificate of --upstream",
     [](Flags& f, const std::string& v) { return Store(ParseSwitch(v), f.upstream.insecure); }},
    {"--control-token-file", "FILE",
     "File with the token for the control interface from other machines; nobody else may have "
     "access to it; the environment variable TQLMOCKD_CONTROL_TOKEN has the token itself",
     [](Flags& f, const std::string& v) {
       return Store(ReadTokenFile(v), f.server.control_token);
     }},
    {"--control", "on|off", "Serve the control interface below /mock and over gRPC [on]",
     [](Flags& f, const std::string& v) { return Store(ParseOnOff(v), f.server.control); }},
    {"--ready-file", "PATH", "File to write the ready line to, atomically; removed at the end",
     [](Flags& f, const std::string& v) { return Copy(v, f.ready_file); }},
    {"--ready-fd", "N", "File descriptor to write the ready line to; it is closed afterwards",
     [](Flags& f, const std::string& v) { return Store(ParseCount(v), f.ready_fd); }},
    {"--fail-unmet", nullptr,
     "Exit with status 4 if a rule of a plan was not used up, or something was unexpected, or "
     "--diff "
     "found a difference",
     [](Flags& f, const std::string& v) { return Store(ParseSwitch(v), f.fail_unmet); }},
    {"--report", "json=FILE,junit=FILE",
     "Files to write at the end: uses of rules, unmatched statements, warnings, differences; "
     "repeatable",
     AddReports, true},
    {"--check", "URL",
     "Start no server: exit with status 0 if the one at URL is ready, else with 1",
     [](Flags& f, const std::string& v) { return Copy(v, f.check); }},
    {"--wire-variant", "VARIANT",
     "Variant of HTTP: date-time, cell-objects, lowercase-strings, late-load-status, "
     "content-type=TYPE; repeatable",
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
    {"--results-cache", "BYTES|off",
     "Maximum memory of results of SELECTs that are kept and sent again, e.g. 256M [32M]",
     [](Flags& f, const std::string& v) {
       if (v != "off") return Store(ParseBytes(v), f.server.results_cache_bytes);
       f.server.results_cache_bytes = 0;
       return Status();
     }},
    {"--scan-threads", "N",
     "Threads that read a large table for one SELECT; 1: only its own [one for each core]",
     [](Flags& f, const std::string& v) { return Store(ParseCount(v), f.server.scan_threads); }},
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
  if (flag.value_is_optional) option->expected(0, 1);
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
  if (const Status status = AddEnvironment(flags); !status.ok()) {
    std::fprintf(stderr, "tqlmockd: %s\n", status.message().c_str());
    return 1;
  }
  return flags;
}

}  // namespace tqlmockd
