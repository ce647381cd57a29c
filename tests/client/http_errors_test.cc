#include "client/src/http_errors.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace tql {
namespace {

using namespace std::chrono_literals;

std::chrono::milliseconds Wait(std::string retry_after, std::string date = "") {
  return RetryAfterOf({503, {}, std::move(retry_after), std::move(date)});
}

TEST(RetryAfterOf, ReadsSeconds) {
  EXPECT_EQ(Wait(""), 0s);
  EXPECT_EQ(Wait("0"), 0s);
  EXPECT_EQ(Wait("120"), 120s);
  EXPECT_EQ(Wait("86401"), 24h);
  EXPECT_EQ(Wait("99999999999999999999999"), 24h);
}

TEST(RetryAfterOf, ReadsDateRelativeToResponse) {
  EXPECT_EQ(Wait("Sun, 06 Nov 1994 08:50:07 GMT", "Sun, 06 Nov 1994 08:49:37 GMT"), 30s);
  EXPECT_EQ(Wait("Mon, 07 Nov 1994 00:00:00 GMT", "Sun, 06 Nov 1994 23:59:59 GMT"), 1s);
  EXPECT_EQ(Wait("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:07 GMT"), 0s);
  EXPECT_EQ(Wait("Fri, 06 Nov 2594 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:07 GMT"), 24h);
  EXPECT_EQ(Wait("Sun, 06 Nov 1994 08:50:07 GMT"), 0s);
}

TEST(RetryAfterOf, IgnoresInvalidValues) {
  const std::string now = "Sun, 06 Nov 1994 08:49:37 GMT";
  for (const char* text : {"-1", "+1", "1.5", "1 ", "soon", "Sun, 06 Nov 1994 08:50:07 UTC",
                           "Sunday, 06-Nov-94 08:50:07 GMT", "Sun, 06 anF 1994 08:50:07 GMT",
                           "Sun, 31 Feb 1995 08:50:07 GMT", "Sun, -6 Nov 1994 08:50:07 GMT"}) {
    EXPECT_EQ(Wait(text, now), 0s) << text;
  }
}

TEST(HttpError, ContainsStatusAndSanitizedText) {
  const auto error = [](int status, std::string body, std::string encoding = "") {
    return HttpError({status, {}, "", "", std::move(encoding)}, std::move(body));
  };
  EXPECT_EQ(error(503, ""), UnavailableError("HTTP status 503"));
  EXPECT_EQ(error(404, "no\x1b[2J\n"), NotFoundError("HTTP status 404: no [2J"));
  EXPECT_EQ(error(302, "there"), UnknownError("HTTP status 302: there"));
  HttpHead redirect{302, {}};
  redirect.location = "https://sso.example/login?SAMLRequest=secret#x";
  EXPECT_EQ(HttpError(redirect, ""),
            UnknownError("HTTP status 302, a redirect to https://sso.example/login"));
  HttpHead cut{502, {}};
  cut.content_type = "text/html";
  EXPECT_EQ(
      HttpError(cut, ""),
      UnavailableError("HTTP status 502: a web page, which the service does not send; perhaps "
                       "a proxy or a login page answered"));
  EXPECT_EQ(error(401, R"({"error":{"code":401,"message":"wrong"}})"),
            UnauthenticatedError("HTTP status 401: wrong"));
  EXPECT_EQ(error(401, "\x1f\x8b\b", "gzip"),
            UnauthenticatedError("HTTP status 401: the body is encoded as \"gzip\""));
  EXPECT_EQ(error(401, "no", "identity"), UnauthenticatedError("HTTP status 401: no"));
}

}  // namespace
}  // namespace tql
