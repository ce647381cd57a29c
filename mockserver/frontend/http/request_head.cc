#include "mockserver/frontend/http/request_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "proto/base/text.h"

namespace tql::frontend {
namespace {

constexpr std::size_t kMaxHeaders = 256;

using Result = std::optional<Refusal>;

// The characters of a header's name and of a method.
constexpr auto kTokenCharacters = [] {
  std::array<bool, 256> token{};
  for (int c = 0; c < 128; ++c) {
    const char text = static_cast<char>(c);
    token[static_cast<std::size_t>(c)] =
        base::IsLetter(text) || base::IsDigit(text) ||
        std::string_view("!#$%&'*+-.^_`|~").find(text) != std::string_view::npos;
  }
  return token;
}();

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return kTokenCharacters[static_cast<unsigned char>(c)];
  });
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return c != '\t' && base::IsControl(c); });
}

/// Removes scheme and host of a target as clients send it to proxies: "http://host:80/path". Such a
/// host precedes that of the Host header (RFC 9112, 3.2.2).
bool TakeAuthority(std::string_view& target, std::string_view& host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!base::StartsWithIgnoreCase(target, scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = std::min(target.find_first_of("/?#"), target.size());
    host = target.substr(0, end);
    target.remove_prefix(end);
    if (target.empty()) target = "/";
    return !host.empty() && host.find('@') == std::string_view::npos;
  }
  return true;
}

Result ReadRequestLine(std::string_view line, HttpRequest& request) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  const auto bad = [&] {
    return Refusal{400, "Bad request line: " + Found(line) + ", expected METHOD /PATH HTTP/1.1."};
  };
  if (first == std::string_view::npos || first == last) return bad();
  request.method = line.substr(0, first);
  std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  request.http_1_0 = version == "HTTP/1.0";
  if (!request.http_1_0 && version != "HTTP/1.1") {
    return version.starts_with("HTTP/")
               ? Refusal{505, "Bad version: " + Found(version) + ", expected HTTP/1.1 or HTTP/1.0."}
               : bad();
  }
  if (!TakeAuthority(target, request.host)) return bad();
  const bool whole_server = target == "*" && request.method == "OPTIONS";
  if (!IsToken(request.method) || (!target.starts_with('/') && !whole_server) ||
      HasControl(target) || target.find_first_of(" \t") != std::string_view::npos) {
    return bad();
  }
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  return std::nullopt;
}

Result ReadHeaders(std::string_view lines, HttpRequest& request) {
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !IsToken(line.substr(0, colon)) || HasControl(line)) {
      return Refusal{400, "Bad header: " + Found(line) + ", expected NAME: VALUE."};
    }
    if (request.headers.size() == kMaxHeaders) {
      return Refusal{431, "Found more than " + std::to_string(kMaxHeaders) +
                              " headers, expected at most " + std::to_string(kMaxHeaders) + '.'};
    }
    request.headers.emplace_back(line.substr(0, colon),
                                 base::Trim(line.substr(colon + 1), kHeaderBlanks));
  }
  return std::nullopt;
}

Result ReadConnection(HttpRequest& request, Framing& framing) {
  bool close = false;
  bool keep = false;
  std::size_t hosts = 0;
  for (const auto& [name, value] : request.headers) {
    if (base::EqualsIgnoreCase(name, "Host")) {
      ++hosts;
      if (request.host.empty()) request.host = value;
    }
    if (!base::EqualsIgnoreCase(name, "Connection")) continue;
    std::string_view list = value;
    while (!list.empty()) {
      const std::size_t comma = std::min(list.find(','), list.size());
      const std::string_view option = base::Trim(list.substr(0, comma), kHeaderBlanks);
      close |= base::EqualsIgnoreCase(option, "close");
      keep |= base::EqualsIgnoreCase(option, "keep-alive");
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }
  framing.keep_alive = !close && (!request.http_1_0 || keep);
  if (hosts > 1 || (hosts == 0 && !request.http_1_0)) {
    return Refusal{400, "Found " + std::to_string(hosts) + " Host headers, expected one."};
  }
  return std::nullopt;
}

Result ReadLength(std::string_view value, bool has_length, Framing& framing) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error == std::errc::result_out_of_range) {
    return Refusal{413, "Bad Content-Length: " + Found(value) + ", expected at most " +
                            std::to_string(std::numeric_limits<std::size_t>::max()) + '.'};
  }
  if (error != std::errc() || end != value.data() + value.size() ||
      (has_length && number != framing.length)) {
    return Refusal{400, "Bad Content-Length: " + Found(value) + ", expected a number of bytes" +
                            (has_length ? ", the same as before." : ".")};
  }
  framing.length = number;
  return std::nullopt;
}

Result ReadFraming(const HttpRequest& request, Framing& framing) {
  bool has_length = false;
  for (const auto& [name, value] : request.headers) {
    if (base::EqualsIgnoreCase(name, "Content-Length")) {
      if (Result refusal = ReadLength(value, has_length, framing)) return refusal;
      has_length = true;
    } else if (base::EqualsIgnoreCase(name, "Transfer-Encoding")) {
      if (framing.chunked || request.http_1_0) {
        return Refusal{400, framing.chunked
                                ? "Found two Transfer-Encodings, expected one."
                                : "Found a Transfer-Encoding in a request of HTTP/1.0."};
      }
      if (!base::EqualsIgnoreCase(value, "chunked")) {
        return Refusal{501, "Bad Transfer-Encoding: " + Found(value) + ", expected chunked."};
      }
      framing.chunked = true;
    } else if (base::EqualsIgnoreCase(name, "Content-Encoding")) {
      if (!base::EqualsIgnoreCase(value, "identity")) framing.encoding = value;
    } else if (base::EqualsIgnoreCase(name, "Expect")) {
      if (!base::EqualsIgnoreCase(value, "100-continue"))
        return Refusal{417, "Bad Expect: " + Found(value) + ", expected 100-continue."};
      framing.expect_continue = !request.http_1_0;
    }
  }
  // With both, two readers of the connection could see different requests.
  if (framing.chunked && has_length) {
    return Refusal{400, "Content-Length beside Transfer-Encoding."};
  }
  if (!framing.chunked && framing.length == 0) framing.expect_continue = false;
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> RefuseEncoding(const Framing& framing) {
  if (framing.encoding.empty()) return std::nullopt;
  return Refusal{415, "Bad Content-Encoding: " + Found(framing.encoding) +
                          ", expected none: compressed bodies are not supported."};
}

std::string Found(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string shown = "found '";
  for (const char c : text.substr(0, kMost)) shown += c >= 0x20 && c < 0x7f ? c : '?';
  return shown + (text.size() > kMost ? "...'" : "'");
}

void HeadFinder::Reset() {
  looked_ = size_ = 0;
  refusal_ = Refusal();
}

HeadFinder::State HeadFinder::Refuse(int status, std::string why) {
  refusal_ = {status, std::move(why)};
  return State::kRefused;
}

HeadFinder::State HeadFinder::Look(std::string_view arrived) {
  const std::size_t most = max_bytes_ + 4;  // including the empty line
  const std::string_view head = arrived.substr(0, most);
  const std::size_t end = head.find("\r\n\r\n", looked_ < 3 ? 0 : looked_ - 3);
  if (!CheckStart(head, std::min(end, head.size()))) return State::kRefused;
  looked_ = head.size();
  if (end != std::string_view::npos) {
    size_ = end + 4;
    return State::kComplete;
  }
  if (head.size() < most) return State::kMore;
  if (head.find("\r\n") == std::string_view::npos) {
    return Refuse(414, "The request line exceeds " + std::to_string(max_bytes_) + " bytes.");
  }
  return Refuse(431, "The headers of the request exceed " + std::to_string(max_bytes_) + " bytes.");
}

/// Rejects bytes that are not HTTP without waiting for the end of the head.
bool HeadFinder::CheckStart(std::string_view head, std::size_t end) {
  if (looked_ == 0 && end > 0 && !IsToken(head.substr(0, 1))) {
    Refuse(400, head[0] == '\x16'
                    ? "Found a TLS handshake: this port speaks plain HTTP."
                    : "Bad request line: " + Found(head.substr(0, 1)) + ", expected a method.");
    return false;
  }
  for (std::size_t at = looked_; (at = head.find('\n', at)) < end; ++at) {
    if (at == 0 || head[at - 1] != '\r') {
      Refuse(400, "Bad line end: found a line feed alone, expected a carriage return before.");
      return false;
    }
  }
  return true;
}

std::optional<Refusal> ReadHead(HttpRequest& request, Framing& framing) {
  std::string_view head = request.head;
  head.remove_suffix(2);  // the empty line; the others keep their line ends
  const std::size_t end = head.find("\r\n");
  if (Result refusal = ReadRequestLine(head.substr(0, end), request)) return refusal;
  if (Result refusal = ReadHeaders(head.substr(end + 2), request)) return refusal;
  if (Result refusal = ReadConnection(request, framing)) return refusal;
  return ReadFraming(request, framing);
}

}  // namespace tql::frontend
