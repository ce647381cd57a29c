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

TEST(MultipartParts, TakesPartsApart) {
  const std::string type = "Multipart/Form-Data; charset=x; boundary=\"b b\"";
  const std::string body =
      "preamble\r\n--b b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b b\r\n"
      "content-disposition: form-data; name=\"f\"; filename=\"s.tql\"\r\nX: y\r\n\r\n\r\n--b "
      "b--\r\n";
  const auto parts = MultipartParts(type, body);
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].body, "one");
  EXPECT_FALSE((*parts)[0].is_file);
  EXPECT_EQ((*parts)[1].body, "");
  EXPECT_TRUE((*parts)[1].is_file);
}

TEST(MultipartParts, RefusesWhatIsNone) {
  EXPECT_FALSE(MultipartParts("application/json", "{}"));
  EXPECT_FALSE(MultipartParts("multipart/form-data", "--b--"));
  EXPECT_FALSE(MultipartParts("multipart/form-data; boundary=b", "no boundary"));
  EXPECT_FALSE(MultipartParts("multipart/form-data; boundary=b", "--b\r\nno blank line\r\n--b--"));
  EXPECT_FALSE(MultipartParts("multipart/form-data; boundary=b", "--b\r\n\r\nno end"));
  std::string many;
  for (int i = 0; i < 200; ++i) many += "--b\r\n\r\nx\r\n";
  EXPECT_FALSE(MultipartParts("multipart/form-data; boundary=b", many + "--b--"));
}

}  // namespace
}  // namespace tql::frontend
