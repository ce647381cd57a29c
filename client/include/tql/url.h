/// \file
/// Where a service is, as a URL.
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

/// What a service is spoken to in.
enum class Protocol : std::uint8_t { kHttp, kGrpc };

/// One of several places where a service is.
struct HostPort {
  std::string host;  ///< Without brackets.
  std::uint16_t port = 0;
  /// "host:port", the port of https or http when there is none. INVALID_ARGUMENT with the reason.
  static StatusOr<HostPort> Parse(std::string_view text, bool tls);
  friend bool operator==(const HostPort&, const HostPort&) = default;
};

/// `tql://user@host:port,host:port/database?NAME=VALUE&NAME=VALUE`. The schemes `tql` and `https`
/// mean TLS, `http` means none, also for gRPC. Everything but the first host may be left out; an
/// IPv6 host stands in brackets. The user, the database and the values are percent-encoded. Names:
///
/// ```text
/// schema=NAME              where names are looked up that are not fully qualified
/// transport=http|grpc      what is spoken; http
/// timeout=30s              Options::query_timeout: a number with ms, s, m or h, or of seconds
/// connect_timeout=5s       Options::connect_timeout
/// cacert=FILE              TlsOptions::ca_file
/// insecure=true|false      TlsOptions::insecure
/// proxy=http://HOST:PORT   Options::proxy, without a password; none: connect directly
/// ```
///
/// None may be there twice; cacert and insecure=true contradict each other, and both http. The
/// scheme is read in any case. A control character is refused in every part, percent-encoded, too;
/// so are '#', a second '@' (in a name they are %23 and %40) and the zone of an IPv6 address.
struct Url {
  bool tls = true;
  std::string user;
  std::string host;  ///< Without brackets.
  std::uint16_t port = 0;
  std::string database;
  std::string schema;
  Protocol protocol = Protocol::kHttp;
  /// Tried in their order when the first cannot be connected to.
  std::vector<HostPort> more_hosts = std::vector<HostPort>();
  // Unset when the URL does not say.
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
  std::optional<std::chrono::milliseconds> connect_timeout = std::nullopt;
  std::optional<std::string> ca_file = std::nullopt;
  std::optional<bool> insecure = std::nullopt;
  std::optional<std::string> proxy = std::nullopt;

  /// INVALID_ARGUMENT with the reason when `text` is no such URL; a password in it is refused,
  /// because command lines, logs and histories keep URLs. A text without a scheme is read as
  /// tql://.
  static StatusOr<Url> Parse(std::string_view text);

  /// "https://host:port": without user and database; of several hosts, the first.
  std::string Origin() const;

  friend bool operator==(const Url&, const Url&) = default;
};

/// The port of a URL with TLS that names none, as browsers have it.
inline constexpr std::uint16_t kDefaultHttpsPort = 443;
/// The same without TLS.
inline constexpr std::uint16_t kDefaultHttpPort = 80;

}  // namespace tql

#endif  // TQL_URL_H_
