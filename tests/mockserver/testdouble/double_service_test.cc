#include "mockserver/testdouble/double_service.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "mockserver/dialect/parser.h"
#include "tests/mockserver/testdouble/received_answer.h"

namespace tql::testdouble {
namespace {

/// Answers every query with one message, and counts what it runs.
class FakeService : public service::Service {
 public:
  class Call : public service::AdmittedCall {
   public:
    Call(FakeService& service, std::string text)
        : service_(service),
          text_(std::move(text)),
          statement_(dialect::ParseStatement(text_).value()),
          info_{.text = text_} {}
    std::optional<service::ResponseSink::PendingStatement> First() const override {
      return Pending();
    }
    Status Run(service::ResponseSink& sink) override {
      if (sink.Answers(Pending())) {
        sink.Answer(Pending());
      } else {
        ++service_.runs;
        engine::StatementSink& answer = sink.BeginStatement(info_);
        answer.Begin(context_);
        answer.Message(engine::MessageType::kInfo, "done");
        answer.End();
      }
      sink.Finish();
      return Status();
    }

   private:
    service::ResponseSink::PendingStatement Pending() const {
      return {.info = info_, .statement = &statement_, .context = context_};
    }
    FakeService& service_;
    const std::string text_;
    const dialect::Statement statement_;
    const service::ResponseSink::StatementInfo info_;
    const engine::Context context_{.database = "d"};
  };

  Status Authenticate(service::CallContext&) override { return authenticated; }
  StatusOr<service::LoginResult> Login(service::CallContext&, const pb::LoginRequest&) override {
    ++logins;
    return service::LoginResult();
  }
  void Logout(service::CallContext&) override {}
  StatusOr<std::unique_ptr<service::AdmittedCall>> Query(service::CallContext&,
                                                         pb::ExecuteQueryRequest request) override {
    if (!admitted.ok()) return admitted;
    return std::unique_ptr<service::AdmittedCall>(
        std::make_unique<Call>(*this, request.query().statement()));
  }
  StatusOr<std::unique_ptr<service::AdmittedCall>> RunScript(service::CallContext&,
                                                             pb::ExecuteSqlScriptRequest) override {
    return UnimplementedError("script");
  }
  StatusOr<service::TokenList> Tokens(service::CallContext&, const pb::GetTokensRequest&) override {
    return service::TokenList();
  }
  StatusOr<std::int64_t> SchemaVersion(service::CallContext&) override { return 5; }
  Status Other(service::CallContext&) override {
    ++others;
    return Status();
  }
  void Answered(const service::CallContext&, const Status&) override { ++answered; }

  Status authenticated;
  Status admitted;
  int runs = 0;
  int logins = 0;
  int others = 0;
  int answered = 0;
};

class DoubleServiceTest : public ::testing::Test {
 protected:
  /// What a front end receives for a query, or the status that refuses it.
  std::string Query(const std::string& text) {
    context_ = service::CallContext();
    pb::ExecuteQueryRequest request;
    request.mutable_query()->set_statement(text);
    auto call = double_.Query(context_, std::move(request));
    if (!call.ok()) {
      return std::string(StatusCodeName(call.status().code())) + ": " + call.status().message();
    }
    ReceivedAnswer received;
    EXPECT_EQ((*call)->Run(received), Status());
    return received.text;
  }

  FakeService fake_;
  DoubledNamespaces spaces_;
  service::SessionStore sessions_{{.hash_rounds = 1}, engine::SystemClock()};
  DoubleService double_{fake_, spaces_.all(), sessions_};
  service::CallContext context_;
};

TEST_F(DoubleServiceTest, WithoutRulesItRecordsWhatPasses) {
  EXPECT_EQ(Query("select 1"), "statement 0; begin d; info done; end; finish");
  EXPECT_EQ(spaces_.TakeJournal(), "OK: select 1");
}

TEST_F(DoubleServiceTest, AStatusRefusesTheCall) {
  spaces_.SetPlan("rule: [{do: [{status: {http: 503, message: busy, body: '<html>'}}]}]");
  EXPECT_EQ(Query("select 1"), "UNAVAILABLE: busy");
  ASSERT_TRUE(context_.head);
  EXPECT_EQ(context_.head->status, 503);
  EXPECT_EQ(context_.head->body, "<html>");
  EXPECT_EQ(fake_.runs, 0);
  EXPECT_EQ(spaces_.TakeJournal(), "REFUSED: select 1");
  EXPECT_EQ(Query("select 1"), "statement 0; begin d; info done; end; finish") << "used up";
}

TEST_F(DoubleServiceTest, TheStatementMayRunBeforeItsAnswerIsLost) {
  spaces_.SetPlan("rule: [{do: [{run: FIRST, status: {grpc: INTERNAL, message: lost}}]}]");
  EXPECT_EQ(Query("select 1"), "INTERNAL: lost");
  EXPECT_EQ(fake_.runs, 1);
  EXPECT_EQ(spaces_.TakeJournal(), "REFUSED: select 1");
}

TEST_F(DoubleServiceTest, ACutBeforeTheAnswerEndsTheCall) {
  spaces_.SetPlan("rule: [{do: [{run: NOT, cut: {how: RESET}}]}]");
  EXPECT_EQ(Query("select 1"), "UNAVAILABLE: the rule r1 cut the call");
  ASSERT_TRUE(context_.cut);
  EXPECT_EQ(context_.cut->how, net::Cut::How::kReset);
  EXPECT_EQ(fake_.runs, 0);
  EXPECT_EQ(spaces_.TakeJournal(), "CUT: select 1");
}

TEST_F(DoubleServiceTest, ARefusedCallIsRecordedWithItsText) {
  fake_.admitted = PermissionDeniedError("no privilege");
  EXPECT_EQ(Query("select 1"), "PERMISSION_DENIED: no privilege");
  fake_.authenticated = UnauthenticatedError("who?");
  EXPECT_EQ(Query("select 2"), "UNAUTHENTICATED: who?");
  EXPECT_EQ(spaces_.TakeJournal(), "REFUSED: select 1; REFUSED: select 2");
  Query("select '" + std::string(Record::kMostText, '\xc3') + "'");
  EXPECT_LE(spaces_.state().journal().After(0).records.at(0)->text.size(), 3 * Record::kMostText);
}

TEST_F(DoubleServiceTest, ACallThatNeverRunsIsRecorded) {
  pb::ExecuteQueryRequest request;
  request.mutable_query()->set_statement("select 1");
  double_.Query(context_, std::move(request)).value().reset();
  EXPECT_EQ(spaces_.TakeJournal(), "CANCELLED: select 1");
}

TEST_F(DoubleServiceTest, CallsWithoutStatements) {
  spaces_.SetPlan(
      "rule: [{match: {call: [LOGIN]}, do: [{status: {http: 429}}]},"
      " {match: {call: [SCHEMA_VERSION]}, do: [{edit: {at: {row: 0}, drop: 1}}]}]");
  EXPECT_EQ(double_.Login(context_, {}).status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(fake_.logins, 0);
  EXPECT_TRUE(double_.Login(context_, {}).ok());
  EXPECT_EQ(*double_.SchemaVersion(context_), 5);
  EXPECT_TRUE(double_.Tokens(context_, {}).ok());
  double_.Logout(context_);
  EXPECT_EQ(spaces_.TakeJournal(),
            "REFUSED: LOGIN; OK: LOGIN; OK: SCHEMA_VERSION (rule r2: an action needs a statement "
            "and was left out); OK: TOKENS; OK: LOGOUT");
}

TEST_F(DoubleServiceTest, ActionsOnBodiesNeedHttp) {
  spaces_.SetPlan(
      "rule: [{match: {call: [LOGIN]}, times: 0, do: [{edit: {replace: {regex: a, with: b}}}]},"
      " {match: {call: [SCHEMA_VERSION]}, do: [{answer: {piece: [{text: a}]}}]}]");
  EXPECT_TRUE(double_.Login(context_, {}).ok());
  EXPECT_EQ(*double_.SchemaVersion(context_), 5);
  EXPECT_EQ(context_.body, nullptr);
  EXPECT_EQ(spaces_.TakeJournal(),
            "OK: LOGIN (rule r1: an action needs an HTTP response and was left out); "
            "OK: SCHEMA_VERSION (rule r2: an action needs an HTTP response and was left out)");
  context_.protocol = service::Protocol::kHttp;
  EXPECT_TRUE(double_.Login(context_, {}).ok());
  ASSERT_NE(context_.body, nullptr);
  EXPECT_FALSE(context_.body->replaces());
  EXPECT_EQ(spaces_.TakeJournal(), "") << "recorded when the body has ended";
  context_.body.reset();
  EXPECT_EQ(spaces_.TakeJournal(),
            "OK: LOGIN (rule r1: no body was sent, so an action on it was left out)");
}

TEST_F(DoubleServiceTest, CallsThatAFrontEndAnswersHaveRules) {
  spaces_.SetPlan(
      "rule: [{match: {call: [OTHER]}, skip: 1, do: [{status: {http: 503, message: busy}}]}]");
  context_.protocol = service::Protocol::kHttp;
  context_.target = "/session";
  EXPECT_EQ(double_.Other(context_), Status());
  EXPECT_EQ(double_.Other(context_), UnavailableError("busy"));
  EXPECT_EQ(context_.head->status, 503);
  context_.target = "/mock/coverage";
  EXPECT_EQ(double_.Other(context_), Status());
  EXPECT_EQ(fake_.others, 2);
  EXPECT_EQ(spaces_.TakeJournal(), "OK: OTHER; REFUSED: OTHER");
}

TEST_F(DoubleServiceTest, CallsOfNeighborsHaveRules) {
  using service::Neighbor;
  spaces_.SetPlan(
      "rule: [{match: {call: [LOAD], path: ['*/commit']}, do: [{status: {http: 500}}]},"
      " {match: {method: GET, path: [/users]}, do: [{run: FIRST, status: {http: 503, message: "
      "busy}}]},"
      " {match: {call: [LOAD], like: 'select 1'}, do: [{status: {http: 500}}]}]");
  context_.protocol = service::Protocol::kHttp;
  context_.method = "POST";
  int answers = 0;
  const auto answer = [&] {
    ++answers;
    return NotFoundError("own");
  };
  context_.target = "/loads/7";
  EXPECT_EQ(double_.Serve(context_, Neighbor::kLoad, answer), NotFoundError("own"));
  context_.target = "/loads/7/commit";
  EXPECT_EQ(double_.Serve(context_, Neighbor::kLoad, answer), InternalError("INTERNAL"));
  EXPECT_EQ(answers, 1);
  context_.method = "GET";
  context_.target = "/users";
  EXPECT_EQ(double_.Serve(context_, Neighbor::kThena, answer), UnavailableError("busy"));
  EXPECT_EQ(answers, 2) << "its answer is lost";
  EXPECT_EQ(spaces_.TakeJournal(), "REFUSED: LOAD; REFUSED: LOAD; REFUSED: THENA");
  spaces_.SetPlan("rule: [{match: {call: [REST]}, skip: 1, do: [{status: {http: 429}}]}]");
  context_.target = "/api/rest/2.0/system";
  EXPECT_EQ(double_.Serve(context_, Neighbor::kThena, answer), NotFoundError("own"));
  EXPECT_EQ(double_.Serve(context_, Neighbor::kRest, answer), NotFoundError("own"));
  EXPECT_EQ(double_.Serve(context_, Neighbor::kRest, answer).code(),
            StatusCode::kResourceExhausted);
  EXPECT_EQ(answers, 4);
  EXPECT_EQ(spaces_.TakeJournal(), "REFUSED: THENA; REFUSED: REST; REFUSED: REST");
}

TEST_F(DoubleServiceTest, StrictModeObjectsToCallsOfNeighborsByTheirEvidence) {
  using service::Neighbor;
  spaces_.SetPlan("settings: {evidence: CLIENT, strict: ERROR}");
  context_.protocol = service::Protocol::kHttp;
  context_.method = "GET";
  context_.target = "/path";
  int answers = 0;
  const auto answer = [&] {
    ++answers;
    return Status();
  };
  for (const Neighbor neighbor : {Neighbor::kLoad, Neighbor::kRest, Neighbor::kThena}) {
    context_.evidence = service::Evidence::kClient;
    EXPECT_EQ(double_.Serve(context_, neighbor, answer), Status());
    context_.evidence = service::Evidence::kSample;
    EXPECT_EQ(
        double_.Serve(context_, neighbor, answer),
        InvalidArgumentError("strict: the evidence for GET /path is SAMPLE, required CLIENT"));
  }
  EXPECT_EQ(answers, 3);
}

TEST_F(DoubleServiceTest, RefusedCallsOfAFrontEndAreRecorded) {
  context_.protocol = service::Protocol::kHttp;
  context_.target = "/nothing";
  double_.Answered(context_, NotFoundError("unknown path"));
  context_.target = "/mock/plan";
  double_.Answered(context_, Status());
  EXPECT_EQ(fake_.answered, 2);
  EXPECT_EQ(spaces_.TakeJournal(), "REFUSED: OTHER") << "not those to the control interface";
}

}  // namespace
}  // namespace tql::testdouble
