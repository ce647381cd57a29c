#include "tql/url.h"

#include <gtest/gtest.h>

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

TEST(Url, TheTransportIsAParameter) {
  EXPECT_EQ(Url::Parse("http://host:1/db?transport=grpc")->protocol, Protocol::kGrpc);
  EXPECT_FALSE(Url::Parse("http://host:1/db?transport=grpc")->tls);
  EXPECT_EQ(*Url::Parse("host/?schema=s&transport=grpc"),
            (Url{true, "", "host", 443, "", "s", Protocol::kGrpc}));
  EXPECT_EQ(Url::Parse("tql://host?transport=http")->protocol, Protocol::kHttp);
  EXPECT_EQ(Url::Parse("tql://host?transport=pigeon").status().message(),
            "URL: the transport must be http or grpc, not \"pigeon\"");
}

TEST(Url, SeveralHostsAreSeparatedByCommas) {
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

TEST(Url, WhatContradictsItselfIsRefused) {
  EXPECT_EQ(Url::Parse("h?timeout=1s&schema=s&timeout=2s").status(),
            InvalidArgumentError("URL: the parameter \"timeout\" is there twice"));
  EXPECT_EQ(Url::Parse("h?transport=grpc&transport=grpc").status().code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(Url::Parse("http://h?cacert=/a.pem").status(),
            InvalidArgumentError("URL: cacert is about TLS, which http:// does without"));
  EXPECT_EQ(Url::Parse("http://h?insecure=true").status(),
            InvalidArgumentError("URL: insecure is about TLS, which http:// does without"));
  EXPECT_EQ(Url::Parse("h?cacert=/a.pem&insecure=true").status().code(),
            StatusCode::kInvalidArgument);
  EXPECT_TRUE(Url::Parse("h?cacert=/a.pem&insecure=false").ok());
  EXPECT_TRUE(Url::Parse("http://h?insecure=false").ok());
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
