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

TEST(CookieValue, ReadsAllCookieHeaders) {
  HttpRequest request;
  request.headers = {{"Cookie", "a=b"}, {"cookie", "JSESSIONID=x"}, {"Cookie", "JSESSIONID=y"}};
  EXPECT_EQ(CookieValue(request, "JSESSIONID"), "x");
  EXPECT_EQ(CookieValue(request, "c"), std::nullopt);
}

TEST(FormTypeOf, ReadsTheBoundary) {
  EXPECT_EQ(FormTypeOf("multipart/form-data; boundary=b").boundary, "b");
  EXPECT_EQ(FormTypeOf("Multipart/Form-Data; charset=x; boundary=\"b b\"").boundary, "b b");
  EXPECT_EQ(FormTypeOf("multipart/form-data; a=\"; boundary=c\"; boundary=b").boundary, "b");
  EXPECT_FALSE(FormTypeOf("application/json; boundary=b").is_form);
  EXPECT_FALSE(FormTypeOf("").is_form);
}

TEST(FormTypeOf, NamesTheProblemOfABoundary) {
  const auto problem = [](const std::string& parameters) {
    const std::string content_type = "multipart/form-data" + parameters;
    const FormType type = FormTypeOf(content_type);
    EXPECT_TRUE(type.is_form);
    EXPECT_EQ(type.boundary, "");
    return type.problem;
  };
  const std::string none =
      "Bad Content-Type: found no boundary, expected multipart/form-data; boundary=NAME.";
  EXPECT_EQ(problem(""), none);
  EXPECT_EQ(problem("; boundary="), none);
  EXPECT_EQ(problem("; boundary=\"\""), none);
  EXPECT_EQ(problem("; boundary=" + std::string(201, 'b')),
            "Bad Content-Type: found a boundary of 201 characters, expected at most 200.");
  EXPECT_EQ(problem("; boundary=\"a;b\""),
            "Bad Content-Type: found 'a;b' as the boundary, expected letters, digits and other "
            "printable ASCII characters except ; \" and \\.");
}

}  // namespace
}  // namespace tql::frontend
