#include "client/src/http_framing.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace tql {
namespace {

Status Broken(const std::string& why) {
  return FailedPreconditionError("http://h:1: the response is not valid HTTP/1: " + why);
}
Status Check(const HttpFraming& framing) { return CheckFraming("http://h:1", framing); }

TEST(CheckFraming, AcceptsValidFraming) {
  EXPECT_EQ(Check({200, {}, {}, ""}), Status());
  EXPECT_EQ(Check({200, {"0"}, {}, ""}), Status());
  EXPECT_EQ(Check({200, {"18446744073709551615"}, {}, "identity"}), Status());
  EXPECT_EQ(Check({200, {"12", "12"}, {}, ""}), Status());
  EXPECT_EQ(Check({503, {}, {"Chunked"}, "gzip"}), Status());
  EXPECT_EQ(Check({200, {}, {"identity"}, "Identity"}), Status());
}

TEST(CheckFraming, RejectsInvalidLength) {
  for (const char* length : {"", "-1", "+1", "abc", "1x", "0x10", "1.0", "1, 1", " 1",
                             "18446744073709551616", "99999999999999999999999"}) {
    EXPECT_EQ(Check({200, {length}, {}, ""}),
              Broken("its Content-Length is \"" + std::string(length) + "\""));
  }
  EXPECT_EQ(Check({200, {"5", "7"}, {}, ""}), Broken("it has two lengths, \"5\" and \"7\""));
  EXPECT_EQ(Check({500, {"5", "5", "x"}, {}, ""}), Broken("its Content-Length is \"x\""));
}

TEST(CheckFraming, RejectsUnrequestedFeatures) {
  EXPECT_EQ(Check({101, {}, {}, ""}), Broken("its status 101 was not requested"));
  EXPECT_EQ(Check({103, {"0"}, {}, ""}), Broken("its status 103 was not requested"));
  EXPECT_EQ(Check({200, {}, {"gzip, chunked"}, ""}),
            Broken("its Transfer-Encoding is \"gzip, chunked\""));
  EXPECT_EQ(Check({200, {}, {"chunked", "chunked"}, ""}),
            Broken("its Transfer-Encoding is \"chunked\""));
  EXPECT_EQ(Check({200, {"9"}, {}, "gzip"}),
            Broken("its Content-Encoding is \"gzip\", which was not requested"));
}

TEST(CheckHeadLine, RejectsAmbiguousHeaders) {
  for (const std::string line : {"HTTP/1.1 200 OK\r\n", "\r\n", "X:\r\n", "Content-Length: 0\r\n",
                                 "X-Content-Length:\r\n", "X: Content-Length:\r\n"}) {
    EXPECT_EQ(CheckHeadLine("http://h:1", line), Status()) << line;
  }
  for (const std::string line : {"Content-Length:\r\n", "content-length: \t \r\n"}) {
    EXPECT_EQ(CheckHeadLine("http://h:1", line), Broken("its Content-Length is \"\"")) << line;
  }
  EXPECT_EQ(CheckHeadLine("http://h:1", "X: y\n"),
            Broken("its framing is broken at \"X: y\\x0A\""));
}

TEST(InvalidPrefix, ShowsWhatCame) {
  EXPECT_EQ(InvalidPrefix("http://h:1", std::string("\0\0\x12\x04\"", 5)),
            Broken("it begins with \"\\x00\\x00\\x12\\x04\\x22\""));
  EXPECT_EQ(InvalidPrefix("http://h:1", std::string(40, 'x')),
            Broken("it begins with \"" + std::string(32, 'x') + "…\""));
  EXPECT_EQ(InvalidPrefix("http://h:1", "\x15\x03\x03"), Broken("the port speaks TLS"));
}

}  // namespace
}  // namespace tql
