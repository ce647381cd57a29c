#include "mockserver/frontend/http/request_gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace tql::frontend {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

constexpr std::size_t kPlain = 0;  // http://127.0.0.1:8080
constexpr std::size_t kTls = 1;    // https://127.0.0.1:8443
constexpr std::size_t kWide = 2;   // https://0.0.0.0:443

class RequestGateTest : public testing::Test {
 protected:
  RequestGateTest() : gate_({{"https://app.example.com"}, {"devbox"}}) {
    gate_.AddPort({"127.0.0.1", 8080}, false);
    gate_.AddPort({"127.0.0.1", 8443}, true);
    gate_.AddPort({"0.0.0.0", 443}, true);
  }
  /// Returns the status of the gate's response, or 0 if the request passes.
  int Status(std::size_t port, const Headers& headers, std::string_view method = "POST") {
    request_.method = method;
    request_.headers = headers;
    request_.host = request_.Header("Host");
    answer_ = gate_.Answer(request_, port);
    return answer_ ? answer_->status : 0;
  }

  RequestGate gate_;
  HttpRequest request_;
  std::optional<HttpResponse> answer_;
};

TEST_F(RequestGateTest, ChecksHostOnLoopbackPorts) {
  for (const char* host :
       {"localhost", "localhost:8080", "LocalHost:1", "localhost.", "127.0.0.1", "127.0.0.1:8080",
        "127.8.9.1", "[::1]:8080", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f08:901]:80",
        "devbox:8080", "DEVBOX", ""}) {
    EXPECT_EQ(Status(kPlain, {{"Host", host}}), 0) << host;
  }
  EXPECT_EQ(Status(kPlain, {}), 0);
  for (const char* host :
       {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
        "xlocalhost", "10.0.0.1", "[::2]", "[::ffff:10.0.0.1]", "[::1", "devbox.evil.example",
        "[::1]evil.example", "[localhost].evil.example", "localhost:@evil.example", "localhost:x",
        "localhost:1:2"}) {
    EXPECT_EQ(Status(kPlain, {{"Host", host}}), 403) << host;
    EXPECT_EQ(Status(kWide, {{"Host", host}}), 0) << host;
  }
}

TEST_F(RequestGateTest, ChecksOriginOnLoopbackPorts) {
  const auto status = [&](std::size_t port, const char* host, const char* origin) {
    return Status(port, {{"Host", host}, {"Origin", origin}});
  };
  EXPECT_EQ(status(kPlain, "localhost:8080", "http://localhost:8080"), 0);
  EXPECT_EQ(status(kTls, "127.0.0.1:8443", "https://127.0.0.1:8443"), 0);
  EXPECT_EQ(status(kPlain, "localhost:8080", "https://app.example.com"), 0);
  for (const char* origin :
       {"http://localhost:3000", "https://localhost:8080", "http://127.0.0.1:8080", "null",
        "https://app.example.com.evil.example", "https://app.example.com:444", "http://evil"}) {
    EXPECT_EQ(status(kPlain, "localhost:8080", origin), 403) << origin;
    EXPECT_EQ(status(kWide, "localhost:8080", origin), 0) << origin;
  }
}

TEST_F(RequestGateTest, AnswersPreflights) {
  const Headers headers = {{"Host", "localhost"},
                           {"Origin", "https://app.example.com"},
                           {"Access-Control-Request-Method", "POST"},
                           {"Access-Control-Request-Headers", "content-type, x-requested-by"},
                           {"Access-Control-Request-Private-Network", "true"}};
  ASSERT_EQ(Status(kTls, headers, "OPTIONS"), 204);
  gate_.AddCorsHeaders(request_, kTls, *answer_);
  for (const auto& [name, value] :
       {std::pair("Access-Control-Allow-Origin", "https://app.example.com"),
        std::pair("Access-Control-Allow-Credentials", "true"),
        std::pair("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
        std::pair("Access-Control-Allow-Headers", "content-type, x-requested-by"),
        std::pair("Access-Control-Allow-Private-Network", "true"), std::pair("Vary", "Origin")}) {
    EXPECT_THAT(answer_->headers, Contains(Pair(name, value)));
  }
  EXPECT_EQ(Status(kTls, headers, "POST"), 0);  // Not a preflight request; handled by its route.
  Headers foreign = headers;
  foreign[1].second = "https://evil.example";
  EXPECT_EQ(Status(kTls, foreign, "OPTIONS"), 403);
}

TEST_F(RequestGateTest, AddsCorsHeadersForAllowedOrigins) {
  const auto headers = [&](const char* origin) {
    request_.headers = {{"Host", "localhost"}, {"Origin", origin}};
    HttpResponse response;
    gate_.AddCorsHeaders(request_, kPlain, response);
    return response.headers;
  };
  EXPECT_THAT(headers("https://app.example.com"),
              Contains(Pair("Access-Control-Allow-Origin", "https://app.example.com")));
  EXPECT_THAT(headers("http://localhost"), Not(Contains(Key("Access-Control-Allow-Origin"))));
  EXPECT_THAT(headers("http://localhost"), Contains(Pair("Vary", "Origin")));
}

TEST_F(RequestGateTest, MarksCookiesForOtherSitesOverTls) {
  request_.headers = {{"Host", "localhost"}, {"Origin", "https://app.example.com"}};
  HttpResponse response;
  response.headers = {{"Set-Cookie", "S=1; Path=/; HttpOnly; SameSite=Lax"},
                      {"Set-Cookie", "C=2; Path=/; Secure"}};
  HttpResponse plain = response;
  gate_.AddCorsHeaders(request_, kTls, response);
  EXPECT_THAT(response.headers,
              Contains(Pair("Set-Cookie", "S=1; Path=/; HttpOnly; SameSite=None; Secure")));
  EXPECT_THAT(response.headers, Contains(Pair("Set-Cookie", "C=2; Path=/; Secure; SameSite=None")));
  gate_.AddCorsHeaders(request_, kPlain, plain);
  EXPECT_THAT(plain.headers, Contains(Pair("Set-Cookie", "S=1; Path=/; HttpOnly; SameSite=Lax")));
}

TEST(RequestGate, AddsNoHeadersWithoutCors) {
  RequestGate gate({});
  gate.AddPort({"127.0.0.1", 1}, false);
  HttpRequest request;
  HttpResponse response;
  gate.AddCorsHeaders(request, 0, response);
  EXPECT_THAT(response.headers, IsEmpty());
}

TEST(IsHostName, AcceptsNamesAndAddressesWithoutPort) {
  for (const char* host : {"a", "a-b_c.example.com", "10.0.0.1", "::1", "2001:db8::1"}) {
    EXPECT_TRUE(IsHostName(host)) << host;
  }
  for (const char* text : {"", "a:80", "10.0.0.1:80", "[::1]", "a b", "a/b", ":", "a:b:c"}) {
    EXPECT_FALSE(IsHostName(text)) << text;
  }
}

TEST(IsOrigin, AcceptsOriginsOfBrowsers) {
  for (const char* origin : {"http://localhost:3000", "https://app.example.com",
                             "https://[::1]:3000", "https://a.b:8443", "http://a:443"}) {
    EXPECT_TRUE(IsOrigin(origin)) << origin;
  }
  for (const char* text :
       {"*", "null", "localhost:3000", "https://a/", "https://a/b", "https://A", "https://a:443",
        "http://a:80", "ftp://a", "https://", "https://a:", "https://a:123456", "http://[::1]:80a",
        "https://a b", "https://[::1", "http://[::1]3000", "http://[::1]x3000", "http://::1"}) {
    EXPECT_FALSE(IsOrigin(text)) << text;
  }
}

}  // namespace
}  // namespace tql::frontend
