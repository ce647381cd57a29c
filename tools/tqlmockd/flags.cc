#include "tools/tqlmockd/flags.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <vector>

#include "tools/documents/documents.h"
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

struct Flag {
  const char* name;
  const char* value;  // what stands for it in the help; null: a switch
  const char* help;
  Status (*set)(Flags& flags, const std::string& value);
  bool repeatable = false;
};

const Flag kFlags[] = {
    {"--https", "HOST:PORT|off", "Where to speak HTTPS [127.0.0.1:8443]; port 0: any free one",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.https); }},
    {"--http", "HOST:PORT|off", "Where to speak plain HTTP [127.0.0.1:8080]",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.http); }},
    {"--grpc", "HOST:PORT|off", "Where to speak gRPC, over TLS [127.0.0.1:8444]",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.grpc); }},
    {"--grpc-plaintext", nullptr, "Speak gRPC without TLS",
     [](Flags& f, const std::string& v) { return Store(ParseSwitch(v), f.server.grpc_plaintext); }},
    {"--data", "PATH|:memory:", "The file that keeps databases and rows [:memory:]",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.data); }},
    {"--user", "NAME:PASSWORD", "Somebody who may log in [tsadmin:admin]; repeatable",
     [](Flags& f, const std::string& v) { return AddUser(f, v, true); }, true},
    {"--user-without-privileges", "NAME:PASSWORD",
     "Somebody who may log in but run no statement; repeatable",
     [](Flags& f, const std::string& v) { return AddUser(f, v, false); }, true},
    {"--allow-default-password", nullptr,
     "Let tsadmin:admin stand on an address that other machines can reach",
     [](Flags& f, const std::string& v) {
       return Store(ParseSwitch(v), f.server.allow_default_password);
     }},
    {"--init", "FILE.tql", "A script to run before the ports open; repeatable",
     [](Flags& f, const std::string& v) {
       f.server.init_files.push_back(v);
       return Status();
     },
     true},
    {"--ready-file", "PATH", "Gets the ready line too, in one step; removed at the end",
     [](Flags& f, const std::string& v) { return Copy(v, f.ready_file); }},
    {"--wire-variant", "VARIANT",
     "Of HTTP: date-time, cell-objects, lowercase-strings or content-type=TYPE; repeatable",
     [](Flags& f, const std::string& v) {
       f.server.wire_variants.push_back(v);
       return Status();
     },
     true},
    {"--tls-cert", "FILE", "A certificate (or chain) in PEM instead of a self-signed one",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.tls_cert_file); }},
    {"--tls-key", "FILE", "Its key in PEM",
     [](Flags& f, const std::string& v) { return Copy(v, f.server.tls_key_file); }},
    {"--tls-cert-out", "FILE", "Gets the certificate in use, for clients to trust",
     [](Flags& f, const std::string& v) { return Copy(v, f.tls_cert_out); }},
    {"--log-level", "debug|info|warning|error|off", "What is logged to standard error [info]",
     [](Flags& f, const std::string& v) { return Store(ParseLogLevel(v), f.log.level); }},
    {"--log-format", "text|json", "How it is logged [text]",
     [](Flags& f, const std::string& v) { return Store(ParseLogFormat(v), f.log.json); }},
    {"--session-idle-timeout", "TIME", "How long a login lives without a request [30m]",
     [](Flags& f, const std::string& v) {
       return Store(ParseSeconds(v), f.server.session_idle_timeout);
     }},
    {"--session-timeout", "TIME", "How long a login lives in all [24h]",
     [](Flags& f, const std::string& v) {
       return Store(ParseSeconds(v), f.server.session_absolute_timeout);
     }},
    {"--statement-timeout", "TIME", "The longest a statement may run; 0: for ever [0]",
     [](Flags& f, const std::string& v) {
       return Store(ParseMilliseconds(v), f.server.statement_timeout);
     }},
    {"--max-request-bytes", "BYTES", "The longest body of a request, e.g. 64M [64M]",
     [](Flags& f, const std::string& v) {
       return Store(ParseBytes(v), f.server.max_request_bytes);
     }},
    {"--threads", "N", "How many requests are answered at once [256]",
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
  app.set_config("--config", "", "Flags from a file of lines like log-level = \"debug\"");
  app.get_config_ptr()->type_name("FILE")->check(CLI::ExistingFile);
  app.allow_config_extras(CLI::config_extras_mode::error);
  for (const Flag& flag : kFlags) Add(app, flag, flags);
  if (const auto document = tql::tools::Document(app, argc, argv)) {
    std::cout << *document;
    return 0;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  return flags;
}

}  // namespace tqlmockd
