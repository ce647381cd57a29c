#include "tools/tqlbench/http_answer.h"

#include <gtest/gtest.h>

namespace tqlbench {
namespace {

constexpr std::string_view kFixed =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: JSESSIONID=x; Path=/\r\n\r\nhello";
constexpr std::string_view kChunked =
    "HTTP/1.1 401 Unauthorized\r\ntransfer-encoding: Chunked\r\n\r\n"
    "3\r\nabc\r\na;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";

TEST(AnswerReaderTest, ResponseMayBeSplitAnywhere) {
  for (const std::string_view answer : {kFixed, kChunked}) {
    for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
      std::string body;
      AnswerReader reader(&body);
      reader.Feed(answer.substr(0, cut));
      EXPECT_EQ(reader.done(), cut == answer.size()) << cut;
      reader.Feed(answer.substr(cut));
      ASSERT_TRUE(reader.done()) << cut;
      EXPECT_EQ(body, answer == kFixed ? "hello" : "abc0123456789");
      EXPECT_EQ(reader.body_bytes(), body.size());
      EXPECT_EQ(reader.status(), answer == kFixed ? 200 : 401);
    }
  }
}

TEST(AnswerReaderTest, HeaderNamesIgnoreCase) {
  AnswerReader reader;
  reader.Feed(kFixed);
  EXPECT_EQ(reader.Header("set-cookie"), "JSESSIONID=x; Path=/");
  EXPECT_EQ(reader.Header("etag"), "");
}

TEST(AnswerReaderTest, EmptyBody) {
  AnswerReader reader;
  reader.Feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(reader.done());
}

TEST(AnswerReaderTest, RejectsInvalidResponses) {
  for (const std::string_view text :
       {"SSH-2.0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 xx\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    AnswerReader reader;
    reader.Feed(text);
    EXPECT_TRUE(reader.bad()) << text;
  }
}

TEST(HttpRequestTest, GetWithoutBody) {
  EXPECT_EQ(HttpRequest("/p", "c", "", ""),
            "GET /p HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: JSESSIONID=c\r\n\r\n");
  EXPECT_EQ(HttpRequest("/p", "", "text/plain", "ab"),
            "POST /p HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
            "Content-Length: 2\r\n\r\nab");
}

}  // namespace
}  // namespace tqlbench
