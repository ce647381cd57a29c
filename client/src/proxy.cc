#include "client/src/proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "proto/base/environment.h"
#include "proto/base/text.h"

namespace tql {
namespace {

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group =
          group << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += at + i > bytes.size() ? '=' : kDigits[group >> (18U - 6U * i) & 63U];
    }
  }
  return out;
}

/// Returns an IP address as 16 bytes, IPv4 as an IPv4-mapped IPv6 address; nullopt for a name.
std::optional<std::array<unsigned char, 16>> AddressOf(const std::string& host) {
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return bytes;
  bytes[10] = bytes[11] = 0xff;
  if (inet_pton(AF_INET, host.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

/// Whether `host` is in a network "address/bits".
bool IsInNetwork(const std::string& host, std::string_view network) {
  const std::size_t slash = network.find('/');
  const std::string text(network.substr(0, slash));
  const auto address = AddressOf(host);
  const auto base = AddressOf(text);
  unsigned bits = 0;
  const std::string_view digits = network.substr(std::min(slash, network.size() - 1) + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (!address || !base || error != std::errc() || end != digits.data() + digits.size())
    return false;
  const bool is_ipv4 = text.find(':') == text.npos;
  if (bits > (is_ipv4 ? 32U : 128U)) return false;
  if (is_ipv4) bits += 96;
  for (std::size_t i = 0; i < bits; ++i) {
    const unsigned mask = 0x80U >> (i % 8);
    if (((*address)[i / 8] & mask) != ((*base)[i / 8] & mask)) return false;
  }
  return true;
}

bool IsLoopback(const std::string& host) {
  return base::Lower(host) == "localhost" || IsInNetwork(host, "127.0.0.0/8") ||
         IsInNetwork(host, "::1/128");
}

/// Splits "name:port" and "[address]:port"; without a port it is empty.
std::pair<std::string, std::string> HostAndPort(std::string_view item) {
  if (item.starts_with('[')) {
    const std::size_t end = std::min(item.find(']'), item.size());
    const std::string_view behind = item.substr(std::min(end + 1, item.size()));
    return {std::string(item.substr(1, end - 1)),
            std::string(behind.starts_with(':') ? behind.substr(1) : "")};
  }
  const std::size_t colon = item.find(':');
  if (colon == item.npos || item.find(':', colon + 1) != item.npos) return {std::string(item), ""};
  return {std::string(item.substr(0, colon)), std::string(item.substr(colon + 1))};
}

/// Whether an item of NO_PROXY matches a host: "*", a domain name (including its subdomains), an
/// address or a network; optionally with a port.
bool Matches(std::string_view item, const Url& url) {
  if (item == "*") return true;
  const std::string host = base::Lower(url.host);
  if (item.find('/') != item.npos) return IsInNetwork(host, item);
  auto [name, port] = HostAndPort(item);
  if (!port.empty() && port != std::to_string(url.port)) return false;
  name = base::Lower(name);
  if (name.starts_with("*.")) name.erase(0, 1);
  if (const auto address = AddressOf(name)) return address == AddressOf(host);
  if (name.starts_with('.')) name.erase(0, 1);
  if (name.empty()) return false;
  return host == name || host.ends_with("." + name);
}

bool IsExcluded(std::string_view no_proxy, const Url& url) {
  while (!no_proxy.empty()) {
    const std::size_t end = std::min(no_proxy.find_first_of(", \t"), no_proxy.size());
    if (end > 0 && Matches(no_proxy.substr(0, end), url)) return true;
    no_proxy.remove_prefix(std::min(end + 1, no_proxy.size()));
  }
  return false;
}

/// A '%' that two hexadecimal digits do not follow is kept, as by curl.
std::string PercentDecoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? base::HexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? base::HexDigit(text[i + 2]) : -1;
    if (low >= 0) i += 2;
    out += low >= 0 ? static_cast<char>(high * 16 + low) : text[i];
  }
  return out;
}

}  // namespace

std::string Proxy::Origin() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return "http://" + (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

StatusOr<Proxy> ParseProxy(std::string_view text) {
  if (const std::size_t end = text.find("://"); end != text.npos) {
    const std::string scheme = base::Lower(text.substr(0, end));
    if (scheme != "http") {
      return InvalidArgumentError("a proxy is http://HOST:PORT; \"" + scheme +
                                  "://\" is not supported");
    }
    text.remove_prefix(end + 3);
  }
  Proxy proxy;
  if (const std::size_t at = text.rfind('@'); at != text.npos) {
    const std::string_view user = text.substr(0, at);
    const std::size_t colon = std::min(user.find(':'), user.size());
    const std::string_view password = user.substr(std::min(colon + 1, user.size()));
    proxy.authorization =
        "Basic " + Base64(PercentDecoded(user.substr(0, colon)) + ":" + PercentDecoded(password));
    text.remove_prefix(at + 1);
  }
  if (text.ends_with('/')) text.remove_suffix(1);
  const StatusOr<HostPort> place = HostPort::Parse(text, false);
  if (!place) {
    return InvalidArgumentError("a proxy is http://HOST:PORT: " + place.status().message());
  }
  proxy.host = place->host;
  proxy.port = place->port;
  return proxy;
}

std::string AuthorityOf(const Url& url) {
  const std::string origin = url.Origin();
  return origin.substr(origin.find("://") + 3);
}

ProxyRules::Setting ProxyRules::FirstVariable(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const std::string value = base::Environment(name);
    if (!value.empty()) return {name, value};
  }
  return {};
}

ProxyRules::ProxyRules(const Options& options) {
  if (options.proxy == kNoProxy) return;
  if (!options.proxy.empty()) {
    http_ = https_ = {"proxy", options.proxy};
    return;
  }
  // In a CGI program HTTP_PROXY has the value of the request's header "Proxy", which is untrusted.
  const bool is_cgi = std::getenv("REQUEST_METHOD") != nullptr;
  from_environment_ = true;
  no_proxy_ = FirstVariable({"no_proxy", "NO_PROXY"}).value;
  https_ = FirstVariable({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  http_ = is_cgi ? FirstVariable({"http_proxy", "all_proxy", "ALL_PROXY"})
                 : FirstVariable({"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"});
}

StatusOr<std::optional<Proxy>> ProxyRules::For(const Url& url) const {
  const Setting& setting = url.tls ? https_ : http_;
  if (setting.value.empty()) return std::optional<Proxy>();
  if (from_environment_ && IsExcluded(no_proxy_, url)) return std::optional<Proxy>();
  StatusOr<Proxy> proxy = ParseProxy(setting.value);
  if (!proxy) return InvalidArgumentError(setting.source + ": " + proxy.status().message());
  // A proxy on another machine cannot reach this machine's loopback addresses.
  if (from_environment_ && IsLoopback(url.host) && !IsLoopback(proxy->host)) {
    return std::optional<Proxy>();
  }
  return std::optional<Proxy>(*std::move(proxy));
}

}  // namespace tql
