// Which proxy a connection goes through.
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

/// Of Options::proxy: never one.
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

/// `[http://][user:password@]host[:port]`, as environments have it; the port is 80 without one.
/// INVALID_ARGUMENT for anything else, a scheme that is not supported included.
StatusOr<Proxy> ParseProxy(std::string_view text);

/// "host:port" of a service, as a request to a proxy names it.
std::string AuthorityOf(const Url& url);

/// The choice between Options::proxy and the environment, as Options::proxy describes it.
class ProxyRules {
 public:
  /// Reads the environment.
  explicit ProxyRules(const Options& options);

  /// The proxy of one host; unset when it is connected to directly. INVALID_ARGUMENT for a setting
  /// that cannot be used, with its source.
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
