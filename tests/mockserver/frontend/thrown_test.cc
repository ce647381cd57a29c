// What is thrown below a front end, memory that ran out included, fails one call and nothing else.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "mockserver/engine/engine.h"
#include "mockserver/frontend/grpc/grpc_server.h"
#include "mockserver/frontend/http/http_server.h"
#include "mockserver/frontend/http/rest_handler.h"
#include "mockserver/frontend/http/router.h"
#include "mockserver/frontend/http/tql_handler.h"
#include "mockserver/frontend/inprocess/in_process_transport.h"
#include "mockserver/rest/audit_log.h"
#include "mockserver/service/service_wrapper.h"
#include "mockserver/service/tql_service.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "mockserver/testdouble/control.h"
#include "mockserver/world/attachment.h"
#include "mockserver/world/world.h"
#include "tests/support/forwarding_storage.h"
#include "tests/support/main_namespace.h"
#include "tql/client.h"

namespace tql::frontend {
namespace {

/// Throws at one named place.
class Bomb {
 public:
  bool is_exception = true;

  void Set(const std::string& place) {
    const std::lock_guard lock(mutex_);
    place_ = place;
  }
  void Pass(std::string_view here) const {
    {
      const std::lock_guard lock(mutex_);
      if (here != place_) return;
    }
    if (is_exception) throw std::bad_alloc();
    throw 7;
  }

 private:
  mutable std::mutex mutex_;  // set by the test's thread, passed by the workers'
  std::string place_;
};

class BombCursor : public storage::Cursor {
 public:
  BombCursor(std::unique_ptr<storage::Cursor> real, const Bomb& bomb)
      : real_(std::move(real)), bomb_(bomb) {}
  StatusOr<bool> Next() override {
    bomb_.Pass("Cursor::Next");
    const StatusOr<bool> more = real_->Next();
    row_ = real_->row();
    return more;
  }

 private:
  const std::unique_ptr<storage::Cursor> real_;
  const Bomb& bomb_;
};

class BombTransaction : public testing::ForwardingTransaction {
 public:
  BombTransaction(std::unique_ptr<storage::Transaction> real, const Bomb& bomb)
      : ForwardingTransaction(std::move(real)), bomb_(bomb) {}
  StatusOr<std::int64_t> Insert(const plan::Insert& insert,
                                const storage::Cancellation& cancellation) override {
    bomb_.Pass("Transaction::Insert");
    return ForwardingTransaction::Insert(insert, cancellation);
  }
  Status CreateTable(const plan::TableDef& table) override {
    bomb_.Pass("Transaction::CreateTable");
    return ForwardingTransaction::CreateTable(table);
  }

 private:
  const Bomb& bomb_;
};

class BombStorage : public testing::ForwardingStorage {
 public:
  BombStorage(std::unique_ptr<storage::Storage> real, const Bomb& bomb)
      : ForwardingStorage(std::move(real)), bomb_(bomb) {}
  StatusOr<std::unique_ptr<storage::Cursor>> Open(
      const plan::Query& query, const storage::Cancellation& cancellation) override {
    bomb_.Pass("Storage::Open");
    auto real = ForwardingStorage::Open(query, cancellation);
    if (!real.ok()) return real.status();
    return std::unique_ptr<storage::Cursor>(std::make_unique<BombCursor>(*std::move(real), bomb_));
  }
  StatusOr<std::unique_ptr<storage::Transaction>> Begin(
      storage::Intent intent, const storage::Cancellation& cancellation) override {
    bomb_.Pass("Storage::Begin");
    return ForwardingStorage::Begin(intent, cancellation);
  }
  std::unique_ptr<storage::Transaction> Wrap(std::unique_ptr<storage::Transaction> real) override {
    return std::make_unique<BombTransaction>(std::move(real), bomb_);
  }

 private:
  const Bomb& bomb_;
};

class BombSink : public service::ResponseSinkWrapper {
 public:
  BombSink(service::ResponseSink& wrapped, const Bomb& bomb)
      : ResponseSinkWrapper(wrapped), bomb_(bomb) {}
  engine::StatementSink& BeginStatement(const StatementInfo& info) override {
    bomb_.Pass("Sink::BeginStatement");
    return ResponseSinkWrapper::BeginStatement(info);
  }
  bool Row(std::span<const std::string_view> cells) override {
    bomb_.Pass("Sink::Row");
    return ResponseSinkWrapper::Row(cells);
  }
  void Finish() override {
    bomb_.Pass("Sink::Finish");
    ResponseSinkWrapper::Finish();
  }

 private:
  const Bomb& bomb_;
};

class BombCall : public service::AdmittedCall {
 public:
  BombCall(std::unique_ptr<AdmittedCall> real, const Bomb& bomb)
      : real_(std::move(real)), bomb_(bomb) {}
  Status Run(service::ResponseSink& sink) override {
    bomb_.Pass("Run");
    BombSink throwing(sink, bomb_);
    return real_->Run(throwing);
  }

 private:
  const std::unique_ptr<AdmittedCall> real_;
  const Bomb& bomb_;
};

class BombService : public service::ServiceWrapper {
 public:
  using CallContext = service::CallContext;
  using Admitted = StatusOr<std::unique_ptr<service::AdmittedCall>>;

  BombService(service::Service& wrapped, const Bomb& bomb) : ServiceWrapper(wrapped), bomb_(bomb) {}

  StatusOr<service::LoginResult> Login(CallContext& context,
                                       const pb::LoginRequest& request) override {
    bomb_.Pass("Login");
    return ServiceWrapper::Login(context, request);
  }
  void Logout(CallContext& context) override {
    bomb_.Pass("Logout");
    ServiceWrapper::Logout(context);
  }
  Admitted Query(CallContext& context, pb::ExecuteQueryRequest request) override {
    bomb_.Pass("Query");
    return Wrapped(ServiceWrapper::Query(context, std::move(request)));
  }
  Admitted RunScript(CallContext& context, pb::ExecuteSqlScriptRequest request) override {
    bomb_.Pass("RunScript");
    return Wrapped(ServiceWrapper::RunScript(context, std::move(request)));
  }
  StatusOr<service::TokenList> Tokens(CallContext& context,
                                      const pb::GetTokensRequest& request) override {
    bomb_.Pass("Tokens");
    return ServiceWrapper::Tokens(context, request);
  }
  StatusOr<std::int64_t> SchemaVersion(CallContext& context) override {
    bomb_.Pass("SchemaVersion");
    return ServiceWrapper::SchemaVersion(context);
  }
  void Answered(const CallContext& /*context*/, const Status& status) override {
    const std::lock_guard lock(mutex_);
    answered_.push_back(status.code());
  }
  /// What the front end told of since the last time.
  std::vector<StatusCode> TakeAnswered() {
    const std::lock_guard lock(mutex_);
    return std::exchange(answered_, {});
  }

 private:
  Admitted Wrapped(Admitted real) const {
    if (!real.ok()) return real.status();
    return std::unique_ptr<service::AdmittedCall>(
        std::make_unique<BombCall>(*std::move(real), bomb_));
  }
  const Bomb& bomb_;
  std::mutex mutex_;
  std::vector<StatusCode> answered_;
};

enum class FrontEnd { kInProcess, kGrpc, kHttp };

/// Time stands still: no response leaves in part because its first rows have waited.
class FixedClock : public engine::Clock {
 public:
  engine::MachineClock::time_point MachineNow() const override { return {}; }
  TimePoint Now() const override { return {}; }
  std::chrono::system_clock::time_point WallTime() const override { return {}; }
};

/// A front end, and whether what is thrown is a std::exception.
class ThrownTest : public ::testing::TestWithParam<std::tuple<FrontEnd, bool>> {
 protected:
  void SetUp() override {
    bomb_.is_exception = std::get<1>(GetParam());
    storage::SqliteOptions in_memory;
    in_memory.path = ":memory:";
    auto engine = engine::Engine::Create(
        std::make_unique<BombStorage>(storage::OpenSqlite(in_memory).value(), bomb_),
        engine::RandomGuidSource());
    ASSERT_TRUE(engine.ok()) << engine.status();
    ASSERT_TRUE(sessions_.AddUser("u", "p", true).ok());
    auto world = testdouble::ReadWorld(world::DefaultWorld(), sessions_);
    ASSERT_TRUE(world.ok()) << world.status();
    namespaces_ = testing::MainNamespace(
        *std::move(engine), {std::make_shared<world::WorldAttachment>(*std::move(world)),
                             std::make_shared<rest::AuditLog>()});
    tql_service_ = std::make_unique<service::TqlService>(
        *namespaces_, sessions_, engine::SystemClock(), service::TqlService::Options());
    service_ = std::make_unique<BombService>(*tql_service_, bomb_);
    switch (std::get<0>(GetParam())) {
      case FrontEnd::kInProcess:
        client_.emplace(
            MakeInProcessTransport(*service_, clock_, gate_, 1 << 20, std::string(space::kMain)));
        break;
      case FrontEnd::kGrpc:
        StartGrpc();
        break;
      case FrontEnd::kHttp:
        StartHttp();
        break;
    }
    ASSERT_TRUE(client_.has_value());
    ASSERT_EQ(client_->Login("u", "p"), Status());
    ASSERT_EQ(Run(kTable), Status());
    ASSERT_EQ(Run("insert into d.falcon_default_schema.t values (1);"), Status());
  }

  void StartGrpc() {
    auto server =
        GrpcServer::Start({"127.0.0.1", 0}, nullptr, *service_, clock_, GrpcServer::Options());
    ASSERT_TRUE(server.ok()) << server.status();
    grpc_ = *std::move(server);
    Connect(grpc_->endpoint(), "?transport=grpc");
  }

  void StartHttp() {
    handler_.emplace(*service_, clock_);
    handler_->AddRoutes(router_);
    rest_handler_.emplace(*namespaces_, *service_, sessions_, clock_, RestHandler::Options());
    rest_handler_->AddRoutes(router_);
    auto listener = net::Listener::Open({"127.0.0.1", 0});
    ASSERT_TRUE(listener.ok()) << listener.status();
    const net::Endpoint endpoint = listener->endpoint();
    http_.emplace(HttpServer::Options(), router_);
    ASSERT_EQ(http_->Listen(*std::move(listener), nullptr), Status());
    ASSERT_EQ(http_->Start(), Status());
    Connect(endpoint, "");
  }

  void Connect(const net::Endpoint& endpoint, const std::string& parameters) {
    auto client = Client::Connect("http://" + net::EndpointText(endpoint) + parameters);
    ASSERT_TRUE(client.ok()) << client.status();
    client_.emplace(*std::move(client));
  }

  Status Run(const std::string& script) {
    ScriptResult result = client_->RunScript(script);
    while (std::optional<QueryResult> statement = result.Next()) {
      if (Status status = statement->Finish(); !status.ok()) return status;
    }
    return result.status();
  }

  /// Calls with a bomb at the place, then without; the second call must succeed.
  template <typename Call>
  void Expect(const std::string& place, const Call& call) {
    SCOPED_TRACE(place);
    bomb_.Set(place);
    const Status status = call();
    bomb_.Set("");
    EXPECT_EQ(status.code(), StatusCode::kInternal) << status;
    EXPECT_EQ(call(), Status());
    EXPECT_EQ(service_->TakeAnswered(), std::vector<StatusCode>({StatusCode::kInternal}));
  }

  static constexpr const char* kTable =
      "create database d; use d; create table t (a int, primary key (a));";
  static constexpr const char* kSelect = "select a from d.falcon_default_schema.t;";

  Bomb bomb_;
  const FixedClock clock_{};
  service::SessionStore sessions_{{.hash_rounds = 1}, engine::SystemClock()};
  std::unique_ptr<space::Namespaces> namespaces_;
  std::unique_ptr<service::TqlService> tql_service_;
  std::unique_ptr<BombService> service_;
  std::shared_ptr<CallGate> gate_ = std::make_shared<CallGate>();
  std::unique_ptr<GrpcServer> grpc_;
  Router router_;
  std::optional<TqlHandler> handler_;
  std::optional<RestHandler> rest_handler_;
  std::optional<HttpServer> http_;
  std::optional<Client> client_;
};

TEST_P(ThrownTest, ByTheService) {
  Expect("Login", [&] { return client_->Login("u", "p"); });
  Expect("Query", [&] { return client_->Execute(kSelect).status; });
  Expect("RunScript", [&] { return Run(kSelect); });
  Expect("Tokens", [&] { return client_->GetTokens(TokenKind::kDynamic).status(); });
  Expect("SchemaVersion", [&] { return client_->SchemaVersion().status(); });
  Expect("Run", [&] { return client_->Execute(kSelect).status; });
  Expect("Logout", [&] { return client_->Logout(); });
}

TEST_P(ThrownTest, ByASink) {
  for (const char* place : {"Sink::BeginStatement", "Sink::Row", "Sink::Finish"}) {
    Expect(place, [&] { return client_->Execute(kSelect).status; });
    Expect(place, [&] { return Run(kSelect); });
  }
}

TEST_P(ThrownTest, ByTheStorage) {
  Expect("Storage::Open", [&] { return client_->Execute(kSelect).status; });
  Expect("Cursor::Next", [&] { return client_->Execute(kSelect).status; });
  const std::string insert = "insert into d.falcon_default_schema.t values (2);";
  for (const char* place : {"Storage::Begin", "Transaction::Insert"}) {
    Expect(place, [&] { return client_->Execute(insert).status; });
    Expect(place, [&] { return Run(insert + insert); });
  }
  int number = 0;
  Expect("Transaction::CreateTable", [&] {
    return Run("create table d.falcon_default_schema.t" + std::to_string(++number) + " (a int);");
  });
}

std::string NameOf(const ::testing::TestParamInfo<std::tuple<FrontEnd, bool>>& test) {
  const auto [front_end, is_exception] = test.param;
  const char* const name = front_end == FrontEnd::kHttp   ? "Http"
                           : front_end == FrontEnd::kGrpc ? "Grpc"
                                                          : "InProcess";
  return std::string(name) + (is_exception ? "BadAlloc" : "NoException");
}

INSTANTIATE_TEST_SUITE_P(FrontEnds, ThrownTest,
                         ::testing::Combine(::testing::Values(FrontEnd::kInProcess, FrontEnd::kGrpc,
                                                              FrontEnd::kHttp),
                                            ::testing::Bool()),
                         NameOf);

}  // namespace
}  // namespace tql::frontend
