// The lines of the call log.
#include "mockserver/service/call_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/engine/engine.h"
#include "mockserver/service/discarding_sink.h"
#include "mockserver/service/tql_service.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/main_namespace.h"

namespace tql::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class FakeClock : public engine::Clock {
 public:
  TimePoint Now() const override { return now; }
  std::chrono::system_clock::time_point WallTime() const override { return {}; }
  TimePoint now{std::chrono::hours(1)};
};

class CallLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    storage::SqliteOptions in_memory;
    in_memory.path = ":memory:";
    auto engine =
        engine::Engine::Create(storage::OpenSqlite(in_memory).value(), engine::RandomGuidSource());
    ASSERT_TRUE(engine.ok()) << engine.status();
    ASSERT_TRUE(sessions_.AddUser("ann", "pa55word", true).ok());
    namespaces_ = testing::MainNamespace(*std::move(engine));
    service_ = std::make_unique<TqlService>(*namespaces_, sessions_, clock_, TqlService::Options());
    token_ = sessions_.Login("ann", "pa55word", "").value().token;
    log_ = std::make_unique<CallLog>(*service_, clock_, [this](bool error, std::string_view line) {
      lines_.push_back((error ? "error: " : "") + std::string(line));
    });
  }

  /// The context of an HTTP request that started 7 microseconds ago.
  CallContext Context() const {
    CallContext context;
    context.protocol = Protocol::kHttp;
    context.method = "POST";
    context.target = "/query";
    context.peer = "10.0.0.1";
    context.request_id = "r-1";
    context.token = token_;
    context.started = clock_.now - std::chrono::microseconds(7);
    return context;
  }

  Status Query(CallContext& context, const std::string& statement) {
    pb::ExecuteQueryRequest request;
    request.mutable_query()->set_statement(statement);
    request.mutable_options()->mutable_adv_options()->set_continue_execution_on_error(true);
    auto call = log_->Query(context, request);
    if (!call.ok()) return call.status();
    DiscardingSink sink;
    return (*call)->Run(sink);
  }

  FakeClock clock_;
  SessionStore sessions_{{.hash_rounds = 1}, clock_};
  std::unique_ptr<space::Namespaces> namespaces_;
  std::unique_ptr<TqlService> service_;
  std::unique_ptr<CallLog> log_;
  std::vector<std::string> lines_;
  std::string token_;
};

TEST_F(CallLogTest, FieldsOfALine) {
  CallContext context = Context();
  context.answer_bytes = 99;
  EXPECT_EQ(Query(context, "show databases; select 'a secret' from nowhere; use nowhere;"),
            Status());
  const std::string line =
      "POST /query from 10.0.0.1, request r-1, user ann, OK, statements 3 "
      "(2 failed), rows 0, bytes 99, 7 us";
  EXPECT_THAT(lines_, ElementsAre(line));
}

TEST_F(CallLogTest, NamespaceOfSession) {
  ASSERT_TRUE(namespaces_->Fork("t1", space::kMain, {}).ok());
  pb::LoginRequest login;
  login.set_username("ann+t1");
  login.set_password("pa55word");
  CallContext first = Context();
  token_ = log_->Login(first, login).value().token;
  CallContext second = Context();
  EXPECT_EQ(Query(second, "show databases;"), Status());
  login.set_username("ann");
  CallContext unknown = Context();
  unknown.space = "t2";
  EXPECT_FALSE(log_->Login(unknown, login).ok());
  CallContext dirty = Context();
  dirty.space = "t\n3";
  EXPECT_FALSE(log_->Login(dirty, login).ok());
  const std::string from = "POST /query from 10.0.0.1, request r-1, ";
  EXPECT_THAT(lines_, ElementsAre(from + "user ann, namespace t1, OK, 7 us",
                                  from + "user ann, namespace t1, OK, statements 1, rows 0, 7 us",
                                  from + "namespace t2, UNAUTHENTICATED, 7 us",
                                  from + "UNAUTHENTICATED, 7 us"));
}

TEST_F(CallLogTest, CountsRows) {
  CallContext context = Context();
  EXPECT_EQ(Query(context,
                  "create database d; use d; create table t (a int); insert into t values "
                  "(1), (2), (3); select a from t;"),
            Status());
  EXPECT_THAT(lines_, ElementsAre(HasSubstr(", OK, statements 5, rows 3, ")));
}

TEST_F(CallLogTest, RejectedCallHasStatus) {
  CallContext stranger = Context();
  stranger.token = "guessed";
  EXPECT_EQ(Query(stranger, "show databases;").code(), StatusCode::kUnauthenticated);
  CallContext blank = Context();
  EXPECT_EQ(log_->Query(blank, {}).status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(
      lines_,
      ElementsAre("POST /query from 10.0.0.1, request r-1, UNAUTHENTICATED, 7 us",
                  "POST /query from 10.0.0.1, request r-1, user ann, INVALID_ARGUMENT, 7 us"));
}

TEST_F(CallLogTest, EveryCallIsLogged) {
  CallContext context = Context();
  context.protocol = Protocol::kGrpc;
  context.request_id = {};
  context.token = {};
  context.target = "Login";
  pb::LoginRequest login;
  login.set_username("ann");
  login.set_password("pa55word");
  const std::string token = log_->Login(context, login).value().token;
  context.token = token;
  context.target = "GetTokens";
  EXPECT_TRUE(log_->Tokens(context, {}).ok());
  context.target = "GetSchemaVersion";
  EXPECT_TRUE(log_->SchemaVersion(context).ok());
  context.protocol = Protocol::kInProcess;
  context.target = "Logout";
  log_->Logout(context);
  context.protocol = Protocol::kHttp;
  context.method = "GET";
  context.target = "/healthz";
  log_->Answered(context, Status());
  EXPECT_THAT(lines_, ElementsAre("gRPC Login from 10.0.0.1, user ann, OK, 7 us",
                                  "gRPC GetTokens from 10.0.0.1, user ann, OK, 7 us",
                                  "gRPC GetSchemaVersion from 10.0.0.1, user ann, OK, 7 us",
                                  "call Logout from 10.0.0.1, user ann, OK, 7 us",
                                  "GET /healthz from 10.0.0.1, user ann, OK, 7 us"));
  for (const std::string& line : lines_) EXPECT_THAT(line, Not(HasSubstr("pa55word")));
}

TEST_F(CallLogTest, EscapesClientInput) {
  CallContext context = Context();
  context.target = "/a\nb\x1b[2J";
  context.request_id = "r\n2";
  log_->Answered(context, NotFoundError("no"));
  const std::string path = "/" + std::string(30'000, 'x');
  context.target = path;
  log_->Answered(context, NotFoundError("no"));
  EXPECT_THAT(lines_,
              ElementsAre("POST /a?b?[2J from 10.0.0.1, NOT_FOUND, 7 us",
                          "POST " + path.substr(0, 256) + "... from 10.0.0.1, NOT_FOUND, 7 us"));
}

TEST_F(CallLogTest, AbandonedCallIsLogged) {
  CallContext context = Context();
  pb::ExecuteQueryRequest request;
  request.mutable_query()->set_statement("show databases;");
  EXPECT_TRUE(log_->Query(context, request).ok());
  EXPECT_THAT(lines_, ElementsAre(HasSubstr(", user ann, CANCELLED, 7 us")));
}

/// Calls `thrown`, which throws, either from a call or while the call runs.
class Throwing : public ServiceWrapper {
 public:
  using ServiceWrapper::ServiceWrapper;
  void (*thrown)() = nullptr;
  bool in_run = false;

  StatusOr<std::unique_ptr<AdmittedCall>> Query(CallContext&, pb::ExecuteQueryRequest) override {
    if (!in_run) thrown();
    class Call : public AdmittedCall {
     public:
      explicit Call(void (*what)()) : thrown_(what) {}
      Status Run(ResponseSink&) override {
        thrown_();
        return Status();
      }

     private:
      void (*thrown_)();
    };
    return std::unique_ptr<AdmittedCall>(std::make_unique<Call>(thrown));
  }
};

TEST_F(CallLogTest, ErrorsOnlyLeavesOutOtherCalls) {
  Throwing throwing(*service_);
  throwing.thrown = [] { throw std::bad_alloc(); };
  const auto write = [this](bool error, std::string_view) {
    lines_.emplace_back(error ? "error" : "call");
  };
  for (Service* service :
       {static_cast<Service*>(service_.get()), static_cast<Service*>(&throwing)}) {
    log_ = std::make_unique<CallLog>(*service, clock_, write, /*errors_only=*/true);
    CallContext context = Context();
    (void)Query(context, "show databases;");
  }
  EXPECT_THAT(lines_, ElementsAre("error"));
}

TEST_F(CallLogTest, ExceptionsAreLoggedAsErrors) {
  Throwing throwing(*service_);
  log_ = std::make_unique<CallLog>(throwing, clock_, [this](bool error, std::string_view line) {
    lines_.push_back((error ? "error: " : "") + std::string(line));
  });
  const std::pair<void (*)(), Status> cases[] = {
      {[] { throw std::bad_alloc(); }, InternalError("internal error: out of memory")},
      {[] { throw std::runtime_error("odd"); }, InternalError("internal error: odd")},
      {[] { throw 7; }, InternalError("internal error")},
  };
  for (const auto& [thrown, status] : cases) {
    throwing.thrown = thrown;
    for (const bool in_run : {false, true}) {
      throwing.in_run = in_run;
      CallContext context = Context();
      EXPECT_EQ(Query(context, "show databases;"), status);
      ASSERT_EQ(lines_.size(), 1U);
      EXPECT_THAT(lines_[0],
                  ::testing::StartsWith("error: POST /query from 10.0.0.1, request r-1"));
      EXPECT_THAT(lines_[0], HasSubstr("INTERNAL"));
      EXPECT_THAT(lines_[0], ::testing::EndsWith(" 7 us: " + status.message()));
      lines_.clear();
    }
  }
}

}  // namespace
}  // namespace tql::service
