// The choice of the HTTP proxy for a connection.
#ifndef TQLKIT_CLIENT_SRC_PROXY_H_
#define TQLKIT_CLIENT_SRC_PROXY_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "tql/options.h"
#include "tql/status.h"
#include "tql/url.h"

namespace tql {

/// The value of Options::proxy that disables proxies.
inline constexpr std::string_view kNoProxy = "none";

/// An HTTP proxy.
struct Proxy {
  std::string host;  // without brackets
  std::uint16_t port = 0;
  /// The value of Proxy-Authorization; empty for none.
  std::string authorization = std::string();

  /// "http://host:port", without user and password.
  std::string Origin() const;
  friend bool operator==(const Proxy&, const Proxy&) = default;
};

/// Parses `[http://][user:password@]host[:port]`, the syntax of environment variables. The default
/// port is 80. INVALID_ARGUMENT for anything else, including unsupported schemes.
StatusOr<Proxy> ParseProxy(std::string_view text);

/// Returns "host:port" of a service, as used in requests to a proxy.
std::string AuthorityOf(const Url& url);

/// Selects the proxy from Options::proxy or the environment, as documented there.
class ProxyRules {
 public:
  /// Reads the environment.
  explicit ProxyRules(const Options& options);

  /// Returns the proxy for a host, or nullopt to connect directly. INVALID_ARGUMENT with its source
  /// if a setting is invalid.
  StatusOr<std::optional<Proxy>> For(const Url& url) const;

 private:
  struct Setting {
    std::string source;
    std::string value;
  };
  static Setting FirstVariable(std::initializer_list<const char*> names);

  Setting http_;
  Setting https_;
  bool from_environment_ = false;
  std::string no_proxy_;
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_PROXY_H_
