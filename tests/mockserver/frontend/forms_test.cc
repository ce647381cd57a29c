#include "mockserver/frontend/http/forms.h"

#include <gtest/gtest.h>

namespace tql::frontend {
namespace {

TEST(FormValue, Decodes) {
  EXPECT_EQ(FormValue("username=a%20b&password=p%2Bq+r", "username"), "a b");
  EXPECT_EQ(FormValue("username=a%20b&password=p%2Bq+r", "password"), "p+q r");
  EXPECT_EQ(FormValue("a=1&a=2", "a"), "1");
  EXPECT_EQ(FormValue("a", "a"), "");
  EXPECT_EQ(FormValue("a=%zz%4", "a"), "%zz%4");
  EXPECT_EQ(FormValue("", "a"), std::nullopt);
}

TEST(CookieValue, FindsOneOfSeveral) {
  EXPECT_EQ(CookieValue("a=b; JSESSIONID=xyz; c=d", "JSESSIONID"), "xyz");
  EXPECT_EQ(CookieValue("JSESSIONID=\"xyz\"", "JSESSIONID"), "xyz");
  EXPECT_EQ(CookieValue("XJSESSIONID=a", "JSESSIONID"), std::nullopt);
  EXPECT_EQ(CookieValue("", "JSESSIONID"), std::nullopt);
}

TEST(BoundaryOf, ReadsTheTypeOfAForm) {
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary=b"), "b");
  EXPECT_EQ(BoundaryOf("Multipart/Form-Data; charset=x; boundary=\"b b\""), "b b");
  EXPECT_EQ(BoundaryOf("multipart/form-data"), "");
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary=" + std::string(201, 'b')), "");
  EXPECT_EQ(BoundaryOf("application/json; boundary=b"), "");
}

}  // namespace
}  // namespace tql::frontend
