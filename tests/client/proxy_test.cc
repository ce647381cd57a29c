#include "client/src/proxy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace tql {
namespace {

using ::testing::HasSubstr;

/// Sets these proxy variables and unsets all others.
void SetVariables(const std::map<std::string, std::string>& values) {
  for (const char* name : {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy",
                           "ALL_PROXY", "no_proxy", "NO_PROXY", "REQUEST_METHOD"}) {
    unsetenv(name);
    if (const auto it = values.find(name); it != values.end()) setenv(name, it->second.c_str(), 1);
  }
}

/// Returns "http://host:port", "none", or the error.
std::string ProxyOf(const std::string& url, const std::string& option = "") {
  Options options;
  options.proxy = option;
  const StatusOr<std::optional<Proxy>> proxy = ProxyRules(options).For(*Url::Parse(url));
  if (!proxy.ok()) return proxy.status().message();
  return *proxy ? (*proxy)->Origin() : "none";
}

TEST(ParseProxy, TakesWhatEnvironmentsHave) {
  EXPECT_EQ(*ParseProxy("http://p.example:3128"), (Proxy{"p.example", 3128}));
  EXPECT_EQ(*ParseProxy("HTTP://p.example:3128/"), (Proxy{"p.example", 3128}));
  EXPECT_EQ(*ParseProxy("p.example"), (Proxy{"p.example", 80}));
  EXPECT_EQ(*ParseProxy("[::1]:8080"), (Proxy{"::1", 8080}));
  // base64 of "Aladdin:open sesame" (RFC 7617), "a:b@c" and "a:".
  EXPECT_EQ(ParseProxy("http://Aladdin:open%20sesame@p:1")->authorization,
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_EQ(ParseProxy("a:b%40c@p:1")->authorization, "Basic YTpiQGM=");
  EXPECT_EQ(ParseProxy("a:b@c@p:1")->authorization, "Basic YTpiQGM=");
  EXPECT_EQ(ParseProxy("a@p:1")->authorization, "Basic YTo=");
}

TEST(ParseProxy, RefusesOthers) {
  for (const char* text :
       {"https://p:1", "socks5://p:1", "socks5h://localhost:1080", "socks4://p"}) {
    const StatusOr<Proxy> proxy = ParseProxy(text);
    EXPECT_EQ(proxy.status().code(), StatusCode::kInvalidArgument);
    EXPECT_THAT(proxy.status().message(), HasSubstr("is not supported")) << text;
  }
  for (const char* text : {"", "http://", "http://p:0", "http://p:70000", "http://p/path", "p q",
                           "http://p\r\nX: y", "[::1"}) {
    EXPECT_FALSE(ParseProxy(text).ok()) << text;
  }
}

TEST(ProxyRules, SchemeSelectsVariable) {
  SetVariables({{"http_proxy", "http://a:1"}, {"https_proxy", "http://b:2"}});
  EXPECT_EQ(ProxyOf("http://host/"), "http://a:1");
  EXPECT_EQ(ProxyOf("https://host/"), "http://b:2");
  EXPECT_EQ(ProxyOf("tql://host/?transport=grpc"), "http://b:2");
}

TEST(ProxyRules, LowerCaseCountsMore) {
  SetVariables({{"http_proxy", ""},
                {"HTTP_PROXY", "http://upper:1"},
                {"https_proxy", "http://lower:2"},
                {"HTTPS_PROXY", "http://upper:2"},
                {"ALL_PROXY", "http://all:3"}});
  EXPECT_EQ(ProxyOf("http://host"), "http://upper:1");
  EXPECT_EQ(ProxyOf("https://host"), "http://lower:2");
}

TEST(ProxyRules, AllProxyAppliesToHttpAndHttps) {
  SetVariables({{"ALL_PROXY", "all:3"}});
  EXPECT_EQ(ProxyOf("http://host"), "http://all:3");
  EXPECT_EQ(ProxyOf("https://host"), "http://all:3");
}

TEST(ProxyRules, IgnoresHttpProxyInCgi) {
  SetVariables({{"HTTP_PROXY", "http://evil:1"}, {"REQUEST_METHOD", "GET"}});
  EXPECT_EQ(ProxyOf("http://host"), "none");
}

TEST(ProxyRules, NoProxyListsHosts) {
  const auto with = [](const std::string& no_proxy, const std::string& url) {
    SetVariables({{"all_proxy", "http://p:1"}, {"NO_PROXY", no_proxy}});
    return ProxyOf(url) == "none";
  };
  for (const char* list : {"*", "example.com", ".example.com", "*.example.com", "a,example.com",
                           "a, EXAMPLE.com ,b", "a.example.com:8443", "com"}) {
    EXPECT_TRUE(with(list, "https://A.Example.com:8443")) << list;
  }
  for (const char* list :
       {"", ",", "xample.com", "b.example.com", "a.example.com:443", "..", "."}) {
    EXPECT_FALSE(with(list, "https://a.example.com:8443")) << list;
  }
  EXPECT_TRUE(with("10.1.2.3", "https://10.1.2.3"));
  EXPECT_TRUE(with("10.0.0.0/8", "https://10.1.2.3"));
  EXPECT_TRUE(with("10.1.2.0/25", "https://10.1.2.127"));
  EXPECT_FALSE(with("10.1.2.0/25", "https://10.1.2.128"));
  EXPECT_FALSE(with("10.1.2", "https://10.1.2.3"));
  EXPECT_FALSE(with("10.0.0.0/33", "https://10.0.0.0"));
  EXPECT_FALSE(with("10.0.0.0/", "https://10.0.0.0"));
  EXPECT_FALSE(with("10.0.0.0/x", "https://10.0.0.0"));
  EXPECT_FALSE(with("/", "https://10.0.0.0"));
  EXPECT_TRUE(with("2001:db8::1", "https://[2001:db8::1]"));
  EXPECT_TRUE(with("2001:DB8:0::1", "https://[2001:db8::1]"));
  EXPECT_TRUE(with("[2001:db8::1]:443", "https://[2001:db8::1]"));
  EXPECT_TRUE(with("2001:db8::/32", "https://[2001:db8:1::1]"));
  EXPECT_FALSE(with("2001:db8::/32", "https://[2001:db9::1]"));
  EXPECT_FALSE(with("[2001", "https://host"));
}

TEST(ProxyRules, LoopbackUsesLoopbackProxyOnly) {
  SetVariables({{"all_proxy", "http://proxy.example:3128"}});
  for (const char* url : {"http://localhost", "https://127.0.0.1:8443", "https://[::1]"}) {
    EXPECT_EQ(ProxyOf(url), "none") << url;
  }
  SetVariables({{"all_proxy", "http://localhost:3128"}});
  EXPECT_EQ(ProxyOf("https://127.0.0.1:8443"), "http://localhost:3128");
}

TEST(ProxyRules, OptionOverridesEnvironment) {
  SetVariables({{"all_proxy", "http://p:1"}, {"no_proxy", "*"}});
  EXPECT_EQ(ProxyOf("https://host", "http://q:2"), "http://q:2");
  EXPECT_EQ(ProxyOf("http://127.0.0.1", "http://q:2"), "http://q:2");
  SetVariables({{"all_proxy", "http://p:1"}});
  EXPECT_EQ(ProxyOf("https://host", "none"), "none");
}

TEST(ProxyRules, ErrorsNameTheirSource) {
  SetVariables({{"ALL_PROXY", "socks5://p:1080"}, {"no_proxy", "excluded"}});
  EXPECT_THAT(ProxyOf("https://host"), HasSubstr("ALL_PROXY: "));
  EXPECT_THAT(ProxyOf("https://host"), HasSubstr("\"socks5://\" is not supported"));
  EXPECT_EQ(ProxyOf("https://excluded"), "none");
  EXPECT_THAT(ProxyOf("https://host", "ftp://p"), HasSubstr("proxy: "));
}

}  // namespace
}  // namespace tql
