#include "tql/url.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace tql {
namespace {

TEST(Url, ReadsEveryPart) {
  StatusOr<Url> url = Url::Parse("tql://ts%40admin@example.com:8443/my%20db?schema=s");
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_EQ(*url, (Url{true, "ts@admin", "example.com", 8443, "my db", "s"}));
  EXPECT_EQ(url->Origin(), "https://example.com:8443");
}

TEST(Url, SchemesAndDefaults) {
  EXPECT_EQ(*Url::Parse("host"), (Url{true, "", "host", 443, "", ""}));
  EXPECT_EQ(*Url::Parse("http://host/"), (Url{false, "", "host", 80, "", ""}));
  EXPECT_EQ(Url::Parse("http://[::1]:8080")->Origin(), "http://[::1]:8080");
}

TEST(Url, TransportParameter) {
  EXPECT_EQ(Url::Parse("http://host:1/db?transport=grpc")->protocol, Protocol::kGrpc);
  EXPECT_FALSE(Url::Parse("http://host:1/db?transport=grpc")->tls);
  EXPECT_EQ(*Url::Parse("host/?schema=s&transport=grpc"),
            (Url{true, "", "host", 443, "", "s", Protocol::kGrpc}));
  EXPECT_EQ(Url::Parse("tql://host?transport=http")->protocol, Protocol::kHttp);
  EXPECT_EQ(Url::Parse("tql://host?transport=pigeon").status().message(),
            "URL: the transport must be http or grpc, not \"pigeon\"");
}

TEST(Url, CommasSeparateHosts) {
  StatusOr<Url> url = Url::Parse("tql://u@a:1,[::1]:2,c/db");
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_EQ(url->host, "a");
  EXPECT_EQ(url->port, 1);
  EXPECT_EQ(url->more_hosts, (std::vector<HostPort>{{"::1", 2}, {"c", 443}}));
  EXPECT_EQ(url->database, "db");
  for (const char* text : {"tql://a,", "tql://,a", "tql://a,,b", "tql://a,b:0"}) {
    EXPECT_EQ(Url::Parse(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
}

TEST(Url, OptionsAreParameters) {
  using namespace std::chrono_literals;
  StatusOr<Url> url =
      Url::Parse("h/?timeout=90&connect_timeout=250ms&cacert=%2Fa%20b.pem&insecure=false");
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_EQ(url->timeout, 90s);
  EXPECT_EQ(url->connect_timeout, 250ms);
  EXPECT_EQ(url->ca_file, "/a b.pem");
  EXPECT_EQ(url->insecure, false);
  EXPECT_EQ(Url::Parse("h")->insecure, std::nullopt);
  for (const char* text : {"h?timeout=", "h?timeout=0", "h?timeout=-1s", "h?timeout=1d",
                           "h?timeout=9999999999999999999s", "h?insecure=yes"}) {
    EXPECT_EQ(Url::Parse(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
}

TEST(Url, RejectsContradictions) {
  EXPECT_EQ(Url::Parse("h?timeout=1s&schema=s&timeout=2s").status(),
            InvalidArgumentError("URL: duplicate parameter \"timeout\""));
  EXPECT_EQ(Url::Parse("h?transport=grpc&transport=grpc").status().code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(Url::Parse("http://h?cacert=/a.pem").status(),
            InvalidArgumentError("URL: cacert requires TLS, which http:// does not use"));
  EXPECT_EQ(Url::Parse("http://h?insecure=true").status(),
            InvalidArgumentError("URL: insecure requires TLS, which http:// does not use"));
  EXPECT_EQ(Url::Parse("h?cacert=/a.pem&insecure=true").status().code(),
            StatusCode::kInvalidArgument);
  EXPECT_TRUE(Url::Parse("h?cacert=/a.pem&insecure=false").ok());
  EXPECT_TRUE(Url::Parse("http://h?insecure=false").ok());
}

TEST(Url, SchemesIgnoreCase) {
  EXPECT_EQ(*Url::Parse("TQL://h"), *Url::Parse("tql://h"));
  EXPECT_EQ(*Url::Parse("Https://h"), *Url::Parse("https://h"));
  EXPECT_EQ(*Url::Parse("HTTP://h/D"), *Url::Parse("http://h/D"));
}

TEST(Url, ErrorsNameThePart) {
  const std::pair<const char*, const char*> cases[] = {
      {"FTP://h", "the scheme must be tql, https or http, not \"FTP\""},
      {"tql://[::1]x/", "only \":PORT\" may follow the ']' of an IPv6 address: found \"x\""},
      {"tql://[::1]8443", "only \":PORT\" may follow the ']' of an IPv6 address: found \"8443\""},
      {"tql://[::1]:", "the port must be a number from 1 to 65535"},
      {"tql://[fe80::1%25eth0]:1/",
       "the zone of an IPv6 address is not supported: found [fe80::1%25eth0]"},
      {"tql://[fe80::1%eth0]/",
       "the zone of an IPv6 address is not supported: found [fe80::1%eth0]"},
      {"tql://[127.0.0.1]/", "invalid IPv6 address in brackets: found [127.0.0.1]"},
      {"tql://[1::2::3]/", "invalid IPv6 address in brackets: found [1::2::3]"},
      {"tql://[]/", "invalid IPv6 address in brackets: found []"},
      {"tql://[::1/", "']' is missing after the IPv6 address"},
      {"tql://h%41/", "a host name cannot contain '%'"},
      {"tql://h h/", "a host name cannot contain 0x20"},
      {"tql://h\xC3\xA9/", "a host name cannot contain 0xC3"},
      {"tql://h?schema", "expected NAME=VALUE after '?' or '&': found \"schema\""},
      {"tql://h?schema=s&insecure", "expected NAME=VALUE after '?' or '&': found \"insecure\""},
      {"tql://h?schema=s&&timeout=1s", "expected NAME=VALUE after '?' or '&': found \"\""},
      {"tql://h/d#frag", "a fragment ('#') is not supported; in a name, write %23"},
      {"tql://h?schema=s#", "a fragment ('#') is not supported; in a name, write %23"},
      {"tql://u%00@h/", "the user has the control character %00"},
      {"tql://h/d%0d%0aX-Y:z", "the database has the control character %0d"},
      {"tql://h?schema=a%7Fb", "schema has the control character %7F"},
      {"tql://h?cacert=a%00b", "cacert has the control character %00"},
      {"tql://h/d\tx", "it has the control character 0x09"},
      {"tql://h\r\nX: y", "it has the control character 0x0D"},
      {"tql://u%4@h", "the user: '%' must be followed by two hexadecimal digits"},
      {"tql://h/%zz", "the database: '%' must be followed by two hexadecimal digits"},
      {"tql://h?schema=%", "schema: '%' must be followed by two hexadecimal digits"},
      {"tql://u@h:1,v@h2:2",
       "only one user is permitted, before the first host; write an '@' in its name as %40"},
      {"tql://me@corp@h",
       "only one user is permitted, before the first host; write an '@' in its name as %40"},
      {"tql://u:p@h", "a password is not permitted in a URL, where others can read it"},
      {"tql://u:p@ss@h", "a password is not permitted in a URL, where others can read it"},
  };
  for (const auto& [text, why] : cases) {
    EXPECT_EQ(Url::Parse(text).status(), InvalidArgumentError(std::string("URL: ") + why)) << text;
  }
}

TEST(Url, DecodesPercentEncodedNames) {
  StatusOr<Url> url = Url::Parse("tql://a%40b%3a%23@h/d%23%25%2f?schema=%26%3D%20");
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_EQ(url->user, "a@b:#");
  EXPECT_EQ(url->database, "d#%/");
  EXPECT_EQ(url->schema, "&= ");
}

TEST(Url, HostPortFollowsUrlRules) {
  EXPECT_EQ(HostPort::Parse("[::1]:2", true).value(), (HostPort{"::1", 2}));
  EXPECT_EQ(HostPort::Parse("h/d", true).status(),
            InvalidArgumentError("URL: a host name cannot contain '/'"));
}

TEST(Url, RefusesWithAReason) {
  for (const char* text :
       {"", "tql://", "ftp://host", "tql://host:0", "tql://host:99999", "tql://host:x",
        "tql://user:secret@host", "tql://host/a/b", "tql://host?x=1", "tql://host/%4", "tql://[::1",
        "tql://ho st", "tql://host\r\nX: y"}) {
    StatusOr<Url> url = Url::Parse(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(url.status().code(), StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(url.status().message().find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace tql
