#include "client/src/http_session.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tql {
namespace {

using namespace std::chrono_literals;

std::optional<std::string> Read(std::string_view set_cookie) {
  return SessionOfCookie(set_cookie, std::chrono::sys_days(2024y / 2 / 29) + 12h);
}

TEST(SessionOfCookie, ReadsTheValue) {
  EXPECT_EQ(Read("JSESSIONID=abc"), "abc");
  EXPECT_EQ(Read("JSESSIONID=abc; Path=/; HttpOnly; Secure; SameSite=Lax"), "abc");
  EXPECT_EQ(Read(" JSESSIONID = a=b ;Path=/callosum"), "a=b");
  EXPECT_EQ(Read("JSESSIONID=\"q\";Domain=x"), "\"q\"");
  EXPECT_EQ(Read("JSESSIONID=abc; Max-Age=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"), "abc");
  EXPECT_EQ(Read("JSESSIONID=abc; Expires=Thu, 29 Feb 2024 12:00:01 GMT"), "abc");
  EXPECT_EQ(Read("JSESSIONID=abc; max-age=soon; expires=never"), "abc");
}

TEST(SessionOfCookie, KnowsAnEnd) {
  for (const char* cookie :
       {"JSESSIONID=", "JSESSIONID", "JSESSIONID=; Path=/", "JSESSIONID=abc; Max-Age=0",
        "JSESSIONID=abc;max-age=-1", "JSESSIONID=deleted; EXPIRES=Thu, 01 Jan 1970 00:00:00 GMT",
        "JSESSIONID=abc; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Path=/",
        "JSESSIONID=abc; Expires=Thu, 29 Feb 2024 12:00:00 GMT"}) {
    EXPECT_EQ(Read(cookie), "") << cookie;
  }
}

TEST(SessionOfCookie, LeavesOthersAlone) {
  for (const char* cookie :
       {"", ";", "=", "clientId=abc", "jsessionid=abc", "JSESSIONID2=abc", "x=JSESSIONID=abc",
        "JSESSIONID=a b", "JSESSIONID=a\tb; Path=/", "JSESSIONID=\xc3\xa4"}) {
    EXPECT_EQ(Read(cookie), std::nullopt) << cookie;
  }
  EXPECT_EQ(Read("JSESSIONID=" + std::string(4097, 'x')), std::nullopt);
  EXPECT_EQ(Read("JSESSIONID=" + std::string(4096, 'x')), std::string(4096, 'x'));
}

/// Responds to each request with a head given by the test.
class HttpSessionTest : public ::testing::Test {
 protected:
  class Scripted : public HttpConnection {
   public:
    explicit Scripted(HttpSessionTest& test) : test_(test) {}
    Status Send(const HttpRequest& request, const HttpReceiver& receiver, Deadline,
                CancelSignal&) override {
      std::string cookie;
      for (const auto& [name, value] : request.headers) cookie += name + ": " + value;
      test_.sent_.push_back(cookie);
      if (test_.meanwhile_) std::exchange(test_.meanwhile_, nullptr)();
      receiver.head(test_.answer_);
      return {};
    }
    bool connected() const override { return true; }

   private:
    HttpSessionTest& test_;
  };

  /// Returns the Cookie header sent after a response with this status and this Set-Cookie.
  std::string Send(int status, const std::string& set_cookie) {
    answer_ = {status, {}};
    if (!set_cookie.empty()) answer_.set_cookies = {set_cookie};
    CancelSignal cancel;
    bool sent = false;
    EXPECT_TRUE(session_
                    .Send({}, {[](const HttpHead&) { return true; }, nullptr}, Deadline::max(),
                          cancel, sent)
                    .ok());
    return sent_.back();
  }

  HttpHead answer_;
  std::vector<std::string> sent_;
  std::function<void()> meanwhile_;  // Called once, during a response.
  HttpSession session_{{*Url::Parse("http://a")}, {}, [this](const Url&, const Options&) {
                         return std::make_unique<Scripted>(*this);
                       }};
};

TEST_F(HttpSessionTest, AnyResponseMayReplaceSession) {
  EXPECT_TRUE(session_.Open({200, {"JSESSIONID=one"}}));
  EXPECT_EQ(Send(200, "JSESSIONID=two; Path=/"), "Cookie: JSESSIONID=one");
  EXPECT_EQ(Send(503, "JSESSIONID=three"), "Cookie: JSESSIONID=two");
  EXPECT_EQ(Send(200, "clientId=x"), "Cookie: JSESSIONID=three");
  EXPECT_EQ(Send(200, "JSESSIONID=gone; Max-Age=0"), "Cookie: JSESSIONID=three");
  EXPECT_EQ(Send(401, "JSESSIONID=anonymous"), "");
  EXPECT_EQ(Send(200, ""), "Cookie: JSESSIONID=anonymous");
  session_.Close();
  EXPECT_EQ(Send(200, ""), "");
}

TEST_F(HttpSessionTest, LateResponseKeepsNewSession) {
  EXPECT_TRUE(session_.Open({200, {"JSESSIONID=old"}}));
  meanwhile_ = [this] { EXPECT_TRUE(session_.Open({200, {"JSESSIONID=new"}})); };
  Send(401, "JSESSIONID=anonymous");
  EXPECT_EQ(Send(200, ""), "Cookie: JSESSIONID=new");
  meanwhile_ = [this] { session_.Close(); };
  Send(200, "JSESSIONID=again");
  EXPECT_EQ(Send(200, ""), "");
}

TEST_F(HttpSessionTest, LoginWithoutSessionIsAnError) {
  EXPECT_FALSE(session_.Open({200, {}}));
  EXPECT_FALSE(session_.Open({200, {"clientId=x"}}));
  EXPECT_FALSE(session_.Open({200, {"JSESSIONID="}}));
  EXPECT_TRUE(session_.Open({200, {"JSESSIONID=a", "clientId=x", "JSESSIONID=b"}}));
  EXPECT_EQ(Send(200, ""), "Cookie: JSESSIONID=b");
}

}  // namespace
}  // namespace tql
