// The form of the token is that of the vendor's documented example: unpadded base64 of the text of
// a hash.
#include "mockserver/service/bearer_token.h"

#include <gtest/gtest.h>

#include <string>

namespace tql::service {
namespace {

const std::string kToken(64, 'a');

TEST(BearerTokenTest, IsTheTextOfAHash) {
  // base64 of "$shiro1$SHA-256$500000$" begins so.
  const std::string text = BearerTokenOf(kToken);
  EXPECT_TRUE(text.starts_with("JHNoaXJvMSRTSEEtMjU2JDUwMDAwMC")) << text;
  EXPECT_EQ(text.find('='), text.npos);
  EXPECT_EQ(text, BearerTokenOf(kToken));
}

TEST(BearerTokenTest, HasTheSessionToken) {
  EXPECT_EQ(SessionTokenOf(BearerTokenOf(kToken)), kToken);
  EXPECT_EQ(SessionTokenOf(BearerTokenOf(kToken) + "=="), kToken);
}

TEST(BearerTokenTest, OtherTextsHaveNone) {
  for (const std::string& text :
       {std::string(), kToken, std::string("a"), std::string("===="), std::string("JHNoaXJv"),
        std::string(100'000, 'A'), std::string("\xff\xff\xff\xff"),
        BearerTokenOf(kToken).substr(0, 100), BearerTokenOf(kToken) + "AAAA"}) {
    EXPECT_FALSE(SessionTokenOf(text)) << text;
  }
}

}  // namespace
}  // namespace tql::service
