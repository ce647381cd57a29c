#include "tools/tqlconform/selftest/rewrite.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "proto/document/message_reader.h"

namespace tqlconform {
namespace {

RewriteRule Rule(std::string_view text) {
  confpb::Rewrite message;
  const tql::Status read = tql::document::ReadMessage(text, &message);
  EXPECT_TRUE(read.ok()) << read.message();
  tql::StatusOr<RewriteRule> rule = RewriteRule::Compile(message);
  EXPECT_TRUE(rule.ok()) << rule.status().message();
  return *std::move(rule);
}

TEST(RewriteRuleTest, TakesTheRequestsThatItNames) {
  const RewriteRule rule = Rule(R"({when: '^POST ', unless: '"x"', skip: 1, times: 2})");
  EXPECT_FALSE(rule.Takes("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(rule.Takes("POST / HTTP/1.1\r\n\r\n{\"x\":1}"));
  EXPECT_FALSE(rule.Takes("POST / HTTP/1.1\r\n\r\n")) << "the first one is skipped";
  EXPECT_TRUE(rule.Takes("POST / HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(rule.Takes("POST / HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(rule.Takes("POST / HTTP/1.1\r\n\r\n")) << "it acts twice";
}

TEST(RewriteRuleTest, NamesTheFieldThatIsWrong) {
  confpb::Rewrite message;
  message.set_when("(");
  EXPECT_EQ("when: missing ): (", RewriteRule::Compile(message).status().message());
}

TEST(BodyRewriterTest, SendsEachLineWhenItIsComplete) {
  const RewriteRule rule = Rule("{line: [{regex: '[0-9]+', with: '<\\0>'}]}");
  BodyRewriter body(rule);
  EXPECT_EQ("", body.Take("a1"));
  EXPECT_EQ("a<12>\n", body.Take("2\nb"));
  EXPECT_EQ("", body.Take("3"));
  EXPECT_EQ("b<3>", body.Finish());
}

TEST(BodyRewriterTest, HoldsWhatIsReplacedAsAWhole) {
  const RewriteRule rule = Rule(R"({body: [{regex: "a\nb", with: c}]})");
  BodyRewriter body(rule);
  EXPECT_EQ("", body.Take("a\n"));
  EXPECT_EQ("", body.Take("b\n"));
  EXPECT_EQ("c\n", body.Finish());
}

TEST(BodyRewriterTest, SendsLateWhatIsLate) {
  const RewriteRule late = Rule("{framing: LATE}");
  BodyRewriter whole(late);
  EXPECT_EQ("", whole.Take("a\nb\n"));
  EXPECT_EQ("a\nb\n", whole.Finish());
  const RewriteRule ends = Rule("{framing: LATE_LINE_ENDS}");
  BodyRewriter lines(ends);
  EXPECT_EQ("a", lines.Take("a\n"));
  EXPECT_EQ("\nb", lines.Take("b\n"));
  EXPECT_EQ("\n", lines.Finish());
}

TEST(BodyRewriterTest, WritesJsonAgain) {
  const RewriteRule rule = Rule("{json: true}");
  BodyRewriter body(rule);
  EXPECT_EQ("{\"a\":[1.50,\"\\u2028\"]}\nnot json\n",
            body.Take("{ \"a\" : [ 1.50, \"\\u2028\" ] }\nnot json\n"));
}

TEST(ChunkedTest, MakesChunksOfTheSize) {
  EXPECT_EQ("7\r\n0123456\r\n3\r\n789\r\n", Chunked("0123456789", 7));
  EXPECT_EQ("a\r\n0123456789\r\n", Chunked("0123456789", 100));
  EXPECT_EQ("", Chunked("", 7));
}

}  // namespace
}  // namespace tqlconform
