#include "tql/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "client/src/duration.h"
#include "client/src/proxy.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"

namespace tql {
namespace {

Status BadUrl(const std::string& reason) { return InvalidArgumentError("URL: " + reason); }

// Checks the characters that no part of a URL may contain.
Status CheckCharacters(std::string_view text) {
  for (const char c : text) {
    if (c == '#') return BadUrl("a fragment ('#') is not supported; in a name, write %23");
    if (base::IsControl(c)) {
      return BadUrl("it has the control character " + base::ShownByte(c));
    }
  }
  return {};
}

// Decodes percent-encoding. `part` is the subject of the error message.
StatusOr<std::string> Decode(const std::string& part, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? base::HexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? base::HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return BadUrl(part + ": '%' must be followed by two hexadecimal digits");
    }
    const char c = static_cast<char>(high * 16 + low);
    if (base::IsControl(c)) {
      return BadUrl(part + " has the control character " + std::string(text.substr(i, 3)));
    }
    out += c;
    i += 2;
  }
  return out;
}

// Splits `text` at offset `at`, dropping the character there. With npos, the second part is empty.
std::pair<std::string_view, std::string_view> Split(std::string_view text, std::size_t at) {
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

Status ParseScheme(std::string_view& text, Url& url) {
  const std::size_t end = text.find("://");
  const std::string given(end == std::string_view::npos ? "tql" : text.substr(0, end));
  const std::string scheme = base::Lower(given);
  if (scheme != "tql" && scheme != "https" && scheme != "http") {
    return BadUrl("the scheme must be tql, https or http, not \"" + given + "\"");
  }
  url.tls = scheme != "http";
  if (end != std::string_view::npos) text.remove_prefix(end + 3);
  return {};
}

bool IsHostByte(char c) {
  return base::IsDigit(c) || base::IsLetter(c) || c == '.' || c == '-' || c == '_';
}

Status CheckIpv6(const std::string& address, std::string_view behind) {
  if (address.find('%') != std::string::npos) {
    return BadUrl("the zone of an IPv6 address is not supported: found [" + address + "]");
  }
  in6_addr unused{};
  if (inet_pton(AF_INET6, address.c_str(), &unused) != 1) {
    return BadUrl("invalid IPv6 address in brackets: found [" + address + "]");
  }
  if (behind.empty() || behind.front() == ':') return {};
  return BadUrl("only \":PORT\" may follow the ']' of an IPv6 address: found \"" +
                std::string(behind) + "\"");
}

Status ParseHostAndPort(std::string_view text, HostPort& url) {
  std::string_view port;
  if (!text.empty() && text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return BadUrl("']' is missing after the IPv6 address");
    url.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    TQL_RETURN_IF_ERROR(CheckIpv6(url.host, port));
  } else {
    const std::size_t colon = text.find(':');
    url.host = text.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
    for (const char c : url.host) {
      if (IsHostByte(c)) continue;
      const bool visible = c > ' ' && c < 0x7f;
      return BadUrl("a host name cannot contain " +
                    (visible ? "'" + std::string(1, c) + "'" : base::ShownByte(c)));
    }
  }
  if (url.host.empty()) return BadUrl("the host is missing");
  if (port.empty()) return {};
  const char* end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data() + 1, end, url.port);
  if (port.front() != ':' || error != std::errc() || stop != end || url.port == 0) {
    return BadUrl("the port must be a number from 1 to 65535");
  }
  return {};
}

// Parses a comma-separated list of hosts, each with an optional port.
Status ParseHosts(std::string_view text, Url& url) {
  for (bool first = true; first || !text.empty(); first = false) {
    auto [item, rest] = Split(text, text.find(','));
    if (rest.empty() && item.size() < text.size()) return BadUrl("the host is missing after ','");
    text = rest;
    StatusOr<HostPort> place = HostPort::Parse(item, url.tls);
    if (!place) return place.status();
    if (first) {
      url.host = std::move(place->host);
      url.port = place->port;
    } else {
      url.more_hosts.push_back(*std::move(place));
    }
  }
  return {};
}

Status ParseProxyParameter(const std::string& value, Url& url) {
  if (value != kNoProxy) {
    const StatusOr<Proxy> proxy = ParseProxy(value);
    if (!proxy) return BadUrl("proxy: " + proxy.status().message());
    if (!proxy->authorization.empty()) {
      return BadUrl(
          "proxy: a user and a password are not permitted in a URL, where others can read them; "
          "set "
          "https_proxy or Options::proxy");
    }
  }
  url.proxy = value;
  return {};
}

Status ParseParameter(std::string_view name, const std::string& value, Url& url) {
  if (name == "schema") {
    url.schema = value;
    return {};
  }
  if (name == "cacert") {
    url.ca_file = value;
    return {};
  }
  if (name == "timeout" || name == "connect_timeout") {
    StatusOr<std::chrono::milliseconds> time = ParseDuration(value);
    if (!time) return BadUrl(std::string(name) + ": " + time.status().message());
    (name == "timeout" ? url.timeout : url.connect_timeout) = *time;
    return {};
  }
  if (name == "insecure") {
    if (value != "true" && value != "false") return BadUrl("insecure must be true or false");
    url.insecure = value == "true";
    return {};
  }
  if (name == "proxy") return ParseProxyParameter(value, url);
  if (name != "transport") return BadUrl("unknown parameter \"" + std::string(name) + "\"");
  if (value != "http" && value != "grpc") {
    return BadUrl("the transport must be http or grpc, not \"" + value + "\"");
  }
  url.protocol = value == "grpc" ? Protocol::kGrpc : Protocol::kHttp;
  return {};
}

// Contradictory parameters are an error; none takes precedence.
Status FindConflict(const Url& url) {
  const bool insecure = url.insecure.value_or(false);
  if (!url.tls && (url.ca_file || insecure)) {
    return BadUrl(std::string(url.ca_file ? "cacert" : "insecure") +
                  " requires TLS, which http:// does not use");
  }
  if (url.ca_file && insecure) {
    return BadUrl("cacert and insecure=true exclude each other");
  }
  return {};
}

Status ParseParameters(std::string_view text, Url& url) {
  std::vector<std::string_view> seen;
  while (!text.empty()) {
    auto [item, rest] = Split(text, text.find('&'));
    text = rest;
    const std::size_t equals = item.find('=');
    auto [name, value] = Split(item, equals);
    if (equals == std::string_view::npos) {
      return BadUrl("expected NAME=VALUE after '?' or '&': found \"" + std::string(item) + "\"");
    }
    if (std::ranges::find(seen, name) != seen.end()) {
      return BadUrl("duplicate parameter \"" + std::string(name) + "\"");
    }
    seen.push_back(name);
    StatusOr<std::string> decoded = Decode(std::string(name), value);
    if (!decoded) return decoded.status();
    TQL_RETURN_IF_ERROR(ParseParameter(name, *decoded, url));
  }
  return FindConflict(url);
}

}  // namespace

StatusOr<HostPort> HostPort::Parse(std::string_view text, bool tls) {
  HostPort place;
  place.port = tls ? kDefaultHttpsPort : kDefaultHttpPort;
  TQL_RETURN_IF_ERROR(ParseHostAndPort(text, place));
  return place;
}

StatusOr<Url> Url::Parse(std::string_view text) {
  Url url;
  TQL_RETURN_IF_ERROR(CheckCharacters(text));
  TQL_RETURN_IF_ERROR(ParseScheme(text, url));
  auto [before_query, query] = Split(text, text.find('?'));
  auto [authority, path] = Split(before_query, before_query.find('/'));
  if (const std::size_t at = authority.find('@'); at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    if (user.find(':') != std::string_view::npos) {
      return BadUrl("a password is not permitted in a URL, where others can read it");
    }
    if (authority.find('@', at + 1) != std::string_view::npos) {
      return BadUrl(
          "only one user is permitted, before the first host; write an '@' in its name as %40");
    }
    StatusOr<std::string> decoded = Decode("the user", user);
    if (!decoded) return decoded.status();
    url.user = *std::move(decoded);
    authority.remove_prefix(at + 1);
  }
  TQL_RETURN_IF_ERROR(ParseHosts(authority, url));
  // A trailing slash is permitted, as in a URL without a database.
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  if (path.find('/') != std::string_view::npos)
    return BadUrl("only a database may follow the host");
  StatusOr<std::string> database = Decode("the database", path);
  if (!database) return database.status();
  url.database = *std::move(database);
  TQL_RETURN_IF_ERROR(ParseParameters(query, url));
  return url;
}

std::string Url::Origin() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return std::string(tls ? "https://" : "http://") + (ipv6 ? "[" + host + "]" : host) + ":" +
         std::to_string(port);
}

}  // namespace tql
