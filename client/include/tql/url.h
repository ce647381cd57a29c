/// \file
/// The URL of a TQL service.
#ifndef TQL_URL_H_
#define TQL_URL_H_

#include "tql/cxx20.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tql/status.h"

namespace tql {

/// The wire protocol.
enum class Protocol : std::uint8_t { kHttp, kGrpc };

/// The address of one host of a service.
struct HostPort {
  std::string host;  ///< Without brackets.
  std::uint16_t port = 0;
  /// Parses "host:port" or "host"; the default port is that of https if `tls`, otherwise that of
  /// http. INVALID_ARGUMENT with the reason if `text` is invalid.
  static StatusOr<HostPort> Parse(std::string_view text, bool tls);
  friend bool operator==(const HostPort&, const HostPort&) = default;
};

/// The URL of a TQL service: `tql://user@host:port,host:port/database?NAME=VALUE&NAME=VALUE`.
///
/// The schemes `tql` and `https` select TLS; `http` selects plain text, also for gRPC. Everything
/// except the first host is optional. IPv6 addresses are written in brackets. The user, the
/// database and the values are percent-encoded. Parameters:
///
/// ```text
/// schema=NAME              Options::schema
/// transport=http|grpc      the wire protocol; default: http
/// timeout=30s              Options::query_timeout; units ms, s, m, h; default: s
/// connect_timeout=5s       Options::connect_timeout
/// cacert=FILE              TlsOptions::ca_file
/// insecure=true|false      TlsOptions::insecure
/// proxy=http://HOST:PORT   Options::proxy, without a password; or none
/// ```
///
/// Each parameter may appear once. `cacert` and `insecure=true` exclude each other; neither may be
/// used with `http://`. The scheme is case-insensitive. Rejected are: control characters, also
/// percent-encoded; `#` and a second `@` (write %23 and %40 in names); the zone of an IPv6 address.
///
/// Thread safety: a value type.
struct Url {
  bool tls = true;   ///< Whether the scheme selects TLS.
  std::string user;  ///< Empty if the URL has none; likewise database and schema.
  std::string host;  ///< Without brackets.
  std::uint16_t port = 0;
  std::string database;
  std::string schema;
  Protocol protocol = Protocol::kHttp;
  /// Further hosts, tried in order if the first one cannot be reached.
  std::vector<HostPort> more_hosts = std::vector<HostPort>();
  // The following are unset if the URL does not contain them.
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
  std::optional<std::chrono::milliseconds> connect_timeout = std::nullopt;
  std::optional<std::string> ca_file = std::nullopt;
  std::optional<bool> insecure = std::nullopt;
  std::optional<std::string> proxy = std::nullopt;

  /// Parses a URL; without a scheme, tql:// is assumed. INVALID_ARGUMENT with the reason if `text`
  /// is invalid. A URL with a password is rejected, because command lines, logs and shell histories
  /// store URLs.
  static StatusOr<Url> Parse(std::string_view text);

  /// The scheme and the first host, "https://host:port", without user, database and parameters.
  std::string Origin() const;

  friend bool operator==(const Url&, const Url&) = default;
};

/// The default port of a URL with TLS.
inline constexpr std::uint16_t kDefaultHttpsPort = 443;
/// The default port of a URL without TLS.
inline constexpr std::uint16_t kDefaultHttpPort = 80;

}  // namespace tql

#endif  // TQL_URL_H_
