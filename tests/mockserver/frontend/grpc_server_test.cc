// The server's gRPC as seen by other programs: raw calls, additional services, hostile clients.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "mockserver/engine/engine.h"
#include "mockserver/frontend/grpc/grpc_server.h"
#include "mockserver/service/call_log.h"
#include "mockserver/service/tql_service.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/main_namespace.h"
#include "tql/mock/server.h"
#include "tqlkit/tql_service.grpc.pb.h"

namespace tql::frontend {
namespace {

using pb::ExecuteQueryRequest;
using pb::ExecuteQueryResponse;
using pb::TqlService;
using ::testing::HasSubstr;

/// 1,000 rows of 50 bytes; joined with themselves they exceed any buffer.
std::string Rows() {
  std::string script = "create database d; use d; create table t (x int, s varchar(0));";
  script += " insert into t values ";
  for (int i = 0; i < 1000; ++i) {
    script += (i == 0 ? "(" : ", (") + std::to_string(i) + ", '" + std::string(40, 's') + "')";
  }
  return script + ";";
}
constexpr const char* kMany = "select a.s, b.s from t a, t b;";

class GrpcServerTest : public ::testing::Test {
 protected:
  void Start(mock::Config config = {}) {
    config.http = config.https = "off";
    config.grpc = "127.0.0.1:0";
    config.grpc_plaintext = true;
    config.password_hash_rounds = 1000;
    auto server = mock::Server::Create(std::move(config));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    // A client that buffers little ahead of its reader, so that responses wait in the server.
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    channel_ = grpc::CreateCustomChannel(server_->grpc_address(),
                                         grpc::InsecureChannelCredentials(), arguments);
    stub_ = TqlService::NewStub(channel_);
  }

  void Login() {
    pb::LoginRequest request;
    request.set_username("tsadmin");
    request.set_password("admin");
    pb::LoginResponse response;
    grpc::ClientContext context;
    const grpc::Status status = stub_->Login(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    token_ = response.session_token();
    EXPECT_NE(response.user_guid(), "");
  }

  std::unique_ptr<grpc::ClientContext> Context() const {
    auto context = std::make_unique<grpc::ClientContext>();
    if (!token_.empty()) context->AddMetadata("tql-session", token_);
    return context;
  }

  static ExecuteQueryRequest Request(const std::string& statement) {
    ExecuteQueryRequest request;
    request.mutable_query()->set_statement(statement);
    request.mutable_context()->set_database("d");
    request.mutable_options()->mutable_query_options()->set_query_results_apply_top_row_count(0);
    return request;
  }

  grpc::Status Run(const std::string& statement) {
    const auto context = Context();
    const auto reader = stub_->Query(context.get(), Request(statement));
    ExecuteQueryResponse response;
    while (reader->Read(&response)) {
    }
    return reader->Finish();
  }

  /// Sends bytes as the request of any method; returns its response.
  grpc::Status Raw(const std::string& method, const std::string& bytes, std::string* answer) const {
    grpc::GenericStub stub(channel_);
    grpc::CompletionQueue queue;
    const auto context = Context();
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    const auto call = stub.PrepareUnaryCall(context.get(), method, request, &queue);
    call->StartCall();
    grpc::ByteBuffer response;
    grpc::Status status;
    call->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    std::vector<grpc::Slice> slices;
    if (status.ok()) (void)response.Dump(&slices);
    for (const grpc::Slice& part : slices) {
      answer->append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
    return status;
  }

  std::unique_ptr<mock::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<TqlService::Stub> stub_;
  std::string token_;
};

TEST_F(GrpcServerTest, HealthIsServed) {
  Start();
  const std::string service = "tql.v1.TqlService";
  for (const std::string& name : {std::string(), service}) {
    std::string answer;
    const std::string request =
        name.empty() ? "" : "\x0a" + std::string(1, char(name.size())) + name;
    ASSERT_TRUE(Raw("/grpc.health.v1.Health/Check", request, &answer).ok()) << name;
    EXPECT_EQ(answer, "\x08\x01") << name;  // status: SERVING
  }
  std::string answer;
  EXPECT_EQ(Raw("/grpc.health.v1.Health/Check", "\x0a\x01x", &answer).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(GrpcServerTest, ReflectionNamesTheServices) {
  Start();
  grpc::GenericStub stub(channel_);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  const auto call = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  void* tag = nullptr;
  bool ok = false;
  call->StartCall(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  const grpc::Slice list(std::string("\x3a\x00", 2));  // list_services: ""
  call->Write(grpc::ByteBuffer(&list, 1), nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::ByteBuffer answer;
  call->Read(&answer, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::Slice bytes;
  ASSERT_TRUE(answer.DumpToSingleSlice(&bytes).ok());
  const std::string text(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
  for (const char* name :
       {"tql.v1.TqlService", "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"}) {
    EXPECT_THAT(text, HasSubstr(name));
  }
  context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  queue.Next(&tag, &ok);
}

TEST_F(GrpcServerTest, RequiresToken) {
  Start();
  for (const char* token : {"", "0", "x y"}) {
    token_ = token;
    const grpc::Status status = Run("show databases;");
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << token;
    EXPECT_EQ(status.error_message(), "not logged in");
  }
  Login();
  EXPECT_TRUE(Run("show databases;").ok());
}

TEST_F(GrpcServerTest, RejectsInvalidRequests) {
  Start();
  Login();
  std::string answer;
  for (const char* method :
       {"Query", "RunScript", "Login", "Logout", "GetTokens", "StreamTokens", "GetSchemaVersion"}) {
    for (const char* bytes : {"\xff\xff", "\x0a\x05x", "\x08"}) {
      const grpc::Status status = Raw(std::string("/tql.v1.TqlService/") + method, bytes, &answer);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << method;
      EXPECT_THAT(status.error_message(), HasSubstr("the request is not a message")) << method;
    }
  }
  for (const char* method :
       {"grpc.health.v1.Health/Check", "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"}) {
    const grpc::Status status = Raw(std::string("/") + method, "\xff\xff", &answer);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << method;
    EXPECT_NE(status.error_message(), "") << method;
  }
  EXPECT_EQ(Raw("/tql.v1.TqlService/Nothing", "", &answer).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_TRUE(Run("show databases;").ok());
}

TEST_F(GrpcServerTest, RejectsInvalidUtf8) {
  Start();
  Login();
  const grpc::Status status = Run("select '\xff';");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("UTF-8"));
}

TEST_F(GrpcServerTest, ErrorsFitIntoMetadata) {
  Start();
  Login();
  pb::ExecuteSqlScriptRequest request;
  request.set_script_type(pb::ExecuteSqlScriptRequest::PROTO_SCRIPT);
  request.set_script(std::string(100'000, 'x') + ": 1");  // A field name that the error quotes.
  const auto context = Context();
  const auto reader = stub_->RunScript(context.get(), request);
  ExecuteQueryResponse response;
  EXPECT_FALSE(reader->Read(&response));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("xxx"));
}

TEST_F(GrpcServerTest, RejectsLargeRequest) {
  Start({.max_request_bytes = 2000});
  Login();
  EXPECT_EQ(Run("select '" + std::string(3000, 'x') + "';").error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Run("show databases;").ok());
}

/// A connection that sends these bytes and waits until the server closes it or sends anything.
class RawConnection {
 public:
  explicit RawConnection(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~RawConnection() { close(fd_); }
  void Send(const std::string& bytes) const {
    (void)send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

 private:
  const int fd_;
};

TEST_F(GrpcServerTest, SurvivesGarbage) {
  Start();
  Login();
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const std::vector<std::string> garbage = {
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      std::string(100'000, '\0'),
      std::string(100'000, '\xff'),
      preface + std::string(50'000, '\xff'),
      preface + std::string("\x00\x00\x00\x04\x00\x00\x00\x00\x00\xff\xff\xff\x01", 13),
      "\x16\x03\x01\x02\x00\x01",  // The beginning of a TLS handshake.
      preface,
  };
  std::vector<std::unique_ptr<RawConnection>> connections;
  for (int round = 0; round < 10; ++round) {
    for (const std::string& bytes : garbage) {
      connections.push_back(std::make_unique<RawConnection>(server_->grpc_port()));
      connections.back()->Send(bytes);
    }
  }
  EXPECT_TRUE(Run("show databases;").ok());
}

TEST_F(GrpcServerTest, UnreadStreamsDoNotBlockOthers) {
  Start({.init_scripts = {Rows()}, .threads = 2});
  Login();
  struct Unread {
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::ClientReader<ExecuteQueryResponse>> reader;
  };
  std::vector<Unread> unread;
  ExecuteQueryResponse response;
  for (int i = 0; i < 500; ++i) {
    Unread& one = unread.emplace_back();
    one.context = Context();
    one.reader = stub_->Query(one.context.get(), Request(kMany));
    ASSERT_TRUE(one.reader->Read(&response)) << i;
  }
  EXPECT_TRUE(Run("select count(*) from t;").ok());
  pb::GetSchemaVersionResponse version;
  EXPECT_TRUE(stub_->GetSchemaVersion(Context().get(), {}, &version).ok());
  for (Unread& one : unread) one.context->TryCancel();
  for (Unread& one : unread) {
    EXPECT_EQ(one.reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_TRUE(Run("select count(*) from t;").ok());
}

TEST_F(GrpcServerTest, BrokenConnectionEndsItsStatements) {
  Start({.init_scripts = {Rows()}, .threads = 2});
  Login();
  // With two workers, the last statement could not run if the others continued.
  for (int i = 0; i < 6; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto channel = grpc::CreateCustomChannel(server_->grpc_address(),
                                                   grpc::InsecureChannelCredentials(), arguments);
    const auto context = Context();
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
    const auto reader = TqlService::NewStub(channel)->Query(
        context.get(),
        Request("select count(*) from t a, t b, t c, t d where a.x + b.x + c.x + d.x < 0;"));
    ExecuteQueryResponse response;
    EXPECT_FALSE(reader->Read(&response));
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  }
  EXPECT_TRUE(Run("select count(*) from t;").ok());
}

TEST_F(GrpcServerTest, StopIsBounded) {
  Start({.init_scripts = {Rows()}});
  Login();
  const auto context = Context();
  const auto reader = stub_->Query(context.get(), Request(kMany));
  ExecuteQueryResponse response;
  ASSERT_TRUE(reader->Read(&response));
  server_->Stop(std::chrono::milliseconds(20));
  int rows = 0;
  while (reader->Read(&response)) rows += response.result().table().rows_size();
  (void)reader->Finish();
  EXPECT_LT(rows, 1'000'000);
  EXPECT_EQ(Run("show databases;").error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(GrpcServerTest, IdleConnectionsDoNotDelayStop) {
  Start();
  Login();
  const RawConnection silent(server_->grpc_port());
  server_->Stop(std::chrono::hours(1));
}

/// gRPC itself starts with the first connection.
TEST_F(GrpcServerTest, FirstConnectionsMayComeTogether) {
  Start();
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      grpc::ChannelArguments own_connection;
      own_connection.SetInt("number", i);
      const auto stub = TqlService::NewStub(grpc::CreateCustomChannel(
          server_->grpc_address(), grpc::InsecureChannelCredentials(), own_connection));
      pb::GetSchemaVersionResponse response;
      grpc::ClientContext context;
      EXPECT_EQ(stub->GetSchemaVersion(&context, {}, &response).error_code(),
                grpc::StatusCode::UNAUTHENTICATED);
    });
  }
}

TEST_F(GrpcServerTest, StopsBeforeTheFirstConnection) {
  Start();
  server_->Stop(std::chrono::hours(1));
  EXPECT_EQ(Run("select 1;").error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(GrpcPatienceTest, CutsStalledReader) {
  storage::SqliteOptions in_memory;
  in_memory.path = ":memory:";
  auto engine =
      engine::Engine::Create(storage::OpenSqlite(in_memory).value(), engine::RandomGuidSource());
  ASSERT_TRUE(engine.ok()) << engine.status();
  service::SessionStore sessions({}, engine::SystemClock());
  ASSERT_TRUE(sessions.AddUser("u", "p", true).ok());
  const auto namespaces = testing::MainNamespace(*std::move(engine));
  service::TqlService service(*namespaces, sessions, engine::SystemClock(), {});
  std::promise<void> ended;
  service::CallLog logged(service, engine::SystemClock(), [&](auto&&...) { ended.set_value(); });
  GrpcServer::Options options;
  options.write = std::chrono::milliseconds(20);
  const auto server =
      GrpcServer::Start({"127.0.0.1", 0}, nullptr, logged, engine::SystemClock(), options);
  ASSERT_TRUE(server.ok()) << server.status();

  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  const auto stub = TqlService::NewStub(grpc::CreateCustomChannel(
      net::EndpointText((*server)->endpoint()), grpc::InsecureChannelCredentials(), arguments));
  grpc::ClientContext context;
  context.AddMetadata("tql-session", sessions.Login("u", "p", "").value().token);
  pb::ExecuteSqlScriptRequest request;
  request.set_script(Rows() + kMany);
  request.mutable_options()->mutable_query_options()->set_query_results_apply_top_row_count(0);
  const auto reader = stub->RunScript(&context, request);
  ended.get_future().wait();  // Nothing was read.
  ExecuteQueryResponse response;
  int rows = 0;
  while (reader->Read(&response)) rows += response.result().table().rows_size();
  EXPECT_LT(rows, 1'000'000);
  EXPECT_FALSE(reader->Finish().ok());
}

TEST(GrpcPortTest, ReportsPortInUse) {
  const auto first = mock::Server::Create({.grpc = "127.0.0.1:0"});
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = mock::Server::Create({.grpc = (*first)->grpc_address()});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), StatusCode::kUnavailable);
  EXPECT_THAT(second.status().message(), HasSubstr((*first)->grpc_address()));
}

}  // namespace
}  // namespace tql::frontend
