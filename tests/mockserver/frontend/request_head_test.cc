// Incremental parsing of request heads and bodies, without a server.
#include "mockserver/frontend/http/request_head.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "mockserver/frontend/http/request_body.h"

namespace tql::frontend {
namespace {

struct Limits {
  std::size_t max_header_bytes = 32 << 10;
  std::size_t max_body_bytes = std::size_t{64} << 20;
};

/// Processes the bytes of one request as HttpSession does.
class Reader {
 public:
  explicit Reader(Limits limits = {})
      : limits_(limits), finder_(limits.max_header_bytes), body_(limits.max_header_bytes) {}

  void Feed(std::string_view bytes) {
    bytes_ += bytes;
    if (refusal_ || complete()) return;
    if (!has_head_) {
      if (request.head.empty()) bytes_.erase(0, bytes_.find_first_not_of("\r\n"));
      if (bytes_.empty()) return;
      switch (finder_.Look(bytes_)) {
        case HeadFinder::State::kMore:
          return;
        case HeadFinder::State::kRefused:
          refusal_ = finder_.refusal();
          return;
        case HeadFinder::State::kComplete:
          request.head = bytes_.substr(0, finder_.size());
          bytes_.erase(0, finder_.size());
          has_head_ = true;
      }
      refusal_ = ReadHead(request, framing);
      if (!refusal_) refusal_ = RefuseEncoding(framing);
      if (!refusal_) refusal_ = Allows(framing.length);
      if (refusal_) return;
      body_.Begin(framing, [this](std::size_t size) { return Allows(size); });
    }
    std::string_view rest = bytes_;
    char data[7];  // Smaller than most pieces.
    while (const std::size_t n = body_.Decode(rest, data, sizeof(data))) {
      request.body.append(data, n);
    }
    bytes_ = rest;
    refusal_ = body_.refusal();
  }
  bool complete() const { return has_head_ && body_.complete(); }
  int status() const { return refusal_ ? refusal_->status : 0; }
  std::string why() const { return refusal_ ? refusal_->why : ""; }
  const std::string& unused() const { return bytes_; }

  HttpRequest request;
  Framing framing;

 private:
  std::optional<Refusal> Allows(std::size_t bytes) const {
    if (bytes <= limits_.max_body_bytes) return std::nullopt;
    return Refusal{413, "too long"};
  }

  const Limits limits_;
  HeadFinder finder_;
  RequestBody body_;
  bool has_head_ = false;
  std::string bytes_;
  std::optional<Refusal> refusal_;
};

int Refused(const std::string& bytes, Limits limits = {}) {
  Reader reader(limits);
  reader.Feed(bytes);
  return reader.status();
}

std::string WhyRefused(const std::string& bytes) {
  Reader reader;
  reader.Feed(bytes);
  return reader.why();
}

std::string Post(const std::string& headers) {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

TEST(RequestHeadTest, RequestMayBeSplitAnywhere) {
  const std::string bytes =
      "\r\nPOST /a/b?c=d?e HTTP/1.1\r\nhost: x\r\nCookie:  k=v%41 \r\nTransfer-Encoding: "
      "chunked\r\n\r\n"
      "3;ext=1\r\nabc\r\n0A\r\ndefghijklm\r\n0\r\nTrailer: t\r\n\r\n";
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    Reader reader;
    reader.Feed(bytes.substr(0, split));
    reader.Feed(bytes.substr(split));
    ASSERT_TRUE(reader.complete()) << split << reader.why();
    EXPECT_EQ(reader.unused(), "");
    EXPECT_EQ(reader.request.method, "POST");
    EXPECT_EQ(reader.request.path, "/a/b");
    EXPECT_EQ(reader.request.query, "c=d?e");
    EXPECT_EQ(reader.request.Header("COOKIE"), "k=v%41");
    EXPECT_EQ(reader.request.body, "abcdefghijklm");
    EXPECT_TRUE(reader.framing.keep_alive);
  }
}

TEST(RequestHeadTest, StopsAtEndOfRequest) {
  Reader reader;
  reader.Feed(Post("Content-Length: 2\r\n") + "hiGET / HTTP/1.1\r\n");
  EXPECT_EQ(reader.request.body, "hi");
  EXPECT_EQ(reader.unused(), "GET / HTTP/1.1\r\n");
}

TEST(RequestHeadTest, PostWithoutBodyIsComplete) {
  Reader reader;
  reader.Feed(Post(""));
  EXPECT_TRUE(reader.complete());
}

TEST(RequestHeadTest, KeepAliveFollowsVersionAndConnectionHeader) {
  const auto keep_alive = [](const std::string& version, const std::string& connection) {
    Reader reader;
    reader.Feed("GET / " + version + "\r\nHost: x\r\n" + connection + "\r\n");
    EXPECT_TRUE(reader.complete());
    return reader.framing.keep_alive;
  };
  EXPECT_TRUE(keep_alive("HTTP/1.1", ""));
  EXPECT_FALSE(keep_alive("HTTP/1.1", "Connection: Close\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.1", "Connection: te, close\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.0", ""));
  EXPECT_TRUE(keep_alive("HTTP/1.0", "Connection: keep-alive\r\n"));
}

TEST(RequestHeadTest, RejectsAmbiguousRequests) {
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
  EXPECT_EQ(Refused(Post("Transfer-Encoding: chunked\r\n") + "0x1\r\n"), 400);
  EXPECT_EQ(Refused(Post("Transfer-Encoding: chunked\r\n") + "+1\r\n"), 400);
  EXPECT_EQ(Refused(Post("Transfer-Encoding: chunked\r\n") + "1\r\nabc\r\n"), 400);
  EXPECT_EQ(Refused(Post("Transfer-Encoding: chunked\r\n") + "ffffffffffffffffff\r\n"), 413);
}

TEST(RequestHeadTest, RejectsControlCharactersInChunksAndTrailers) {
  const std::string chunked = Post("Transfer-Encoding: chunked\r\n");
  EXPECT_EQ(Refused(chunked + "1;a=b\tc\r\nx\r\n0\r\nName: value\r\n\r\n"), 0);
  for (const std::string& body :
       {std::string("1;\r\r\n"), std::string("1;\0\r\n", 5), std::string("1;\x7f\r\n"),
        std::string("0\r\nT: a\rU: b\r\n"), std::string("0\r\nT: \0\r\n", 9)}) {
    EXPECT_EQ(Refused(chunked + body), 400) << body;
  }
  EXPECT_EQ(WhyRefused(chunked + "0\r\nno colon\r\n"),
            "Bad trailer: found 'no colon', expected NAME: VALUE.");
  EXPECT_EQ(Refused(chunked + "0\r\n: no name\r\n"), 400);
}

TEST(RequestHeadTest, LimitsHeadersAndBodies) {
  const Limits limits{.max_header_bytes = 100, .max_body_bytes = 10};
  EXPECT_EQ(Refused("GET /" + std::string(200, 'a'), limits), 414);
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\nX: " + std::string(200, 'a'), limits), 431);
  EXPECT_EQ(Refused(Post("Content-Length: 11\r\n"), limits), 413);
  EXPECT_EQ(Refused(Post("Content-Length: 10\r\n") + "0123456789", limits), 0);
  EXPECT_EQ(Refused(Post("Transfer-Encoding: chunked\r\n") + "6\r\n012345\r\n6\r\n", limits), 413);
  EXPECT_EQ(
      Refused(Post("Transfer-Encoding: chunked\r\n") + "0\r\n" +
                  std::string("T: 0123456789\r\n", 15) + "U: " + std::string(90, 'x') + "\r\n",
              limits),
      431);
}

TEST(RequestHeadTest, RejectsNonHttpEarly) {
  EXPECT_EQ(WhyRefused("\x16\x03\x01"), "Found a TLS handshake: this port speaks plain HTTP.");
  EXPECT_EQ(WhyRefused(std::string(1, '\0')), "Bad request line: found '?', expected a method.");
  for (std::size_t split = 0; split <= 15; ++split) {
    const std::string line = "GET / HTTP/1.1\nHost: x\n";
    Reader reader;
    reader.Feed(line.substr(0, split));
    reader.Feed(line.substr(split));
    EXPECT_EQ(reader.why(),
              "Bad line end: found a line feed alone, expected a carriage return before.")
        << split;
  }
}

TEST(RequestHeadTest, ErrorNamesWhatWasFound) {
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

TEST(RequestHeadTest, ErrorNamesLimit) {
  const auto why = [](const std::string& headers) { return WhyRefused(Post(headers)); };
  EXPECT_EQ(WhyRefused("GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
            "Bad version: found 'HTTP/2.0', expected HTTP/1.1 or HTTP/1.0.");
  EXPECT_EQ(why("Transfer-Encoding: gzip\r\n"),
            "Bad Transfer-Encoding: found 'gzip', expected chunked.");
  EXPECT_EQ(why("Content-Encoding: br\r\n"),
            "Bad Content-Encoding: found 'br', expected none: compressed bodies are not "
            "supported.");
  EXPECT_EQ(why("Expect: a miracle\r\n"), "Bad Expect: found 'a miracle', expected 100-continue.");
  EXPECT_EQ(why("Content-Length: 99999999999999999999999\r\n"),
            "Bad Content-Length: found '99999999999999999999999', expected at most "
            "18446744073709551615.");
  std::string many;
  for (int i = 0; i < 256; ++i) many += "A: b\r\n";
  EXPECT_EQ(why(many), "Found more than 256 headers, expected at most 256.");
}

TEST(RequestHeadTest, HostOfTargetPrecedesHostHeader) {
  const auto host = [](const std::string& target) {
    Reader reader;
    reader.Feed("GET " + target + " HTTP/1.1\r\nHost: other\r\n\r\n");
    EXPECT_EQ(reader.why(), "");
    return std::string(reader.request.host) + " " + std::string(reader.request.path);
  };
  EXPECT_EQ(host("/a"), "other /a");
  EXPECT_EQ(host("http://h:80/a?b"), "h:80 /a");
  EXPECT_EQ(host("HTTPS://h"), "h /");
  EXPECT_EQ(Refused("GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(Refused("GET http://u:p@h/a HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(Refused("GET http://h?a HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
}

TEST(RequestHeadTest, HeaderLimitDoesNotDependOnSplits) {
  const Limits limits{.max_header_bytes = 100, .max_body_bytes = 10};
  for (const std::size_t excess : {0U, 1U, 50U}) {
    std::string request = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    request += std::string(limits.max_header_bytes + excess - request.size(), 'x') + "\r\n\r\n";
    for (std::size_t step = 1; step < 9; ++step) {
      Reader reader(limits);
      for (std::string_view rest = request; !rest.empty();) {
        reader.Feed(rest.substr(0, step));
        rest.remove_prefix(std::min(step, rest.size()));
      }
      EXPECT_EQ(reader.complete(), excess == 0) << step;
      EXPECT_EQ(reader.status(), excess == 0 ? 0 : 431) << step;
    }
  }
}

}  // namespace
}  // namespace tql::frontend
