#include "client/src/grpc_errors.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tql {
namespace {

Url HostOf(const std::string& text) { return *Url::Parse(text); }

/// The error when nothing was sent, given the message of gRPC 1.51.
Status Refused(const std::string& message, const std::string& url = "http://h:1") {
  return FromGrpc({StatusCode::kUnavailable, message}, HostOf(url));
}
Status RefusedAt(const std::string& attempt, const std::string& url = "http://h:1") {
  return Refused("failed to connect to all addresses; last error: " + attempt, url);
}

TEST(GrpcErrors, ConnectErrorsMatchHttp) {
  EXPECT_EQ(RefusedAt("UNKNOWN: ipv4:127.0.0.1:1: Failed to connect to remote host: Connection "
                      "refused"),
            UnavailableError("http://h:1: cannot connect to 127.0.0.1: Connection refused"));
  EXPECT_EQ(RefusedAt("UNKNOWN: ipv6:%5B::1%5D:1: Failed to connect to remote host: Connection "
                      "refused",
                      "https://[::1]:1"),
            UnavailableError("https://[::1]:1: cannot connect to ::1: Connection refused"));
  for (const char* why :
       {"tcp handshaker shutdown", "Failed to connect to remote host: Connection reset by peer"}) {
    GrpcFailure late{StatusCode::kUnavailable, std::string("UNKNOWN: ipv4:10.0.0.1:1: ") + why};
    late.connect_time_over = std::string_view(why) != "tcp handshaker shutdown";  // Implies it.
    EXPECT_EQ(FromGrpc(late, HostOf("http://h:1")),
              UnavailableError("http://h:1: cannot connect to 10.0.0.1: Connection timed out"));
  }
  EXPECT_EQ(Refused("DNS resolution failed for h:1: C-ares status is not ARES_SUCCESS qtype=AAAA "
                    "name=h is_balancer=0: Domain name not found"),
            UnavailableError("http://h:1: cannot find the host h: Domain name not found"));
}

TEST(GrpcErrors, ReportsOtherProtocols) {
  const Status certificate = RefusedAt(
      "UNKNOWN: ipv4:127.0.0.1:1: Ssl handshake failed: SSL_ERROR_SSL: "
      "error:0A000086:SSL routines::certificate verify failed");
  EXPECT_EQ(certificate.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(certificate.message().find("certificate is not trusted"), std::string::npos);
  EXPECT_EQ(
      RefusedAt("UNKNOWN: ipv4:127.0.0.1:1: Ssl handshake failed: SSL_ERROR_SSL: "
                "error:0A00010B:SSL routines::wrong version number"),
      FailedPreconditionError("http://h:1: the port does not speak TLS; it may be an http port"));
  EXPECT_EQ(RefusedAt("UNKNOWN: ipv4:127.0.0.1:1: Trying to connect an http1.x server"),
            FailedPreconditionError("http://h:1: the port speaks HTTP/1, not gRPC"));
  EXPECT_EQ(RefusedAt("UNKNOWN: ipv4:127.0.0.1:1: Failed parsing HTTP/2"),
            FailedPreconditionError("http://h:1: the port does not speak gRPC"));
  EXPECT_EQ(Refused("failed to connect to all addresses; last error: OK"),
            UnavailableError("http://h:1: the connection was closed before it could be used; "
                             "perhaps the port does not speak gRPC"));
  EXPECT_EQ(RefusedAt("UNAVAILABLE: ipv4:127.0.0.1:1: Socket closed"),
            UnavailableError("http://h:1: the connection was closed before it could be used; "
                             "perhaps the port speaks TLS"));
}

TEST(GrpcErrors, UnknownErrors) {
  EXPECT_EQ(RefusedAt("UNKNOWN: ipv4:127.0.0.1:1: something new"),
            UnavailableError("http://h:1: cannot connect to 127.0.0.1: something new"));
  EXPECT_EQ(Refused("something new"),
            UnavailableError("http://h:1: cannot connect to h: something new"));
}

TEST(GrpcErrors, ServiceErrorsAreUnchanged) {
  GrpcFailure failure{StatusCode::kUnavailable, "busy\nnow", true};
  EXPECT_EQ(FromGrpc(failure, HostOf("http://h:1")), UnavailableError("http://h:1: busy now"));
  failure.code = StatusCode::kPermissionDenied;
  EXPECT_EQ(FromGrpc(failure, HostOf("http://h:1")), PermissionDeniedError("busy now"));
  // A message of gRPC itself, but sent by the service.
  failure = {StatusCode::kUnavailable, "certificate verify failed", true};
  EXPECT_EQ(FromGrpc(failure, HostOf("http://h:1")).code(), StatusCode::kUnavailable);
}

TEST(GrpcErrors, LostConnection) {
  EXPECT_EQ(FromGrpc({StatusCode::kUnavailable, "recvmsg:Connection reset by peer", true},
                     HostOf("https://h:1")),
            UnavailableError("https://h:1: the connection was lost"));
}

TEST(GrpcErrors, DeadlineAndCancellation) {
  const Url host = HostOf("https://h:1");
  EXPECT_EQ(FromGrpc({StatusCode::kDeadlineExceeded, "Deadline Exceeded", true}, host),
            DeadlineExceededError("the call took too long"));
  EXPECT_EQ(FromGrpc({StatusCode::kDeadlineExceeded, "Deadline Exceeded", false}, host),
            DeadlineExceededError("https://h:1: connecting took too long"));
  EXPECT_EQ(FromGrpc({StatusCode::kCancelled, "CANCELLED", true, true}, host),
            CancelledError("the call was cancelled"));
  EXPECT_EQ(FromGrpc({StatusCode::kCancelled, "CANCELLED", true, false}, host).code(),
            StatusCode::kUnavailable);
}

TEST(GrpcErrors, OversizedRequest) {
  const Url host = HostOf("https://h:1");
  EXPECT_EQ(FromGrpc({StatusCode::kResourceExhausted,
                      "Received message larger than max (3020 vs. 2000)", true},
                     host)
                .code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(FromGrpc({StatusCode::kResourceExhausted,
                      "Received message larger than max (70000000 vs. " +
                          std::to_string(kMostGrpcMessageBytes) + ")",
                      true},
                     host)
                .code(),
            StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace tql
