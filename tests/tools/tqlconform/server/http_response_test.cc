#include "tools/tqlconform/server/http_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tqlconform {
namespace {

using testing::HasSubstr;

/// Feeds the text, in pieces of `size` bytes; what is left over goes to `*rest`.
void Feed(HttpResponseReader* reader, std::string text, std::size_t size, std::string* rest) {
  while (!text.empty()) {
    *rest += text.substr(0, size);
    text.erase(0, size);
    reader->Feed(rest);
  }
}

TEST(HttpResponseTest, AllFramings) {
  struct Case {
    const char* text;
    const char* body;
    bool keeps_alive;
    bool ends_at_close;
  };
  const Case kCases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", "ab", true, false},
      {"HTTP/1.1 200 OK\r\ncontent-length:2\r\nConnection: Close\r\n\r\nab", "ab", false, false},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", true, false},
      {"HTTP/1.1 204 No Content\r\n\r\n", "", true, false},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nA;x=y\r\n0123456789\r\n"
       "0\r\nX-T: 1\r\n\r\n",
       "ab0123456789", true, false},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nContent-Length: 1\r\n\r\na", "a", true, false},
      {"HTTP/1.1 200 OK\r\n\r\nab", "ab", false, true},
      {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", "a", false, false},
  };
  for (const Case& c : kCases) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{3}, std::size_t{10'000}}) {
      HttpResponseReader reader;
      std::string rest;
      Feed(&reader, c.text, size, &rest);
      EXPECT_EQ(!c.ends_at_close, reader.done()) << c.text;
      reader.Close();
      EXPECT_TRUE(reader.done()) << c.text;
      EXPECT_EQ("", reader.error()) << c.text;
      EXPECT_EQ(c.body, reader.body()) << c.text;
      EXPECT_EQ(c.keeps_alive, reader.keeps_alive()) << c.text;
      EXPECT_EQ("", rest);
    }
  }
}

TEST(HttpResponseTest, HeadersAreInOrderAndInLowerCase) {
  HttpResponseReader reader;
  std::string text = "HTTP/1.1 401 No\r\nSet-Cookie: a=1\r\nX:\t y \r\nset-cookie: b=2\r\n\r\n";
  reader.Feed(&text);
  bool found = false;
  EXPECT_EQ("a=1, b=2", FieldOf(reader.headers(), "set-cookie", &found));
  EXPECT_TRUE(found);
  EXPECT_EQ("y", FieldOf(reader.headers(), "x", &found));
  FieldOf(reader.headers(), "z", &found);
  EXPECT_FALSE(found);
  EXPECT_EQ(401, reader.status());
}

TEST(HttpResponseTest, InvalidResponses) {
  const std::pair<std::string, const char*> kCases[] = {
      {"SSH-2.0-OpenSSH_9.2\r\n", "expected a response of HTTP/1"},
      {"HTTP/2 200\r\n\r\n", "expected a response of HTTP/1"},
      {"HTTP/1.1 ok\r\n\r\n", "invalid status line"},
      {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "invalid header"},
      {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "invalid Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "both"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "gzip"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "invalid size of a chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "the end of a chunk"},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'a'), "too long"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(100'000, '0'),
       "too long"},
  };
  for (const auto& [text, error] : kCases) {
    HttpResponseReader reader;
    std::string rest;
    Feed(&reader, text, 1'000, &rest);
    EXPECT_THAT(reader.error(), HasSubstr(error)) << text.substr(0, 200);
    EXPECT_FALSE(reader.done());
  }
}

TEST(HttpResponseTest, ACutBodyIsNotDone) {
  for (const char* text : {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"}) {
    HttpResponseReader reader;
    std::string rest = text;
    reader.Feed(&rest);
    reader.Close();
    EXPECT_FALSE(reader.done());
  }
}

}  // namespace
}  // namespace tqlconform
