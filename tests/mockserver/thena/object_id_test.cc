#include "mockserver/thena/object_id.h"

#include <gtest/gtest.h>

namespace tql::thena {
namespace {

TEST(ObjectIdTest, HasFourFiveAndThreeBytes) {
  // The ObjectId of the reference of MongoDB: seconds, random value, counter.
  const ObjectId id{0x507F1F77, 0xBCF86CD799, 0x439011};
  EXPECT_EQ(id.ToString(), "507f1f77bcf86cd799439011");
}

TEST(ObjectIdTest, IgnoresHigherBits) {
  const ObjectId id{1, ~0ULL, 0xFF000002};
  EXPECT_EQ(id.ToString(), "00000001ffffffffff000002");
}

TEST(ObjectIdTest, ParsesItsText) {
  const auto id = ParseObjectId("507f1f77bcf86cd799439011");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->seconds, 0x507F1F77U);
  EXPECT_EQ(id->source, 0xBCF86CD799U);
  EXPECT_EQ(id->counter, 0x439011U);
}

TEST(ObjectIdTest, RejectsOtherTexts) {
  for (const char* const text :
       {"", "507f1f77bcf86cd79943901", "507f1f77bcf86cd7994390111", "507F1F77BCF86CD799439011",
        "507f1f77bcf86cd79943901g", "507f1f77 bcf86cd79943901", "-07f1f77bcf86cd799439011"}) {
    EXPECT_FALSE(ParseObjectId(text)) << text;
  }
}

}  // namespace
}  // namespace tql::thena
