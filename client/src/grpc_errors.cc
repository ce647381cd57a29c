// The texts that are recognised here are those of gRPC 1.51, which has no other way to distinguish
// these errors. Texts of another version lead to a less specific message, not to a wrong result.
#include "client/src/grpc_errors.h"

#include <cstddef>
#include <string_view>
#include <utility>

namespace tql {
namespace {

bool Has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

bool IsAboutCertificate(std::string_view message) {
  for (const std::string_view part :
       {"certificate verify failed", "CERTIFICATE_VERIFY_FAILED", "is not in peer certificate",
        "Hostname Verification Check failed"}) {
    if (Has(message, part)) return true;
  }
  return false;
}

// Whether the connection ended during a call.
bool IsAboutConnection(std::string_view message) {
  for (const std::string_view begin :
       {"Socket closed", "recvmsg:", "sendmsg:", "GOAWAY received", "Endpoint read failed",
        "Connection reset by peer", "Broken pipe", "keepalive watchdog timeout", "Transport closed",
        "Stream removed", "Endpoint closing"}) {
    if (message.starts_with(begin)) return true;
  }
  return false;
}

// Whether the service rejected a request because of its size. gRPC uses the same text if a response
// exceeds the client's limit, which the text then contains.
bool IsAboutRequestSize(std::string_view message) {
  const std::string ours = " vs. " + std::to_string(kMostGrpcMessageBytes) + ")";
  return Has(message, "Received message larger than max") && !Has(message, ours);
}

std::string_view AfterLast(std::string_view text, std::string_view mark) {
  const std::size_t at = text.rfind(mark);
  return at == text.npos ? text : text.substr(at + mark.size());
}

// An attempt to connect, parsed from gRPC's text. "UNKNOWN: ipv4:127.0.0.1:1: Failed to connect to
// remote host: Connection refused" has the address "127.0.0.1" and the reason "Connection refused".
struct Attempt {
  std::string address;
  std::string why;
};

Attempt LastAttempt(std::string_view message, const Url& host) {
  message = AfterLast(message, "last error: ");
  Attempt attempt{host.host, {}};
  const std::size_t begin = std::min(message.find("ipv4:"), message.find("ipv6:"));
  const std::size_t end = begin == message.npos ? begin : message.find(": ", begin);
  if (end != message.npos) {
    std::string_view address = message.substr(begin + 5, end - begin - 5);
    address = address.substr(0, address.rfind(':'));
    if (address.starts_with("%5B") && address.ends_with("%5D")) {
      address = address.substr(3, address.size() - 6);
    }
    attempt.address = address;
    message = message.substr(end + 2);
  }
  attempt.why = AfterLast(message, "Failed to connect to remote host: ");
  return attempt;
}

// Returns the error of a failed attempt to connect. An unknown text is passed on.
Status ConnectError(const std::string& message, bool time_over, const Url& host) {
  const std::string what = host.Origin() + ": ";
  if (IsAboutCertificate(message)) {
    return FailedPreconditionError(what +
                                   "the server's certificate is not trusted for this host; set "
                                   "a file of trusted certificates, or accept any certificate");
  }
  if (Has(message, "DNS resolution failed") || Has(message, "C-ares status")) {
    return UnavailableError(what + "cannot find the host " + host.host + ": " +
                            std::string(AfterLast(message, ": ")));
  }
  const Attempt attempt = LastAttempt(message, host);
  const std::string_view why = attempt.why;
  if (Has(why, "wrong version number") || Has(why, "WRONG_VERSION_NUMBER")) {
    return FailedPreconditionError(what + "the port does not speak TLS; it may be an http port");
  }
  if (Has(why, "http1.x server")) {
    return FailedPreconditionError(what + "the port speaks HTTP/1, not gRPC");
  }
  if (Has(why, "Failed parsing HTTP/2")) {
    return FailedPreconditionError(what + "the port does not speak gRPC");
  }
  if (why == "OK") {  // gRPC's text for a response that it cannot parse
    return UnavailableError(what +
                            "the connection was closed before it could be used; perhaps "
                            "the port does not speak gRPC");
  }
  if (Has(why, "Handshake read failed") || Has(why, "Ssl handshake failed")) {
    return UnavailableError(
        what +
        "the TLS handshake was interrupted or took too long; perhaps the port does "
        "not speak TLS");
  }
  if (Has(why, "SETTINGS frame")) {
    return UnavailableError(what + "the port accepts connections but sends nothing; perhaps it " +
                            "does not speak gRPC");
  }
  if (time_over || Has(why, "tcp handshaker shutdown")) {
    return UnavailableError(what + "cannot connect to " + attempt.address +
                            ": Connection timed out");
  }
  if (Has(why, "Socket closed") || Has(why, "recvmsg:") || Has(why, "Endpoint closed")) {
    return UnavailableError(what + "the connection was closed before it could be used; perhaps " +
                            (host.tls ? "the port does not speak TLS" : "the port speaks TLS"));
  }
  return UnavailableError(what + "cannot connect to " + attempt.address + ": " + attempt.why);
}

}  // namespace

Status FromGrpc(GrpcFailure failure, const Url& host) {
  // The text comes from the network and may be printed on a terminal.
  for (char& c : failure.message) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  switch (failure.code) {
    case StatusCode::kOk:
      return {};
    case StatusCode::kCancelled:
      if (failure.cancelled) return CancelledError("the call was cancelled");
      return UnavailableError(host.Origin() + ": the service ended the call");
    case StatusCode::kDeadlineExceeded:
      return DeadlineExceededError(failure.sent ? "the call took too long"
                                                : host.Origin() + ": connecting took too long");
    case StatusCode::kUnavailable:
      if (!failure.sent) return ConnectError(failure.message, failure.connect_time_over, host);
      if (IsAboutConnection(failure.message)) {
        return UnavailableError(host.Origin() + ": the connection was lost");
      }
      return UnavailableError(host.Origin() + ": " + failure.message);
    case StatusCode::kResourceExhausted:
      if (IsAboutRequestSize(failure.message)) {
        return InvalidArgumentError("the request is too large: " + failure.message);
      }
      [[fallthrough]];
    default:
      return Status(failure.code, std::move(failure.message));
  }
}

}  // namespace tql
