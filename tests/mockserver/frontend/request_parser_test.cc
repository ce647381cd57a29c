#include "mockserver/frontend/http/request_parser.h"

#include <gtest/gtest.h>

#include <string>

namespace tql::frontend {
namespace {

using State = RequestParser::State;

int Refused(const std::string& bytes, RequestLimits limits = {}) {
  RequestParser parser(limits);
  parser.Feed(bytes);
  return parser.state() == State::kError ? parser.error_status() : 0;
}

std::string Post(const std::string& headers) {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

TEST(RequestParserTest, RequestMayBeSplitAnywhere) {
  const std::string bytes =
      "\r\nPOST /a/b?c=d HTTP/1.1\r\nhost: x\r\nCookie:  k=v \r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;ext=1\r\nabc\r\n02\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    RequestParser parser{RequestLimits()};
    EXPECT_EQ(parser.Feed(bytes.substr(0, split)), split);
    EXPECT_EQ(parser.Feed(bytes.substr(split)), bytes.size() - split);
    ASSERT_EQ(parser.state(), State::kComplete) << split << parser.error();
    EXPECT_EQ(parser.request().method, "POST");
    EXPECT_EQ(parser.request().path, "/a/b");
    EXPECT_EQ(parser.request().Header("COOKIE"), "k=v");
    EXPECT_EQ(parser.request().body, "abcde");
    EXPECT_TRUE(parser.request().keep_alive);
  }
}

TEST(RequestParserTest, StopsAtEndOfRequest) {
  const std::string one = Post("Content-Length: 2\r\n") + "hi";
  RequestParser parser{RequestLimits()};
  EXPECT_EQ(parser.Feed(one + "GET / HTTP/1.1\r\n"), one.size());
  EXPECT_EQ(parser.request().body, "hi");
  parser.Reset();
  EXPECT_TRUE(parser.empty());
}

TEST(RequestParserTest, PostWithoutBodyIsComplete) {
  RequestParser parser{RequestLimits()};
  parser.Feed(Post(""));
  EXPECT_EQ(parser.state(), State::kComplete);
}

TEST(RequestParserTest, KeepAliveFollowsVersionAndConnectionHeader) {
  const auto keep_alive = [](const std::string& version, const std::string& connection) {
    RequestParser parser{RequestLimits()};
    parser.Feed("GET / " + version + "\r\nHost: x\r\n" + connection + "\r\n");
    EXPECT_EQ(parser.state(), State::kComplete);
    return parser.request().keep_alive;
  };
  EXPECT_TRUE(keep_alive("HTTP/1.1", ""));
  EXPECT_FALSE(keep_alive("HTTP/1.1", "Connection: Close\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.1", "Connection: te, close\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.0", ""));
  EXPECT_TRUE(keep_alive("HTTP/1.0", "Connection: keep-alive\r\n"));
}

TEST(RequestParserTest, RejectsAmbiguousRequests) {
  EXPECT_EQ(Refused("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(Refused("GET  HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(Refused("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), 505);
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(Refused(Post("no colon\r\n")), 400);
  EXPECT_EQ(Refused(Post(" folded: x\r\n")), 400);
  EXPECT_EQ(Refused(Post(std::string("a: x") + '\0' + "\r\n")), 400);
  EXPECT_EQ(Refused(Post("Content-Length: -1\r\n")), 400);
  EXPECT_EQ(Refused(Post("Content-Length: 1x\r\n")), 400);
  EXPECT_EQ(Refused(Post("Content-Length: 1\r\nContent-Length: 2\r\n")), 400);
  EXPECT_EQ(Refused(Post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(Refused(Post("Transfer-Encoding: gzip\r\n")), 501);
  EXPECT_EQ(Refused(Post("Content-Encoding: gzip\r\nContent-Length: 1\r\n")), 415);
  EXPECT_EQ(Refused(Post("Expect: a miracle\r\n")), 417);
  EXPECT_EQ(Refused(Post("Content-Length: 99999999999999999999999\r\n")), 413);
  EXPECT_EQ(Refused(Post("Transfer-Encoding: chunked\r\n") + "zz\r\n"), 400);
  EXPECT_EQ(Refused(Post("Transfer-Encoding: chunked\r\n") + "1\r\nabc\r\n"), 400);
  EXPECT_EQ(Refused(Post("Transfer-Encoding: chunked\r\n") + "ffffffffffffffffff\r\n"), 413);
}

TEST(RequestParserTest, LimitsHeadersAndBodies) {
  const RequestLimits limits{.max_header_bytes = 100, .max_body_bytes = 10};
  EXPECT_EQ(Refused("GET /" + std::string(200, 'a'), limits), 431);
  EXPECT_EQ(Refused(Post("Content-Length: 11\r\n"), limits), 413);
  EXPECT_EQ(Refused(Post("Content-Length: 10\r\n") + "0123456789", limits), 0);
  EXPECT_EQ(Refused(Post("Transfer-Encoding: chunked\r\n") + "6\r\n012345\r\n6\r\n", limits), 413);
  EXPECT_EQ(
      Refused(Post("Transfer-Encoding: chunked\r\n") + "0\r\n" +
                  std::string("T: 0123456789\r\n", 15) + "U: " + std::string(90, 'x') + "\r\n",
              limits),
      431);
}

std::string WhyRefused(const std::string& bytes) {
  RequestParser parser{RequestLimits()};
  parser.Feed(bytes);
  return parser.error();
}

TEST(RequestParserTest, RejectsNonHttpEarly) {
  EXPECT_EQ(WhyRefused("\x16\x03\x01"), "Found a TLS handshake: this port speaks plain HTTP.");
  EXPECT_EQ(WhyRefused(std::string(1, '\0')), "Bad request line: found '?', expected a method.");
  for (std::size_t split = 0; split <= 15; ++split) {
    const std::string line = "GET / HTTP/1.1\nHost: x\n";
    RequestParser parser{RequestLimits()};
    parser.Feed(line.substr(0, split));
    parser.Feed(line.substr(split));
    EXPECT_EQ(parser.error(),
              "Bad line end: found a line feed alone, expected a carriage return before.")
        << split;
  }
}

TEST(RequestParserTest, ErrorNamesWhatWasFound) {
  EXPECT_EQ(WhyRefused("GET\r\n\r\n"),
            "Bad request line: found 'GET', expected METHOD /PATH HTTP/1.1.");
  EXPECT_EQ(WhyRefused(Post("\xff: " + std::string(100, 'x') + "\r\n")),
            "Bad header: found '?: " + std::string(57, 'x') + "...', expected NAME: VALUE.");
  EXPECT_EQ(WhyRefused(Post("Content-Length: 1x\r\n")),
            "Bad Content-Length: found '1x', expected a number of bytes.");
  EXPECT_EQ(WhyRefused(Post("Transfer-Encoding: chunked\r\n") + "zz\r\n"),
            "Bad chunk: found 'zz', expected its size in hexadecimal.");
  EXPECT_EQ(WhyRefused("GET / HTTP/1.1\r\n\r\n"), "Found 0 Host headers, expected one.");
}

TEST(RequestParserTest, BodyLimitDependsOnHead) {
  RequestLimits limits;
  limits.body_allowance = [](const HttpRequest& head) -> std::optional<BodyAllowance> {
    if (head.path == "/a") return BodyAllowance{3, 401, "who are you?"};
    return std::nullopt;
  };
  const std::string chunked = Post("Transfer-Encoding: chunked\r\n");
  EXPECT_EQ(Refused(Post("Content-Length: 3\r\n"), limits), 0);
  EXPECT_EQ(Refused(Post("Content-Length: 4\r\n"), limits), 401);
  EXPECT_EQ(Refused(chunked + "2\r\nab\r\n1\r\nc\r\n", limits), 0);
  EXPECT_EQ(Refused(chunked + "2\r\nab\r\n2\r\n", limits), 401);
  EXPECT_EQ(Refused("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n", limits), 0);
}

TEST(RequestParserTest, HeaderLimitDoesNotDependOnSplits) {
  const RequestLimits limits{.max_header_bytes = 100, .max_body_bytes = 10};
  for (const std::size_t excess : {0U, 1U, 50U}) {
    std::string request = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    request += std::string(limits.max_header_bytes + excess - request.size(), 'x') + "\r\n\r\n";
    for (std::size_t step = 1; step < 9; ++step) {
      RequestParser parser(limits);
      for (std::string_view rest = request; !rest.empty();) {
        const std::size_t taken = parser.Feed(rest.substr(0, step));
        if (taken == 0) break;
        rest.remove_prefix(taken);
      }
      EXPECT_EQ(parser.state() == RequestParser::State::kComplete, excess == 0) << step;
      EXPECT_EQ(parser.error_status(), excess == 0 ? 0 : 431) << step;
    }
  }
}

}  // namespace
}  // namespace tql::frontend
