#include "client/src/wire_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tql/mocks/mock_transport.h"

namespace tql {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Responds with a head and a body in pieces of one byte.
class FakeConnection : public HttpConnection {
 public:
  FakeConnection(HttpHead head, std::string body, Status status)
      : head_(std::move(head)), body_(std::move(body)), status_(std::move(status)) {}
  Status Send(const HttpRequest&, const HttpReceiver& receiver, Deadline, CancelSignal&) override {
    receiver.head(head_);
    for (const char c : body_) receiver.body(&c, 1);
    return status_;
  }
  bool connected() const override { return true; }

 private:
  HttpHead head_;
  std::string body_;
  Status status_;
};

std::string LogOf(const HttpRequest& request, HttpHead head, const std::string& body,
                  const Status& status = {}) {
  std::string log;
  const auto connection =
      LogWire(std::make_unique<FakeConnection>(std::move(head), body, status),
              *Url::Parse("http://h:81/db"), [&](std::string_view lines) { log += lines; });
  std::string received;
  CancelSignal cancel;
  const HttpReceiver receiver = {[](const HttpHead&) { return true; },
                                 [&](const char* data, std::size_t size) {
                                   received.append(data, size);
                                   return true;
                                 }};
  EXPECT_EQ(connection->Send(request, receiver, Deadline::max(), cancel), status);
  EXPECT_EQ(received, body);
  return log;
}

TEST(WireLogTest, RequestAndResponse) {
  const HttpRequest request{"POST",
                            "/tql/query",
                            {{"Accept", "*/*"}, {"Cookie", "JSESSIONID=t0ken"}},
                            "text/plain",
                            "{}"};
  EXPECT_EQ(LogOf(request, {200, {"JSESSIONID=n3w; Path=/", "odd"}}, "a t0ken\n"),
            "> POST http://h:81/tql/query\n> Accept: */*\n> Cookie: JSESSIONID=***\n"
            "> Content-Type: text/plain\n> {}\n"
            "< HTTP 200\n< Set-Cookie: JSESSIONID=***; Path=/\n< Set-Cookie: ***\n< a ***\n");
}

TEST(WireLogTest, LoginBodyIsHidden) {
  const HttpRequest request{"POST", "/callosum/v1/session/login", {}, "form", "password=s3cret"};
  const std::string log = LogOf(request, {401, {}}, "wrong: s3cret", UnavailableError("cut"));
  EXPECT_EQ(log,
            "> POST http://h:81/callosum/v1/session/login\n> Content-Type: form\n> ***\n"
            "< HTTP 401\n< ***\n! cut\n");
}

TEST(WireLogTest, LoginBodyOfTsloadIsHidden) {
  const HttpRequest request{
      "POST", "/ts_dataservice/v1/public/session", {}, "form", "username=u&password=s3cret"};
  EXPECT_THAT(LogOf(request, {401, {}}, "wrong: s3cret"), Not(HasSubstr("s3cret")));
}

TEST(WireLogTest, BodyInPieces) {
  HttpRequest request{"POST", "/loads/1", {{"Cookie", "JSESSIONID=t0ken"}}, "form", "a t0k"};
  request.more_body = {"en b", "", " c\n"};
  EXPECT_THAT(LogOf(request, {200, {}}, ""), HasSubstr("\n> a *** b c\n<"));
  const std::string piece(kMostLogged, 'x');
  request.more_body = {piece, "y", piece};
  EXPECT_THAT(LogOf(request, {200, {}}, ""),
              HasSubstr("\n> a t0k" + piece.substr(5) + "... (4102 bytes)\n<"));
}

TEST(WireLogTest, HidesCredentialsInHeaders) {
  const HttpRequest request{"POST",
                            "/tql/query",
                            {{"cookie", "a=first; JSESSIONID=s3cond;third"},
                             {"COOKIE", "b=f0urth"},
                             {"authorization", "Bearer f1fth"},
                             {"Proxy-Authorization", "Basic s1xth"},
                             {"Authorization", "s3venth"}},
                            "",
                            "first s3cond third f0urth f1fth s1xth s3venth"};
  EXPECT_EQ(LogOf(request, {200, {}}, "f1fth\n"),
            "> POST http://h:81/tql/query\n"
            "> cookie: a=***; JSESSIONID=***;***\n"
            "> COOKIE: b=***\n"
            "> authorization: Bearer ***\n"
            "> Proxy-Authorization: Basic ***\n"
            "> Authorization: ***\n"
            "> *** *** *** *** *** *** ***\n"
            "< HTTP 200\n< ***\n");
}

TEST(WireLogTest, TruncatedBodiesContainNoSecret) {
  const std::string token = "0123456789";
  const HttpRequest request{"GET", "/", {{"Cookie", "JSESSIONID=" + token}}, "", ""};
  for (std::size_t before = kMostLogged - 12; before <= kMostLogged + 1; ++before) {
    const std::string log =
        LogOf(request, {200, {}}, std::string(before, 'x') + token + std::string(5000, 'y'));
    EXPECT_THAT(log, Not(HasSubstr("x0")));
    EXPECT_THAT(log, HasSubstr("... (" + std::to_string(before + 5010) + " bytes)\n"));
    EXPECT_LT(log.size(), kMostLogged + 100);
  }
}

TEST(WireLogTest, CallsOfGrpc) {
  const auto inner = std::make_shared<testing::NiceMock<mocks::MockTransport>>();
  ON_CALL(*inner, Login(testing::_))
      .WillByDefault(testing::Return(UnauthenticatedError("no: s3cret")));
  ON_CALL(*inner, Query(testing::_)).WillByDefault([](const QueryParams&) {
    return StatusOr<std::unique_ptr<ResultStream>>(std::make_unique<mocks::FakeResultStream>(
        std::vector<mocks::FakeEvent>{Header{{{"n", ColumnType::kInt}}}, mocks::FakeRow{"1"},
                                      Message{Severity::kInfo, "done\n"}, StatementEnd{}}));
  });
  std::string log;
  const auto transport =
      LogCalls(inner, *Url::Parse("tql://h:82"), [&](std::string_view lines) { log += lines; });
  EXPECT_FALSE(transport->Login({"u", "s3cret", {}}).ok());
  QueryParams query;
  query.statement = "select n;";
  auto stream = transport->Query(query);
  ASSERT_TRUE(stream.ok());
  while (!std::holds_alternative<StreamEnd>(*(*stream)->Next())) {
  }
  EXPECT_THAT(log,
              testing::StartsWith("> gRPC https://h:82/tql.v1.TqlService/Login\n> ***\n! no: ***\n"
                                  "> gRPC https://h:82/tql.v1.TqlService/Query\n"
                                  "> tql-session: ***\n> {"));
  EXPECT_THAT(log, HasSubstr("\"statement\":\"select n;\""));
  EXPECT_THAT(log, testing::EndsWith("< OK\n< columns: n INT\n< done\n< end, 1 rows\n"));
}

}  // namespace
}  // namespace tql
