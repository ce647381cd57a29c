#include "mockserver/frontend/http/request_gate.h"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "proto/base/text.h"

namespace tql::frontend {
namespace {

constexpr std::string_view kMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
/// How long a browser may remember the answer to a preflight.
constexpr std::string_view kMaxAge = "600";
constexpr std::string_view kLax = "SameSite=Lax";
constexpr std::string_view kNone = "SameSite=None";

/// The host of a Host header or of an origin, without its port and without brackets; empty if
/// anything but a port follows it.
std::string_view WithoutPort(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == std::string_view::npos) return {};
  const std::string_view host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
  const std::string_view port = text.substr(bracketed ? end + 1 : end);
  const bool valid =
      port.empty() || (port[0] == ':' && std::ranges::all_of(port.substr(1), base::IsDigit));
  return valid ? host : std::string_view();
}

bool IsHeaderList(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return base::IsLetter(c) || base::IsDigit(c) ||
           std::string_view("-_, ").find(c) != std::string_view::npos;
  });
}

/// Returns text of the client for a message, shortened and printable.
std::string Shown(std::string_view text) {
  constexpr std::size_t kMost = 80;
  std::string shown;
  for (const char c : text.substr(0, kMost)) shown += c > ' ' && c < 0x7f && c != '"' ? c : '?';
  return text.size() > kMost ? shown + "..." : shown;
}

}  // namespace

bool IsHostName(std::string_view text) {
  in6_addr address{};
  const bool has_colon = text.find(':') != text.npos;
  if (has_colon) return inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return base::IsLetter(c) || base::IsDigit(c) || c == '-' || c == '_' || c == '.';
  });
}

bool IsOrigin(std::string_view text) {
  std::string_view own_port;
  if (text.starts_with("http://")) {
    own_port = ":80";
  } else if (text.starts_with("https://")) {
    own_port = ":443";
  } else {
    return false;
  }
  text.remove_prefix(text.find("//") + 2);
  if (text.ends_with(own_port) || text.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != text.npos) {
    return false;
  }
  const std::string_view host = WithoutPort(text);
  if (!IsHostName(host)) return false;
  std::string_view port = text.substr(host.size() + (text.starts_with('[') ? 2 : 0));
  if (port.empty()) return true;
  port.remove_prefix(1);
  return !port.empty() && port.size() <= 5 &&
         port.find_first_not_of("0123456789") == std::string_view::npos;
}

RequestGate::RequestGate(Options options) : options_(std::move(options)) {}

void RequestGate::AddPort(const net::Endpoint& endpoint, bool tls) {
  ports_.push_back({endpoint, net::IsLoopback(endpoint), tls});
}

bool RequestGate::IsOwnHost(std::string_view host, const Port& port) const {
  std::string_view name = WithoutPort(host);
  if (name.ends_with('.')) name.remove_suffix(1);
  if (base::EqualsIgnoreCase(name, "localhost") ||
      base::EqualsIgnoreCase(name, port.endpoint.host) || net::IsLoopback({std::string(name), 0})) {
    return true;
  }
  return std::ranges::any_of(options_.allowed_hosts, [&](const std::string& allowed) {
    return base::EqualsIgnoreCase(allowed, name);
  });
}

bool RequestGate::IsAllowed(std::string_view origin) const {
  return std::ranges::find(options_.cors_origins, origin) != options_.cors_origins.end();
}

std::optional<HttpResponse> RequestGate::Answer(const HttpRequest& request,
                                                std::size_t port_number) const {
  const Port& port = ports_[port_number];
  const std::string_view host = request.host;
  // No browser sends a request without a host.
  if (port.loopback && !host.empty() && !IsOwnHost(host, port)) {
    return ErrorResponse(403,
                         "This port is for programs of this machine, which call it localhost "
                         "or 127.0.0.1, not \"" +
                             Shown(host) + "\"; tqlmockd --allow-host allows the name.");
  }
  const std::string_view origin = request.Header("Origin");
  if (origin.empty()) return std::nullopt;
  if (IsAllowed(origin)) {
    const bool preflight =
        request.method == "OPTIONS" && !request.Header("Access-Control-Request-Method").empty();
    return preflight ? std::optional(Preflight(request)) : std::nullopt;
  }
  const std::string own = (port.tls ? "https://" : "http://") + std::string(host);
  if (port.loopback && !base::EqualsIgnoreCase(origin, own)) {
    return ErrorResponse(403, "Pages of the origin \"" + Shown(origin) +
                                  "\" may not use this port; tqlmockd --cors-origin allows it.");
  }
  return std::nullopt;
}

HttpResponse RequestGate::Preflight(const HttpRequest& request) {
  HttpResponse response;
  response.status = 204;
  response.headers = {{"Access-Control-Allow-Methods", std::string(kMethods)},
                      {"Access-Control-Max-Age", std::string(kMaxAge)}};
  const std::string_view headers = request.Header("Access-Control-Request-Headers");
  if (!headers.empty() && IsHeaderList(headers)) {
    response.headers.emplace_back("Access-Control-Allow-Headers", headers);
  }
  if (request.Header("Access-Control-Request-Private-Network") == "true") {
    response.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  }
  return response;
}

void RequestGate::AddCorsHeaders(const HttpRequest& request, std::size_t port,
                                 HttpResponse& response) const {
  if (options_.cors_origins.empty()) return;
  response.headers.emplace_back("Vary", "Origin");
  const std::string_view origin = request.Header("Origin");
  if (origin.empty() || !IsAllowed(origin)) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", origin);
  response.headers.emplace_back("Access-Control-Allow-Credentials", "true");
  response.headers.emplace_back("Access-Control-Expose-Headers", "Allow, Retry-After");
  if (!ports_[port].tls) return;
  // Browsers return the cookie to pages of other sites only with SameSite=None and over TLS.
  for (auto& [name, value] : response.headers) {
    if (name != "Set-Cookie") continue;
    const std::size_t lax = value.find(kLax);
    if (lax != std::string::npos) {
      value.replace(lax, kLax.size(), kNone);
    } else {
      value.append("; ").append(kNone);
    }
    if (value.find("; Secure") == std::string::npos) value += "; Secure";
  }
}

}  // namespace tql::frontend
