#include "tools/tqlconform/report/secrets.h"

#include <gtest/gtest.h>

namespace tqlconform {
namespace {

TEST(SecretsTest, MarkedValuesAreMasked) {
  const Secrets secrets;
  const std::pair<const char*, const char*> kCases[] = {
      {"username=u&password=p%20q&x=1", "username=u&password=***&x=1"},
      {R"({"password":"p q","x":1})", R"({"password":"***","x":1})"},
      {R"({"Password" : "p"})", R"({"Password" : "***"})"},
      {R"({"password":"a\"b;c&d\\","x":1})", R"({"password":"***","x":1})"},
      {"Cookie: JSESSIONID=abc; a=b\r\nX: y", "Cookie: JSESSIONID=***; a=b\r\nX: y"},
      {"Set-Cookie: sid=abc; Path=/", "Set-Cookie: sid=***; Path=/"},
      {"Authorization: Bearer abc\r\n", "Authorization: ***\r\n"},
      {R"({"session_token":"abc"})", R"({"session_token":"***"})"},
      {R"({"authToken":"a+b/c=","locale":"en_US"})", R"({"authToken":"***","locale":"en_US"})"},
      {R"({"auth_token" : "abc"})", R"({"auth_token" : "***"})"},
      {R"({"token":"abc==","scope":{"access_type":"FULL"}})",
       R"({"token":"***","scope":{"access_type":"FULL"}})"},
      {R"({\"token\":\"abc\"})", R"({\"token\":\"***"})"},
      {R"({"access_token":"abc"})", R"({"access_token":"***"})"},
      {R"({"tokens":["abs","absday"]})", R"({"tokens":["abs","absday"]})"},
      {R"({"canChangePassword":true})", R"({"canChangePassword":true})"},
      {"\xff password=\xfe\n", "\xff password=***\n"},
  };
  for (const auto& [text, masked] : kCases) EXPECT_EQ(masked, secrets.Mask(text));
}

TEST(SecretsTest, LongSecretsAreMaskedEverywhere) {
  Secrets secrets;
  secrets.AddCookies("a=0123456789; b=9876543210;c");
  EXPECT_EQ("Cookie: a=***; b=***", secrets.Mask("Cookie: a=0123456789; b=9876543210"));
  secrets.Add("admin");
  secrets.Add("correct horse");
  EXPECT_EQ("tsadmin said *** and ***",
            secrets.Mask("tsadmin said correct horse and correct horse"));
  secrets.Add("quoted \"horse\"");
  EXPECT_EQ(R"(["***"] ***)", secrets.Mask(R"(["quoted \"horse\""] quoted "horse")"));
  EXPECT_EQ("JSESSIONID=[^;] ***", secrets.MaskKnown("JSESSIONID=[^;] correct horse"));
}

TEST(SecretsTest, TokensOfSessionsAreMaskedWithoutTheirKey) {
  Secrets secrets;
  secrets.AddTokens(R"({"authToken":"0123456789abcdef","x":[{"token":"fedcba9876543210"}]})");
  secrets.AddTokens(R"({"token":"absolute_day"})");
  EXPECT_EQ("*** and *** and absolute_day",
            secrets.Mask("0123456789abcdef and fedcba9876543210 and absolute_day"));
}

}  // namespace
}  // namespace tqlconform
