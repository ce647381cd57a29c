#include "mockserver/config.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "mockserver/frontend/http/load_handler.h"
#include "mockserver/frontend/http/request_gate.h"

namespace tql::mock {
namespace {

constexpr std::size_t kLeastRequestBytes = 1 << 10;
constexpr std::size_t kMostRequestBytes = std::size_t{1} << 30;
constexpr std::size_t kLeastBufferedBytes = 1 << 20;
constexpr std::size_t kMostThreads = 4096;
constexpr std::size_t kMostScanThreads = 64;
constexpr std::size_t kLeastHashRounds = 1'000;
constexpr std::size_t kMostHashRounds = 10'000'000;
constexpr std::uintmax_t kMostPemBytes = 1 << 20;

StatusOr<std::optional<net::Endpoint>> CheckEndpoint(const std::string& text,
                                                     const std::string& name) {
  if (text == "off") return std::optional<net::Endpoint>();
  StatusOr<net::Endpoint> endpoint = net::ParseEndpoint(text);
  if (!endpoint.ok()) {
    return InvalidArgumentError(name + ": " + endpoint.status().message() + ", or off");
  }
  return std::optional<net::Endpoint>(*std::move(endpoint));
}

Status CheckEndpoints(const CheckedConfig& checked) {
  const auto ports = checked.Ports();
  for (std::size_t i = 0; i < ports.size(); ++i) {
    for (std::size_t j = i + 1; j < ports.size(); ++j) {
      const auto& [one, other] = std::pair(*ports[i].second, *ports[j].second);
      if (!one || !other || one->port == 0) continue;
      if (one->port != other->port || one->host != other->host) continue;
      return InvalidArgumentError(std::string(ports[i].first) + " and " +
                                  std::string(ports[j].first) + " cannot share " +
                                  EndpointText(*one));
    }
  }
  return Status();
}

Status CheckUsers(const std::vector<User>& users) {
  std::set<std::string_view> names;
  for (const User& user : users) {
    if (user.name.empty()) return InvalidArgumentError("a user needs a name");
    if (user.password.empty()) {
      return InvalidArgumentError("the user " + user.name + " needs a password");
    }
    if (!names.insert(user.name).second) {
      return InvalidArgumentError("the user " + user.name + " is given twice");
    }
  }
  return Status();
}

Status CheckThenaToken(const Config& config, const CheckedConfig& checked) {
  if (config.thena_token.empty()) return InvalidArgumentError("the token of Thena is empty");
  if (!checked.thena || IsLoopback(*checked.thena) || config.allow_default_password ||
      config.thena_token != kDefaultThenaToken) {
    return Status();
  }
  return InvalidArgumentError("other machines can reach " + EndpointText(*checked.thena) +
                              ", and Thena has the default token: give another one, listen on "
                              "127.0.0.1, or allow the default password");
}

Status CheckDefaultPassword(const Config& config, const CheckedConfig& checked) {
  if (config.allow_default_password) return Status();
  const bool has_default =
      std::any_of(checked.users.begin(), checked.users.end(), [](const User& user) {
        return user.name == kDefaultUser && user.password == kDefaultPassword;
      });
  if (!has_default) return Status();
  for (const auto& [name, endpoint] : checked.Ports()) {
    if (!*endpoint || IsLoopback(**endpoint)) continue;
    return InvalidArgumentError("other machines can reach " + EndpointText(**endpoint) + ", and " +
                                std::string(kDefaultUser) +
                                " has the default password: give another user, listen on "
                                "127.0.0.1, or allow the default password");
  }
  return Status();
}

/// OpenSSL would read a device endlessly.
Status CheckPemFile(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status file = std::filesystem::status(path, error);
  if (!std::filesystem::exists(file))
    return InvalidArgumentError("file " + path + " does not exist");
  if (!std::filesystem::is_regular_file(file) ||
      std::filesystem::file_size(path, error) > kMostPemBytes || error) {
    return InvalidArgumentError(path + " is not a PEM file");
  }
  return Status();
}

Status CheckTls(const Config& config) {
  if (config.tls_cert_file.empty() && config.tls_key_file.empty()) return Status();
  if (config.tls_cert_file.empty()) {
    return InvalidArgumentError("a TLS key is given without its certificate");
  }
  if (config.tls_key_file.empty()) {
    return InvalidArgumentError("a TLS certificate is given without its key");
  }
  if (!NeedsTls(config)) {
    return InvalidArgumentError("a TLS certificate is given, but no port speaks TLS");
  }
  if (Status status = CheckPemFile(config.tls_cert_file); !status.ok()) return status;
  return CheckPemFile(config.tls_key_file);
}

Status CheckBrowsers(const Config& config) {
  for (const std::string& origin : config.cors_origins) {
    if (frontend::IsOrigin(origin)) continue;
    return InvalidArgumentError(
        '"' + origin +
        "\" is not an origin: write what the browser sends, SCHEME://HOST or SCHEME://HOST:PORT, "
        "in lower case and without a path");
  }
  for (const std::string& host : config.allowed_hosts) {
    if (frontend::IsHostName(host)) continue;
    return InvalidArgumentError(
        '"' + host + "\" is not a host: write a name or an address, without a port or brackets");
  }
  return Status();
}

Status CheckLimits(const Config& config) {
  if (config.max_request_bytes < kLeastRequestBytes ||
      config.max_request_bytes > kMostRequestBytes) {
    return InvalidArgumentError("the limit of a request's bytes must lie between 1 KiB and 1 GiB");
  }
  if (config.max_buffered_bytes < kLeastBufferedBytes) {
    return InvalidArgumentError("the limit of buffered bytes must be at least 1 MiB");
  }
  if (config.threads < 1 || config.threads > kMostThreads) {
    return InvalidArgumentError("the number of threads must lie between 1 and 4096");
  }
  if (config.scan_threads > kMostScanThreads) {
    return InvalidArgumentError("the number of threads for one SELECT must lie between 1 and 64");
  }
  if (config.password_hash_rounds < kLeastHashRounds ||
      config.password_hash_rounds > kMostHashRounds) {
    return InvalidArgumentError(
        "the rounds of a password's hash must lie between 1000 and 10000000");
  }
  if (config.session_idle_timeout.count() <= 0 || config.session_absolute_timeout.count() <= 0) {
    return InvalidArgumentError("the timeouts of a session must be longer than nothing");
  }
  if (config.statement_timeout.count() < 0) {
    return InvalidArgumentError("the timeout of a statement must not be negative");
  }
  if (config.data.empty()) return InvalidArgumentError("data must be a file or :memory:");
  return Status();
}

}  // namespace

std::size_t ScanThreadsOf(const Config& config) {
  if (config.scan_threads > 0) return config.scan_threads;
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostScanThreads);
}

bool NeedsTls(const Config& config) {
  return config.https != "off" || config.tsload != "off" ||
         (config.grpc != "off" && !config.grpc_plaintext);
}

StatusOr<CheckedConfig> Check(const Config& config) {
  CheckedConfig checked;
  auto https = CheckEndpoint(config.https, "https");
  if (!https.ok()) return https.status();
  auto http = CheckEndpoint(config.http, "http");
  if (!http.ok()) return http.status();
  auto grpc = CheckEndpoint(config.grpc, "grpc");
  if (!grpc.ok()) return grpc.status();
  auto tsload = CheckEndpoint(config.tsload, "tsload");
  if (!tsload.ok()) return tsload.status();
  checked.tsload = *std::move(tsload);
  auto thena = CheckEndpoint(config.thena, "thena");
  if (!thena.ok()) return thena.status();
  checked.thena = *std::move(thena);
  if (!frontend::IsLoadNode(config.tsload_node)) {
    return InvalidArgumentError("tsload node: found \"" + config.tsload_node +
                                "\", expected HOST:PORT or none");
  }
  checked.https = *std::move(https);
  checked.http = *std::move(http);
  checked.grpc = *std::move(grpc);
  auto variant = frontend::ParseWireVariant(config.wire_variants);
  if (!variant.ok()) return variant.status();
  checked.variant = *std::move(variant);
  checked.users = config.users;
  if (checked.users.empty()) {
    checked.users.push_back({std::string(kDefaultUser), std::string(kDefaultPassword), true});
  }
  for (const Status& status :
       {CheckEndpoints(checked), CheckUsers(checked.users), CheckDefaultPassword(config, checked),
        CheckThenaToken(config, checked), CheckTls(config), CheckBrowsers(config),
        CheckLimits(config)}) {
    if (!status.ok()) return status;
  }
  return checked;
}

}  // namespace tql::mock
