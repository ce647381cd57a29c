#include "tools/tqlconform/client/response_rewriter.h"

#include <gtest/gtest.h>

namespace tqlconform {
namespace {

constexpr std::string_view kQuery = "/ts_dataservice/v1/public/tql/query";
constexpr std::string_view kLogin = "/callosum/v1/session/login";

HttpMessage Response() {
  return {.head = "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n",
          .body = "hello"};
}

std::string Rewritten(const confpb::Wire& wire, std::string_view path = kQuery) {
  const auto rewriter = ResponseRewriter::Make(wire);
  if (!rewriter.ok()) return rewriter.status().message();
  return rewriter->Rewritten(Response(), path);
}

TEST(ResponseRewriterTest, Length) {
  confpb::Wire wire;
  wire.set_framing(confpb::Wire::LENGTH);
  EXPECT_EQ(Rewritten(wire),
            "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\nhello");
}

TEST(ResponseRewriterTest, UntilClose) {
  confpb::Wire wire;
  wire.set_framing(confpb::Wire::UNTIL_CLOSE);
  EXPECT_EQ(Rewritten(wire),
            "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nConnection: close\r\n\r\nhello");
  EXPECT_TRUE(ResponseRewriter::Make(wire)->ClosesAfter(kQuery));
  EXPECT_FALSE(ResponseRewriter::Make(wire)->ClosesAfter(kLogin));
}

TEST(ResponseRewriterTest, Chunks) {
  confpb::Wire wire;
  wire.set_framing(confpb::Wire::CHUNKED);
  wire.set_chunk(3);
  wire.set_chunk_extension(";x=y");
  wire.add_trailer("Expires: 0");
  EXPECT_EQ(Rewritten(wire),
            "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n"
            "3;x=y\r\nhel\r\n2;x=y\r\nlo\r\n0;x=y\r\nExpires: 0\r\n\r\n");
}

TEST(ResponseRewriterTest, HeadsOfLoginsChangeAsWell) {
  confpb::Wire wire;
  auto& replace = *wire.add_head();
  replace.set_regex("(?m)^Content-Type:");
  replace.set_with("content-type:");
  wire.set_before("HTTP/1.1 100 Continue\r\n\r\n");
  const auto rewriter = ResponseRewriter::Make(wire);
  ASSERT_TRUE(rewriter.ok());
  EXPECT_TRUE(rewriter->Changes(kLogin));
  EXPECT_FALSE(rewriter->Changes("/other"));
  EXPECT_TRUE(Rewritten(wire, kLogin).starts_with("HTTP/1.1 200 OK\r\ncontent-type: a/b\r\n"));
  EXPECT_TRUE(Rewritten(wire).starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
}

TEST(ResponseRewriterTest, InvalidPatternsAreErrors) {
  confpb::Wire wire;
  wire.add_head()->set_regex("(");
  EXPECT_FALSE(ResponseRewriter::Make(wire).ok());
  wire.mutable_head(0)->set_regex("a");
  wire.mutable_head(0)->set_with("\\1");
  EXPECT_FALSE(ResponseRewriter::Make(wire).ok());
}

}  // namespace
}  // namespace tqlconform
