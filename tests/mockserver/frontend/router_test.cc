#include "mockserver/frontend/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tql::frontend {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

HttpHandler Named(const std::string& name) {
  return [name](const HttpCall&) { return ErrorResponse(200, name); };
}

/// A router with routes of two services. Find returns the status or the name of the route.
class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router_.Add("GET", "/tables", Named("list"));
    router_.Add("POST", "/tables", Named("add"));
    router_.Add("GET", "/tables/{name}", Named("one"));
    router_.Add("GET", "/tables/special", Named("special"));
    router_.Add("PUT", "/tables/{name}/rows/{row}", Named("row"), BodyMode::kStreamed);
  }
  std::string Find(std::string_view method, std::string_view path) {
    request_.method = method;
    request_.path = path;
    error_ = HttpResponse();
    const Router::Route* const route = router_.Find(request_, &error_);
    if (route == nullptr) return std::to_string(error_.status);
    class Nobody : public HttpClient, public BodyReader {
      bool Gone() override { return false; }
      void RunWaiting(const std::function<void()>& wait) override { wait(); }
      bool Read(const Receive&) override { return true; }
      bool ReadForm(const std::function<bool(const FormPart&)>&, const Receive&) override {
        return true;
      }
    } nobody;
    const std::string body = route->handler({request_, nobody, nobody}).body;
    const std::size_t start = body.find("message\":\"") + 10;
    return body.substr(start, body.find('"', start) - start);
  }

  Router router_;
  HttpRequest request_;
  HttpResponse error_;
};

TEST_F(RouterTest, FindsPathsAndPatterns) {
  EXPECT_EQ(Find("GET", "/tables"), "list");
  EXPECT_EQ(Find("POST", "/tables"), "add");
  EXPECT_EQ(Find("GET", "/tables/special"), "special");
  EXPECT_THAT(request_.parameters, IsEmpty());
  EXPECT_EQ(Find("GET", "/tables/a%2Fb+c"), "one");
  EXPECT_THAT(request_.parameters, ElementsAre("a/b+c"));
  EXPECT_EQ(Find("PUT", "/tables/t/rows/7"), "row");
  EXPECT_THAT(request_.parameters, ElementsAre("t", "7"));
}

TEST_F(RouterTest, HeadIsGet) { EXPECT_EQ(Find("HEAD", "/tables"), "list"); }

TEST_F(RouterTest, UnknownPathIs404) {
  for (const char* path : {"/", "", "*", "/table", "/tables/", "/tables/a/", "/tables/a/rows",
                           "/tables//rows/1", "/TABLES", "/tables/a/rows/1/2"}) {
    EXPECT_EQ(Find("GET", path), "404") << path;
    EXPECT_THAT(request_.parameters, IsEmpty());
  }
}

TEST_F(RouterTest, OtherMethodIs405WithAllow) {
  for (const char* method : {"DELETE", "OPTIONS", "PROPFIND", "get"}) {
    EXPECT_EQ(Find(method, "/tables"), "405") << method;
    EXPECT_THAT(error_.headers, ElementsAre(testing::Pair("Allow", "GET, POST")));
  }
  EXPECT_EQ(Find("POST", "/tables/a"), "405");
  EXPECT_THAT(error_.headers, ElementsAre(testing::Pair("Allow", "GET")));
}

TEST_F(RouterTest, ErrorsMayHaveAnotherForm) {
  router_.AddErrors([](const auto&, int, std::string_view) { return std::nullopt; });
  router_.AddErrors([](const HttpRequest& request, int status,
                       std::string_view message) -> std::optional<HttpResponse> {
    HttpResponse response;
    response.status = status;
    response.body = std::string(request.path) + ": " + std::string(message);
    return response;
  });
  EXPECT_EQ(Find("GET", "/nothing"), "404");
  EXPECT_EQ(error_.body, "/nothing: unknown path");
  EXPECT_EQ(Find("DELETE", "/tables"), "405");
  EXPECT_EQ(error_.body, "/tables: this path takes GET, POST");
  EXPECT_THAT(error_.headers, ElementsAre(testing::Pair("Allow", "GET, POST")));
}

}  // namespace
}  // namespace tql::frontend
