// Where a service is, as a URL.
#ifndef TQL_URL_H_
#define TQL_URL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "tql/status.h"

namespace tql {

/// What a service is spoken to in.
enum class Protocol : std::uint8_t { kHttp, kGrpc };

/// `tql://user@host:port/database?schema=name&transport=http|grpc`. The schemes `tql` and `https`
/// mean TLS, `http` means none, also for gRPC. Everything but the host may be left out.
/// Percent-encoding is understood in the user, the database and the schema; an IPv6 host stands in
/// brackets.
struct Url {
  bool tls = true;
  std::string user;
  std::string host;  ///< Without brackets.
  std::uint16_t port = 0;
  std::string database;
  std::string schema;
  Protocol protocol = Protocol::kHttp;

  /// INVALID_ARGUMENT with the reason when `text` is no such URL; a password in it is refused,
  /// because command lines, logs and histories keep URLs. A text without a scheme is read as
  /// tql://.
  static StatusOr<Url> Parse(std::string_view text);

  /// "https://host:port": without user and database.
  std::string Origin() const;

  friend bool operator==(const Url&, const Url&) = default;
};

/// The ports used when a URL names none: those of https and http, as browsers do.
inline constexpr std::uint16_t kDefaultHttpsPort = 443;
inline constexpr std::uint16_t kDefaultHttpPort = 80;

}  // namespace tql

#endif  // TQL_URL_H_
