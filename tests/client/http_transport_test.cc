// The HTTP client against servers that respond incorrectly, slowly, or not at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/hostile_server.h"
#include "tql/client.h"

namespace tql {
namespace {

using namespace std::chrono_literals;
using testing::Chunk;
using testing::ChunkedHead;
using testing::HostileServer;
using testing::HttpAnswer;
using testing::kLastChunk;
using testing::Peer;

constexpr std::string_view kTwoRows =
    R"({"result":{"final_context":{"schema":"s","database":"d","server_schema_version":"7"},)"
    R"("table":{"headers":[{"name":"a","type":"INT"}],"rows":[{"v":["1"]},{"v":["22"]}]},)"
    R"("message":[{"type":"INFO","value":"Statement executed successfully. \n"}],"complete":true}})"
    "\n";

Options Patient() {
  Options options;
  options.retry.max_attempts = 1;
  options.query_timeout = 60s;
  return options;
}

Client ClientFor(const std::string& url, Options options = Patient()) {
  StatusOr<Client> client = Client::Connect(url, std::move(options));
  EXPECT_TRUE(client.ok()) << client.status();
  return *std::move(client);
}

struct Read {
  std::vector<std::string> rows;
  Status status;
};
Read ReadAll(QueryResult result) {
  Read read;
  for (auto& row : result) {
    if (row.ok()) {
      read.rows.emplace_back(row->text(0));
    } else {
      read.status = row.status();
    }
  }
  return read;
}
Read Ask(Client& client, RequestOptions request = {}) {
  return ReadAll(client.Query("select a from t;", std::move(request)));
}

void ExpectTwoRows(const Read& read) {
  EXPECT_TRUE(read.status.ok()) << read.status;
  EXPECT_EQ(read.rows, (std::vector<std::string>{"1", "22"}));
}

/// A server that sends the same bytes in response to each request.
HostileServer::Script Always(std::string answer, std::size_t piece = std::string::npos) {
  return [answer = std::move(answer), piece](Peer& peer) {
    while (!peer.ReadRequest().empty() && peer.Send(answer, piece)) {
    }
  };
}

TEST(HttpTransportTest, SingleBytes) {
  std::string chunked = ChunkedHead();
  for (const char c : kTwoRows) chunked += Chunk({&c, 1});
  chunked += kLastChunk;
  for (const std::string& answer : {HttpAnswer(kTwoRows), chunked}) {
    HostileServer server(Always(answer, 1));
    Client client = ClientFor(server.url());
    ExpectTwoRows(Ask(client));
    ExpectTwoRows(Ask(client));
    EXPECT_EQ(server.connections(), 1);
  }
}

TEST(HttpTransportTest, IgnoresFieldsAfterTheLastChunk) {
  std::string chunked = ChunkedHead();
  for (const char c : kTwoRows) chunked += Chunk({&c, 1});
  chunked += "00;x=y\r\nExpires: 0\r\nX-Checksum: 0\r\n\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::string::npos}) {
    HostileServer server(Always(chunked, piece));
    Client client = ClientFor(server.url());
    ExpectTwoRows(Ask(client));
    ExpectTwoRows(Ask(client));
    EXPECT_EQ(server.connections(), 1);
  }
}

TEST(HttpTransportTest, LimitsFieldsAfterTheLastChunk) {
  HostileServer server([](Peer& peer) {
    peer.ReadRequest();
    peer.Send(ChunkedHead() + Chunk(kTwoRows) + "0\r\n");
    while (peer.Send("X: y\r\n")) {
    }
  });
  Client client = ClientFor(server.url());
  EXPECT_EQ(Ask(client).status.code(), StatusCode::kInternal);
}

TEST(HttpTransportTest, ResponsesMayBeSplitAnywhere) {
  const std::string whole = HttpAnswer(kTwoRows);
  std::atomic<std::size_t> at = 0;
  HostileServer server([&](Peer& peer) {
    while (!peer.ReadRequest().empty()) {
      const std::size_t split = at;
      peer.Send(std::string_view(whole).substr(0, split));
      std::this_thread::yield();
      peer.Send(std::string_view(whole).substr(split));
    }
  });
  Client client = ClientFor(server.url());
  for (; at <= whole.size(); ++at) ExpectTwoRows(Ask(client));
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpTransportTest, JsonNullIsNull) {
  std::string answer(kTwoRows);
  answer.replace(answer.find(R"(["1"]},{"v":["22"])"), 18, R"([null]},{"v":[""])");
  HostileServer server(Always(HttpAnswer(answer)));
  Client client = ClientFor(server.url());
  std::vector<bool> nulls;
  for (auto& row : client.Query("select a from t;")) {
    ASSERT_TRUE(row.ok()) << row.status();
    nulls.push_back(row->is_null(0));
    EXPECT_EQ(row->Own().is_null(0), row->is_null(0));
  }
  EXPECT_EQ(nulls, (std::vector<bool>{true, false}));
}

TEST(HttpTransportTest, TruncatedResponseEndsWithError) {
  const std::string chunked = ChunkedHead() + Chunk(kTwoRows.substr(0, 150)) +
                              Chunk(kTwoRows.substr(150)) + std::string(kLastChunk);
  for (const std::string& whole : {HttpAnswer(kTwoRows), chunked}) {
    std::atomic<std::size_t> length = 0;
    HostileServer server([&](Peer& peer) {
      while (!peer.ReadRequest().empty()) {
        peer.Send(std::string_view(whole).substr(0, length));
        if (length < whole.size()) return;
      }
    });
    Client client = ClientFor(server.url());
    for (; length < whole.size(); ++length) {
      const Read read = Ask(client);
      // httplib tolerates some missing bytes of the final framing after the end of the statement.
      if (read.status.ok() && length >= whole.rfind("}\n") + 2) continue;
      ASSERT_TRUE(read.status.code() == StatusCode::kUnavailable ||
                  read.status.code() == StatusCode::kDataLoss)
          << length << " of " << whole.size() << ": " << read.status;
      const std::vector<std::string> both = {"1", "22"};
      ASSERT_LE(read.rows.size(), 2U);
      ASSERT_TRUE(std::equal(read.rows.begin(), read.rows.end(), both.begin())) << length;
    }
    ExpectTwoRows(Ask(client));
  }
}

TEST(HttpTransportTest, ResetIsALostConnection) {
  HostileServer server([&](Peer& peer) {
    peer.ReadRequest();
    peer.Send(ChunkedHead() + Chunk(kTwoRows.substr(0, 150)));
    peer.Reset();
  });
  Client client = ClientFor(server.url());
  EXPECT_EQ(Ask(client).status.code(), StatusCode::kUnavailable);
}

TEST(HttpTransportTest, IgnoresBytesAfterResponse) {
  std::string too_short = HttpAnswer(kTwoRows);
  const std::size_t at = too_short.find("Content-Length: ");
  too_short.replace(at, too_short.find("\r\n", at) - at, "Content-Length: 100");
  const std::string twice = HttpAnswer(kTwoRows) + HttpAnswer("[]", "500 Surprise");
  for (const auto& [wrong, code] :
       {std::pair{too_short, StatusCode::kDataLoss}, std::pair{twice, StatusCode::kOk}}) {
    HostileServer server([&, &first = wrong](Peer& peer) {
      peer.ReadRequest();
      peer.Send(peer.number() == 0 ? first : HttpAnswer(kTwoRows));
      peer.WaitUntilGone();
    });
    Client client = ClientFor(server.url());
    EXPECT_EQ(Ask(client).status.code(), code);
    ExpectTwoRows(Ask(client));
    EXPECT_EQ(server.connections(), 2);
  }
}

TEST(HttpTransportTest, EarlyResponse) {
  HostileServer server([](Peer& peer) {
    peer.Send(HttpAnswer(kTwoRows));
    peer.WaitUntilGone();
  });
  Client client = ClientFor(server.url());
  ExpectTwoRows(Ask(client));
}

TEST(HttpTransportTest, UnsuccessfulStatusCodes) {
  struct Case {
    std::string_view status;
    StatusCode code;
  };
  const Case cases[] = {{"301 Moved Permanently", StatusCode::kUnknown},
                        {"302 Found", StatusCode::kUnknown},
                        {"303 See Other", StatusCode::kUnknown},
                        {"307 Temporary Redirect", StatusCode::kUnknown},
                        {"308 Permanent Redirect", StatusCode::kUnknown},
                        {"400 Bad Request", StatusCode::kInvalidArgument},
                        {"401 Unauthorized", StatusCode::kUnauthenticated},
                        {"403 Forbidden", StatusCode::kPermissionDenied},
                        {"404 Not Found", StatusCode::kNotFound},
                        {"407 Proxy Authentication Required", StatusCode::kFailedPrecondition},
                        {"408 Request Timeout", StatusCode::kUnavailable},
                        {"418 I'm a teapot", StatusCode::kInvalidArgument},
                        {"429 Too Many Requests", StatusCode::kResourceExhausted},
                        {"500 Internal Server Error", StatusCode::kInternal},
                        {"502 Bad Gateway", StatusCode::kUnavailable},
                        {"503 Service Unavailable", StatusCode::kUnavailable},
                        {"504 Gateway Timeout", StatusCode::kUnavailable},
                        {"599 What", StatusCode::kInternal}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.status);
    HostileServer server(Always(HttpAnswer("no\x1b[2J way\n", c.status,
                                           "Location: http://127.0.0.1:1/x?secret=1\r\n"
                                           "Retry-After: 1\r\n")));
    Client client = ClientFor(server.url());
    const Read read = Ask(client);
    EXPECT_EQ(read.status.code(), c.code);
    const std::string redirect =
        c.status.starts_with('3') ? ", a redirect to http://127.0.0.1:1/x" : "";
    EXPECT_EQ(read.status.message(),
              "HTTP status " + std::string(c.status.substr(0, 3)) + redirect + ": no [2J way");
    EXPECT_EQ(client.GetTokens(TokenKind::kStatic).status().code(), c.code);
    EXPECT_EQ(client.Login("u", "p").code(), c.code);
    EXPECT_EQ(server.connections(), 1);  // Redirects are not followed.
  }
}

TEST(HttpTransportTest, RetriesReadsAfterGatewayTimeout) {
  for (const std::string_view status : {"504 Gateway Timeout", "408 Request Timeout"}) {
    std::atomic<int> requests = 0;
    HostileServer server([&](Peer& peer) {
      while (!peer.ReadRequest().empty()) {
        peer.Send(++requests == 1 ? HttpAnswer("", status) : HttpAnswer(kTwoRows));
      }
    });
    Options options = Patient();
    options.retry.max_attempts = 2;
    options.retry.initial_backoff = 1ms;
    Client client = ClientFor(server.url(), options);
    ExpectTwoRows(Ask(client));
    EXPECT_EQ(requests, 2);
    requests = 0;
    EXPECT_EQ(client.Execute("delete from t;").status.code(), StatusCode::kUnavailable);
    EXPECT_EQ(requests, 1);
  }
}

TEST(HttpTransportTest, ReportsWebPage) {
  const std::string page =
      "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n<body><h1>Please</h1>\n"
      "<p>log in</p></body></html>\n" +
      std::string(10000, ' ');
  struct Case {
    std::string_view status;
    std::string_view type;
    StatusCode code;
  };
  const Case cases[] = {{"200 OK", "text/html", StatusCode::kFailedPrecondition},
                        {"200 OK", "application/octet-stream", StatusCode::kFailedPrecondition},
                        {"401 Unauthorized", "text/html", StatusCode::kUnauthenticated},
                        {"502 Bad Gateway", "text/html; charset=utf-8", StatusCode::kUnavailable},
                        {"503 Service Unavailable", "text/plain", StatusCode::kUnavailable}};
  for (const Case& c : cases) {
    HostileServer server(Always(HttpAnswer(page, c.status,
                                           "Content-Type: " + std::string(c.type) + "\r\n" +
                                               "Set-Cookie: JSESSIONID=of-the-page\r\n")));
    Client client = ClientFor(server.url());
    const Status expected(c.code, "HTTP status " + std::string(c.status.substr(0, 3)) +
                                      ": a web page, which the service does not send; perhaps a "
                                      "proxy or a login page answered, titled \"Sign in\": Please "
                                      "log in");
    EXPECT_EQ(Ask(client).status, expected) << c.status;
    EXPECT_EQ(client.Login("u", "p"), expected) << c.status;
    EXPECT_EQ(client.GetTokens(TokenKind::kStatic).status(), expected) << c.status;
    EXPECT_FALSE(client.RunScript("a;").Next().has_value());
  }
}

TEST(HttpTransportTest, AnyResponseMaySetSession) {
  std::mutex mutex;
  std::vector<std::string> cookies;
  HostileServer server([&](Peer& peer) {
    for (std::string request = peer.ReadRequest(); !request.empty(); request = peer.ReadRequest()) {
      const std::lock_guard lock(mutex);
      const std::size_t at = request.find("\r\nCookie: ");
      cookies.push_back(at == request.npos
                            ? ""
                            : request.substr(at + 10, request.find("\r\n", at + 2) - at - 10));
      peer.Send(
          HttpAnswer(kTwoRows, "200 OK",
                     "Set-Cookie: JSESSIONID=s" + std::to_string(cookies.size()) + "; Path=/\r\n"));
    }
  });
  Client client = ClientFor(server.url());
  EXPECT_TRUE(client.Login("u", "p").ok());
  ExpectTwoRows(Ask(client));
  Client copy = client;
  ExpectTwoRows(Ask(copy));
  EXPECT_TRUE(client.GetTokens(TokenKind::kStatic).ok());
  EXPECT_TRUE(client.Logout().ok());
  ExpectTwoRows(Ask(client));
  const std::lock_guard lock(mutex);
  EXPECT_EQ(cookies, (std::vector<std::string>{"", "JSESSIONID=s1", "JSESSIONID=s2",
                                               "JSESSIONID=s3", "JSESSIONID=s4", ""}));
}

TEST(HttpTransportTest, CompleteOnLastObjectOnly) {
  const std::string complete(kTwoRows);
  std::string incomplete(kTwoRows);
  incomplete.erase(incomplete.find(R"(,"complete":true)"), 16);
  for (const std::string& answer : {complete + complete, incomplete + complete}) {
    HostileServer server(Always(HttpAnswer(answer)));
    Client client = ClientFor(server.url());
    const Read read = Ask(client);
    EXPECT_TRUE(read.status.ok()) << read.status;
    EXPECT_EQ(read.rows, (std::vector<std::string>{"1", "22", "1", "22"}));
  }
  HostileServer server(Always(HttpAnswer(complete + incomplete)));
  Client client = ClientFor(server.url());
  EXPECT_EQ(Ask(client).status.code(), StatusCode::kDataLoss);
}

TEST(HttpTransportTest, UnknownTypes) {
  HostileServer server(Always(HttpAnswer(
      R"({"result":{"table":{"headers":[{"name":"a","type":"DATE_TIME"},{"name":"b","type":77}],)"
      R"("rows":[{"v":["2020-02-29 01:02:03","x"]}]},)"
      R"("message":[{"type":"NOTICE","value":"n"},{"type":"ERROR","value":"e"}],"complete":true}})")));
  Client client = ClientFor(server.url());
  QueryResult result = client.Query("select a, b from t;");
  EXPECT_EQ(result.columns(),
            (std::vector<Column>{{"a", ColumnType::kUnknown}, {"b", ColumnType::kUnknown}}));
  StatusOr<std::optional<Row>> row = result.Next();
  ASSERT_TRUE(row.ok() && *row);
  EXPECT_EQ((*row)->get<std::string>("a").value(), "2020-02-29 01:02:03");
  EXPECT_EQ(result.Finish().code(), StatusCode::kFailedPrecondition);  // Only because of the ERROR.
  EXPECT_EQ(result.messages(),
            (std::vector<Message>{{Severity::kInfo, "n"}, {Severity::kError, "e"}}));
}

TEST(HttpTransportTest, NotModifiedHasNoBody) {
  // The length is that of the body which a response with another status would have.
  for (const std::string headers :
       {"", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"}) {
    SCOPED_TRACE(headers);
    HostileServer server([&](Peer& peer) {
      while (!peer.ReadRequest().empty()) {
        peer.Send(peer.number() == 0 ? "HTTP/1.1 304 Not Modified\r\n" + headers + "\r\n"
                                     : HttpAnswer(kTwoRows));
      }
    });
    Options options = Patient();
    options.call_timeout = 5s;
    Client client = ClientFor(server.url(), options);
    EXPECT_EQ(client.Login("u", "p"), Status(StatusCode::kUnknown, "HTTP status 304"));
    ExpectTwoRows(Ask(client));
  }
}

TEST(HttpTransportTest, ErrorMessageFromJson) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"error":{"code":401,"message":"wrong user\u001b name\n"}})", "wrong user  name"},
      {R"({"error":{"code":401}})", R"({"error":{"code":401}})"},
      {R"({"error":"wrong"})", R"({"error":"wrong"})"},
      {R"({"error":{"message":7}})", R"({"error":{"message":7}})"},
      {R"(["error"])", R"(["error"])"},
      {R"({"error":{"message":"cut)", R"({"error":{"message":"cut)"}};
  for (const auto& [body, text] : cases) {
    HostileServer server(Always(HttpAnswer(body, "401 Unauthorized")));
    Client client = ClientFor(server.url());
    const Status expected = UnauthenticatedError("HTTP status 401: " + std::string(text));
    EXPECT_EQ(client.Login("u", "p"), expected);
    EXPECT_EQ(Ask(client).status, expected);
  }
}

/// The status of a login over TLS to a server that does not support it.
Status LoginOverTls(const HostileServer::Script& script, Options options = Patient()) {
  HostileServer server(script);
  options.user = "u";
  options.credentials = Credentials::Password("p");
  return Client::Connect("https://127.0.0.1:" + std::to_string(server.port()), options).status();
}

TEST(HttpTransportTest, ReportsHttpOnTlsPort) {
  const Status status = LoginOverTls([](Peer& peer) {
    peer.Send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    peer.WaitUntilGone();
  });
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), ::testing::HasSubstr("the port does not speak TLS"));
}

TEST(HttpTransportTest, ReportsClosedHandshake) {
  for (const bool reset : {false, true}) {
    const Status status = LoginOverTls([&](Peer& peer) {
      peer.WaitForBytes();  // The client is connected then.
      if (reset) peer.Reset();
    });
    EXPECT_EQ(status.code(), StatusCode::kUnavailable);
    EXPECT_THAT(status.message(), ::testing::HasSubstr("perhaps the port does not speak TLS"));
  }
}

TEST(HttpTransportTest, HandshakeEndsAtDeadline) {
  Options options;  // With retries.
  options.call_timeout = 100ms;
  const Status status = LoginOverTls([](Peer& peer) { peer.WaitUntilGone(); }, options);
  EXPECT_EQ(status.code(), StatusCode::kDeadlineExceeded);
  EXPECT_THAT(status.message(), ::testing::HasSubstr(": connecting took too long"));
}

TEST(HttpTransportTest, SuccessWithoutBodyIsAnError) {
  for (const std::string_view answer :
       {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
    HostileServer server(Always(std::string(answer)));
    Client client = ClientFor(server.url());
    EXPECT_EQ(Ask(client).status.code(), StatusCode::kDataLoss);
    EXPECT_EQ(client.Login("u", "p").code(), StatusCode::kInternal);  // There was no session.
  }
}

TEST(HttpTransportTest, RetriesReadsOnly) {
  const auto first_busy = [](Peer& peer) {
    peer.ReadRequest();
    peer.Send(peer.number() == 0 ? HttpAnswer("busy", "503 Busy") : HttpAnswer(kTwoRows));
  };
  Options options = Patient();
  options.retry = {.max_attempts = 3, .initial_backoff = 1ms, .max_backoff = 1ms};
  {
    HostileServer server(first_busy);
    Client client = ClientFor(server.url(), options);
    ExpectTwoRows(Ask(client));
    EXPECT_EQ(server.connections(), 2);
  }
  HostileServer server(first_busy);
  Client client = ClientFor(server.url(), options);
  EXPECT_EQ(client.Execute("insert into t values (1);").status.code(), StatusCode::kUnavailable);
  EXPECT_EQ(server.connections(), 1);
}

/// Options with three attempts whose pauses are recorded instead of waited for.
Options NotingPauses(std::vector<std::chrono::milliseconds>& pauses) {
  Options options = Patient();
  options.retry = {.max_attempts = 3, .initial_backoff = 1ms, .max_backoff = 1ms};
  options.retry.sleep = [&](std::chrono::milliseconds pause, const std::stop_token&) {
    pauses.push_back(pause);
  };
  return options;
}

TEST(HttpTransportTest, HonoursRetryAfter) {
  for (const char* status : {"503 Busy", "429 Too Many Requests"}) {
    HostileServer server([&](Peer& peer) {
      while (!peer.ReadRequest().empty()) {
        if (peer.number() > 0) peer.Send(HttpAnswer(kTwoRows));
        if (peer.number() == 0) {
          peer.Send(HttpAnswer("busy", status, "Retry-After: 7\r\nConnection: close\r\n"));
        }
        return;
      }
    });
    std::vector<std::chrono::milliseconds> pauses;
    Client client = ClientFor(server.url(), NotingPauses(pauses));
    ExpectTwoRows(Ask(client));
    EXPECT_EQ(pauses, (std::vector<std::chrono::milliseconds>{7s}));
  }
  // Given as a date, for a call with a small response.
  HostileServer server(Always(HttpAnswer("busy", "503 Busy",
                                         "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                         "Retry-After: Sun, 06 Nov 1994 08:49:40 GMT\r\n")));
  std::vector<std::chrono::milliseconds> pauses;
  Client client = ClientFor(server.url(), NotingPauses(pauses));
  EXPECT_EQ(client.Login("u", "p"), UnavailableError("HTTP status 503: busy"));
  EXPECT_EQ(pauses, (std::vector<std::chrono::milliseconds>{3s, 3s}));
}

TEST(HttpTransportTest, GivesUpOnLongRetryAfter) {
  HostileServer server(Always(HttpAnswer("busy", "503 Busy", "Retry-After: 3600\r\n")));
  std::vector<std::chrono::milliseconds> pauses;
  Client client = ClientFor(server.url(), NotingPauses(pauses));
  EXPECT_EQ(Ask(client).status, UnavailableError("HTTP status 503: busy"));
  EXPECT_TRUE(pauses.empty());
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpTransportTest, RetriesUnsentInsert) {
  std::atomic<int> inserts = 0;
  const auto answer = [&](Peer& peer) {
    while (peer.ReadRequest().find("insert into") != std::string::npos) {
      ++inserts;
      if (!peer.Send(HttpAnswer(kTwoRows))) return;
    }
  };
  auto server = std::make_unique<HostileServer>(answer);
  const int port = server->port();
  const std::string url = server->url();
  server.reset();
  // No server listens at first; it starts during the pause after the second attempt.
  Options options = Patient();
  options.retry = {.max_attempts = 3, .initial_backoff = 1ms, .max_backoff = 1ms};
  int pauses = 0;
  options.retry.sleep = [&](std::chrono::milliseconds, const std::stop_token&) {
    if (++pauses == 2) server = std::make_unique<HostileServer>(answer, port);
  };
  Client client = ClientFor(url, options);
  EXPECT_EQ(client.Execute("insert into t values (1);").status, Status());
  EXPECT_EQ(pauses, 2);
  EXPECT_EQ(inserts, 1);
  ScriptResult script = client.RunScript("insert into t values (1);");
  EXPECT_EQ(script.status(), Status());
}

TEST(HttpTransportTest, DoesNotRetrySentInsert) {
  for (const bool reset : {false, true}) {
    HostileServer server([&](Peer& peer) {
      peer.ReadRequest();
      if (reset) peer.Reset();
    });
    std::vector<std::chrono::milliseconds> pauses;
    Client client = ClientFor(server.url(), NotingPauses(pauses));
    EXPECT_EQ(client.Execute("insert into t values (1);").status.code(), StatusCode::kUnavailable);
    EXPECT_EQ(client.RunScript("insert into t values (1);").status().code(),
              StatusCode::kUnavailable);
    EXPECT_EQ(server.connections(), 2);  // One per call.
    EXPECT_TRUE(pauses.empty());
  }
}

TEST(HttpTransportTest, LogsInOncePerCall) {
  std::mutex mutex;
  std::vector<std::string> paths;
  HostileServer server([&](Peer& peer) {
    for (std::string request; !(request = peer.ReadRequest()).empty();) {
      const std::lock_guard lock(mutex);
      paths.push_back(request.substr(0, request.find(" HTTP")));
      const bool login = paths.back().ends_with("/login");
      peer.Send(login ? HttpAnswer("{}", "200 OK", "Set-Cookie: JSESSIONID=s; Path=/\r\n")
                      : HttpAnswer("who?", "401 Unauthorized"));
    }
  });
  Client client = ClientFor(server.url());
  ASSERT_EQ(client.Login("u", "p"), Status());
  EXPECT_EQ(Ask(client).status, UnauthenticatedError("HTTP status 401: who?"));
  const std::lock_guard lock(mutex);
  EXPECT_THAT(paths,
              ::testing::ElementsAre(::testing::EndsWith("/login"), ::testing::EndsWith("/query"),
                                     ::testing::EndsWith("/login"), ::testing::EndsWith("/query")));
}

/// Expects that `answer`, after which the server waits, fails a login, tokens and a statement at
/// once.
void ExpectNotHttp(const std::string& answer, const std::string& why) {
  SCOPED_TRACE(why);
  HostileServer server([&](Peer& peer) {
    peer.ReadRequest();
    peer.Send(answer);
    peer.WaitUntilGone();
  });
  std::vector<std::chrono::milliseconds> pauses;
  Options options = NotingPauses(pauses);
  options.call_timeout = 10s;
  Client client = ClientFor(server.url(), options);
  const Status expected =
      FailedPreconditionError(server.url() + ": the response is not valid HTTP/1: " + why);
  EXPECT_EQ(client.Login("u", "p"), expected);
  EXPECT_EQ(client.GetTokens(TokenKind::kStatic).status(), expected);
  const Read read = Ask(client);
  EXPECT_EQ(read.status, expected);
  EXPECT_TRUE(read.rows.empty());
  EXPECT_TRUE(pauses.empty());
  EXPECT_EQ(server.connections(), 3);  // One per call: nothing is retried.
}

TEST(HttpTransportTest, ReportsOtherProtocols) {
  using namespace std::string_literals;
  // The SETTINGS of HTTP/2, a body without a head, other protocols, other versions.
  ExpectNotHttp("\0\0\x06\x04\0\0\0\0\0"s,
                "it begins with \"\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\"");
  ExpectNotHttp("PRI * HTTP/2.0\r\n", "it begins with \"PRI * HTTP/2.0\\x0D\\x0A\"");
  ExpectNotHttp("<html>\n", "it begins with \"<html>\\x0A\"");
  ExpectNotHttp("SSH-2.0-x\r\n", "it begins with \"SSH-2.0-x\\x0D\\x0A\"");
  ExpectNotHttp("HTTP/2 200 OK\r\n\r\n", "it begins with \"HTTP/2 200 OK\\x0D\\x0A\\x0D\\x0A\"");
  ExpectNotHttp("\x15\x03\x01\0\x02\x02\x28"s, "the port speaks TLS");
  ExpectNotHttp("HTTP/1.1 2x0 OK\r\n\r\n",
                "its framing is broken at \"HTTP/1.1 2x0 OK\\x0D\\x0A\"");
  ExpectNotHttp("HTTP/1.1 200 OK\n\n", "its framing is broken at \"HTTP/1.1 200 OK\\x0A\"");
  ExpectNotHttp("HTTP/1.1 200 OK\r\nX: " + std::string(100, 'x') + "\n\n",
                "its framing is broken at \"X: " + std::string(29, 'x') + "…\"");
  ExpectNotHttp("HTTP/1.1\r\n\r\n", "its framing is broken at \"HTTP/1.1\\x0D\\x0A\"");
}

TEST(HttpTransportTest, RejectsUnusableHead) {
  const auto head = [](const std::string& headers, const std::string& status = "200 OK") {
    return "HTTP/1.1 " + status + "\r\n" + headers + "\r\n";
  };
  for (const std::string length : {"18446744073709551616", "-1", "abc", "1, 2"}) {
    ExpectNotHttp(head("Content-Length: " + length + "\r\n"),
                  "its Content-Length is \"" + length + "\"");
  }
  ExpectNotHttp(head("Content-Length:\r\n") + "[]", "its Content-Length is \"\"");
  ExpectNotHttp(head("Content-Length: 5\r\ncontent-length: 7\r\n") + "[]",
                "it has two lengths, \"5\" and \"7\"");
  ExpectNotHttp(head("Upgrade: h2c\r\n", "101 Switching Protocols"),
                "its status 101 was not requested");
  ExpectNotHttp(head("Transfer-Encoding: gzip, chunked\r\n"),
                "its Transfer-Encoding is \"gzip, chunked\"");
  ExpectNotHttp(head("Content-Encoding: gzip\r\nContent-Length: 9\r\n"
                     "Set-Cookie: JSESSIONID=s; Path=/\r\n"),
                "its Content-Encoding is \"gzip\", which was not requested");
}

TEST(HttpTransportTest, OmitsEncodedErrorBody) {
  HostileServer server(
      Always(HttpAnswer("\x1f\x8b\b", "401 Unauthorized", "Content-Encoding: gzip\r\n")));
  Client client = ClientFor(server.url());
  const Status expected = UnauthenticatedError("HTTP status 401: the body is encoded as \"gzip\"");
  EXPECT_EQ(client.Login("u", "p"), expected);
  EXPECT_EQ(Ask(client).status, expected);
}

TEST(HttpTransportTest, RequestsNoContentEncoding) {
  std::promise<std::string> request;
  HostileServer server([&](Peer& peer) {
    request.set_value(peer.ReadRequest());
    peer.Send(HttpAnswer(kTwoRows));
  });
  Client client = ClientFor(server.url());
  ExpectTwoRows(Ask(client));
  EXPECT_THAT(request.get_future().get(),
              ::testing::HasSubstr("\r\nAccept-Encoding: identity\r\n"));
}

TEST(HttpTransportTest, ShortBodyIsALostConnection) {
  HostileServer server([&](Peer& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n" +
              std::string(kTwoRows.substr(0, 100)));
  });
  Client client = ClientFor(server.url());
  EXPECT_EQ(Ask(client, {.timeout = 20s}).status.code(), StatusCode::kUnavailable);
}

TEST(HttpTransportTest, AcceptsRepeatedEqualLength) {
  const std::string length = "Content-Length: " + std::to_string(kTwoRows.size()) + "\r\n";
  HostileServer server(Always(HttpAnswer(kTwoRows, "200 OK", length)));
  Client client = ClientFor(server.url());
  ExpectTwoRows(Ask(client));
}

TEST(HttpTransportTest, MissingBodyEndsAtDeadline) {
  HostileServer server([&](Peer& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + std::string(kTwoRows));
    peer.WaitUntilGone();
  });
  Client client = ClientFor(server.url());
  const Read read = Ask(client, {.timeout = 100ms});
  EXPECT_EQ(read.rows.size(), 2U);
  EXPECT_EQ(read.status, DeadlineExceededError("the call took too long"));
}

TEST(HttpTransportTest, SendsRequestIdHeader) {
  std::mutex mutex;
  std::vector<std::string> requests;
  HostileServer server([&](Peer& peer) {
    for (std::string request; !(request = peer.ReadRequest()).empty();) {
      const std::lock_guard lock(mutex);
      requests.push_back(request);
      peer.Send(HttpAnswer(kTwoRows));
    }
  });
  Client client = ClientFor(server.url());
  RequestOptions request;
  request.request_id = "r-17";
  ExpectTwoRows(Ask(client, request));
  ExpectTwoRows(Ask(client));
  const std::lock_guard lock(mutex);
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_THAT(requests[0], ::testing::HasSubstr("\r\nX-Request-Id: r-17\r\n"));
  EXPECT_THAT(requests[1], ::testing::Not(::testing::HasSubstr("X-Request-Id")));
}

TEST(HttpTransportTest, RetriedLogoutKeepsSession) {
  std::mutex mutex;
  std::vector<std::string> requests;
  HostileServer server([&](Peer& peer) {
    for (std::string request; !(request = peer.ReadRequest()).empty();) {
      const std::lock_guard lock(mutex);
      requests.push_back(request);
      const bool first_logout = requests.size() == 2;
      peer.Send(first_logout ? HttpAnswer("busy", "503 Busy")
                             : HttpAnswer(R"({"userGUID":"g"})", "200 OK",
                                          "Set-Cookie: JSESSIONID=secret; Path=/\r\n"));
    }
  });
  Options options = Patient();
  options.retry = {.max_attempts = 2, .initial_backoff = 1ms, .max_backoff = 1ms};
  Client client = ClientFor(server.url(), options);
  ASSERT_TRUE(client.Login("u", "p").ok());
  EXPECT_TRUE(client.Logout().ok());
  (void)client.GetTokens(TokenKind::kStatic);
  const std::lock_guard lock(mutex);
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_NE(requests[1].find("JSESSIONID=secret"), std::string::npos);
  EXPECT_NE(requests[2].find("JSESSIONID=secret"), std::string::npos);
  EXPECT_EQ(requests[3].find("JSESSIONID"), std::string::npos);
}

TEST(HttpTransportTest, RejectsInvalidChunks) {
  const std::pair<const char*, const char*> cases[] = {
      {"ffffffffffffffff\r\n", "ffffffffffffffff\\x0D\\x0A"},
      {"zz\r\n", "zz\\x0D\\x0A"},
      {"-1\r\n", "-1\\x0D\\x0A"},
      {"2\r\n{\"abc\r\n", "abc\\x0D\\x0A"},
      {"\r\n", "\\x0D\\x0A"}};
  for (const auto& [chunk, found] : cases) {
    SCOPED_TRACE(found);
    HostileServer server([&, &sent = chunk](Peer& peer) {
      peer.ReadRequest();
      peer.Send(ChunkedHead() + sent);
      peer.WaitUntilGone();
    });
    Client client = ClientFor(server.url());
    const Read read = Ask(client);
    EXPECT_TRUE(read.rows.empty());
    EXPECT_EQ(read.status,
              FailedPreconditionError(server.url() +
                                      ": the response is not valid HTTP/1: its framing is "
                                      "broken at \"" +
                                      found + "\""));
  }
}

TEST(HttpTransportTest, GarbageIsNamed) {
  const std::string deep = R"({"result":{"x":)" + std::string(100'000, '[');
  for (const std::string& body :
       {std::string("html"), std::string("{\"result\":{\"message\":[{\"value\":\"\xff\"}]}}\n"),
        deep, std::string("[]\n"), std::string("{\"result\":7}\n")}) {
    SCOPED_TRACE(body.substr(0, 60));
    HostileServer server(Always(HttpAnswer(body)));
    Client client = ClientFor(server.url());
    const Read read = Ask(client);
    EXPECT_FALSE(read.status.ok());
    EXPECT_NE(read.status.message().find("response"), std::string::npos) << read.status;
  }
}

TEST(HttpTransportTest, LimitsEndlessResponses) {
  const auto endless = [](std::string begin, std::string more) {
    return [begin = std::move(begin), more = std::move(more)](Peer& peer) {
      peer.ReadRequest();
      peer.Send(begin);
      while (peer.Send(more)) {
      }
    };
  };
  {
    HostileServer server(
        endless("HTTP/1.1 200 OK\r\n", "X-More: " + std::string(100, 'x') + "\r\n"));
    Client client = ClientFor(server.url());
    EXPECT_EQ(Ask(client).status, InternalError("the response header is longer than 64 KiB"));
  }
  {
    HostileServer server(endless("HTTP/1.1 500 No\r\n\r\n", std::string(10'000, 'x')));
    Client client = ClientFor(server.url());
    const Read read = Ask(client);
    EXPECT_EQ(read.status.code(), StatusCode::kInternal);
    EXPECT_LT(read.status.message().size(), 5000U);
  }
  {
    HostileServer server(endless("HTTP/1.1 200 OK\r\n\r\n", std::string(10'000, ' ')));
    Client client = ClientFor(server.url());
    EXPECT_EQ(client.GetTokens(TokenKind::kStatic).status().code(), StatusCode::kInternal);
  }
}

class SilentServerTest : public ::testing::Test {
 protected:
  // Sends `begin` in response to the first request and then nothing; responds to all others.
  void Start(std::string begin) {
    server_ = std::make_unique<HostileServer>([this, begin = std::move(begin)](Peer& peer) {
      if (peer.ReadRequest().empty()) return;
      if (peer.number() > 0) {
        peer.Send(HttpAnswer(kTwoRows));
        return;
      }
      peer.Send(begin);
      asked_.set_value();
      peer.WaitUntilGone();
    });
  }
  std::promise<void> asked_;  // The first request has arrived.
  std::unique_ptr<HostileServer> server_;
};

TEST_F(SilentServerTest, DeadlineCoversWholeCall) {
  for (const std::string& begin : {std::string(), ChunkedHead() + Chunk(kTwoRows.substr(0, 150))}) {
    asked_ = {};
    Start(begin);
    Client client = ClientFor(server_->url());
    EXPECT_EQ(Ask(client, {.timeout = 100ms}).status,
              DeadlineExceededError("the call took too long"));
    ExpectTwoRows(Ask(client));
  }
}

TEST_F(SilentServerTest, SlowBytesDoNotExtendDeadline) {
  HostileServer server([](Peer& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.Send(" ")) std::this_thread::sleep_for(1ms);
  });
  Client client = ClientFor(server.url());
  EXPECT_EQ(Ask(client, {.timeout = 100ms}).status.code(), StatusCode::kDeadlineExceeded);
}

TEST(HttpTransportTest, ContinuousDataDoesNotExtendDeadline) {
  std::string blanks;
  for (int i = 0; i < 10'000; ++i) blanks += Chunk(" ");
  std::promise<void> begun;
  HostileServer server([&](Peer& peer) {
    peer.ReadRequest();
    peer.Send(ChunkedHead() + blanks);
    if (peer.number() == 1) begun.set_value();
    while (peer.Send(blanks)) {
    }
  });
  Client client = ClientFor(server.url());
  EXPECT_EQ(Ask(client, {.timeout = 100ms}).status,
            DeadlineExceededError("the call took too long"));
  std::stop_source stop;
  std::thread other([&] {
    begun.get_future().wait();
    stop.request_stop();
  });
  EXPECT_EQ(Ask(client, {.stop = stop.get_token()}).status.code(), StatusCode::kCancelled);
  other.join();
}

TEST_F(SilentServerTest, StopEndsWait) {
  for (const std::string& begin : {std::string(), ChunkedHead()}) {
    asked_ = {};
    Start(begin);
    Client client = ClientFor(server_->url());
    std::stop_source stop;
    std::thread other([&] {
      asked_.get_future().wait();
      stop.request_stop();
    });
    EXPECT_EQ(Ask(client, {.stop = stop.get_token()}).status.code(), StatusCode::kCancelled);
    other.join();
    ExpectTwoRows(Ask(client));
  }
}

TEST_F(SilentServerTest, CancelBetweenRows) {
  Start(ChunkedHead() + Chunk(kTwoRows.substr(0, kTwoRows.find(R"({"v":["22"]})"))));
  Client client = ClientFor(server_->url());
  QueryResult result = client.Query("select a from t;");
  auto first = result.Next();
  ASSERT_TRUE(first.ok() && *first) << first.status();
  EXPECT_EQ((*first)->text(0), "1");
  std::thread other([&] { result.Cancel(); });
  EXPECT_EQ(result.Next().status().code(), StatusCode::kCancelled);
  other.join();
  ExpectTwoRows(Ask(client));
}

TEST_F(SilentServerTest, AbandonedResultClosesConnection) {
  Start(ChunkedHead() + Chunk(kTwoRows.substr(0, 190)));
  Client client = ClientFor(server_->url());
  { QueryResult result = client.Query("select a from t;"); }
  ExpectTwoRows(Ask(client));
}

TEST_F(SilentServerTest, TlsHandshakeEndsAtDeadline) {
  std::promise<void> connected;
  HostileServer server([&](Peer& peer) {
    if (peer.number() == 1) connected.set_value();
    peer.WaitUntilGone();  // Never sends TLS.
  });
  Client client = ClientFor("https://127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(Ask(client, {.timeout = 100ms}).status.code(), StatusCode::kDeadlineExceeded);
  std::stop_source stop;
  std::thread other([&] {
    connected.get_future().wait();
    stop.request_stop();
  });
  EXPECT_EQ(Ask(client, {.stop = stop.get_token()}).status.code(), StatusCode::kCancelled);
  other.join();
}

TEST(HttpTransportTest, ManyThreadsShareAClient) {
  HostileServer server(Always(HttpAnswer(kTwoRows), 7));
  Client client = ClientFor(server.url());
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([copy = client]() mutable {
      for (int n = 0; n < 20; ++n) ExpectTwoRows(Ask(copy));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(server.connections(), 160);
}

}  // namespace
}  // namespace tql
