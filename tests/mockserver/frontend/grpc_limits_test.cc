// The limits of the gRPC server.
#include <arpa/inet.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "mockserver/engine/engine.h"
#include "mockserver/frontend/grpc/grpc_server.h"
#include "mockserver/frontend/messages/message_calls.h"
#include "mockserver/service/tql_service.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/main_namespace.h"
#include "tqlkit/tql_service.grpc.pb.h"

namespace tql::frontend {
namespace {

using pb::ExecuteQueryRequest;
using pb::ExecuteQueryResponse;
using pb::TqlService;

/// A result larger than any buffer.
constexpr const char* kMany = "select a.s, b.s from t a, t b;";
/// Runs until it is cancelled.
constexpr const char* kEndless =
    "select count(*) from t a, t b, t c, t d, t e where a.x + b.x + c.x + d.x + e.x < 0;";

ExecuteQueryRequest Request(const std::string& statement) {
  ExecuteQueryRequest request;
  request.mutable_query()->set_statement(statement);
  request.mutable_context()->set_database("d");
  request.mutable_options()->mutable_query_options()->set_query_results_apply_top_row_count(0);
  return request;
}

/// One call and its response.
struct Stream {
  Stream(TqlService::Stub& stub, const std::string& token, const std::string& statement) {
    context.AddMetadata("tql-session", token);
    reader = stub.Query(&context, Request(statement));
  }
  bool Read() {
    ExecuteQueryResponse response;
    return reader->Read(&response);
  }
  /// Reads the whole response.
  grpc::Status Result() {
    while (Read()) {
    }
    return reader->Finish();
  }
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReader<ExecuteQueryResponse>> reader;
};

class Ignored : public MessageReceiver {
 public:
  bool Take(ExecuteQueryResponse& /*message*/, std::string& /*rows*/) override { return true; }
  bool Gone() const override { return false; }
  void End(const net::Cut& /*cut*/) override {}
};

class GrpcLimitsTest : public ::testing::Test {
 protected:
  void Start(const GrpcServer::Options& options) {
    storage::SqliteOptions in_memory;
    in_memory.path = ":memory:";
    auto engine =
        engine::Engine::Create(storage::OpenSqlite(in_memory).value(), engine::RandomGuidSource());
    ASSERT_TRUE(engine.ok()) << engine.status();
    ASSERT_TRUE(sessions_.AddUser("u", "p", true).ok());
    namespaces_ = testing::MainNamespace(*std::move(engine));
    service_ = std::make_unique<service::TqlService>(*namespaces_, sessions_, engine::SystemClock(),
                                                     service::TqlService::Options());
    auto server =
        GrpcServer::Start({"127.0.0.1", 0}, nullptr, *service_, engine::SystemClock(), options);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    token_ = sessions_.Login("u", "p", "").value().token;
    // A client that buffers little ahead of its reader, so that responses wait in the server.
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    stub_ = TqlService::NewStub(grpc::CreateCustomChannel(
        net::EndpointText(server_->endpoint()), grpc::InsecureChannelCredentials(), arguments));
    MakeRows();
  }

  void MakeRows() {
    pb::ExecuteSqlScriptRequest request;
    std::string* const script = request.mutable_script();
    *script =
        "create database d; use d; create table t (x int, s varchar(0)); insert into t values ";
    for (int i = 0; i < 1000; ++i) {
      *script += (i == 0 ? "(" : ", (") + std::to_string(i) + ", '" + std::string(40, 's') + "')";
    }
    service::CallContext context;
    context.token = token_;
    Ignored answer;
    const MessageCalls calls(*service_, engine::SystemClock());
    ASSERT_TRUE(calls.RunScript(context, std::move(request), answer).ok());
  }

  std::unique_ptr<Stream> Query(const std::string& statement) {
    return std::make_unique<Stream>(*stub_, token_, statement);
  }

  service::SessionStore sessions_{{}, engine::SystemClock()};
  std::unique_ptr<space::Namespaces> namespaces_;
  std::unique_ptr<service::TqlService> service_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<TqlService::Stub> stub_;
  std::string token_;
};

TEST_F(GrpcLimitsTest, LimitsConcurrentStreams) {
  Start({.max_calls = 2});
  const auto first = Query(kMany);
  const auto second = Query(kMany);
  ASSERT_TRUE(first->Read());
  ASSERT_TRUE(second->Read());
  const grpc::Status refused = Query("select 1;")->Result();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused.error_message(), "too many calls are under way: found 2, the limit is 2");

  // Calls that end at once are not limited.
  grpc::ClientContext context;
  context.AddMetadata("tql-session", token_);
  pb::GetSchemaVersionResponse version;
  EXPECT_TRUE(stub_->GetSchemaVersion(&context, {}, &version).ok());

  first->context.TryCancel();
  EXPECT_EQ(first->Result().error_code(), grpc::StatusCode::CANCELLED);
  grpc::Status status;
  do {  // The server notices the end a moment later.
    status = Query("select 1;")->Result();
  } while (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(status.ok()) << status.error_message();
  second->context.TryCancel();
}

TEST_F(GrpcLimitsTest, LoginIsNotQueued) {
  Start({.max_threads = 1});
  const auto running = Query(kEndless);
  const auto queued = Query(kEndless);
  pb::LoginRequest request;
  request.set_username("u");
  request.set_password("p");
  pb::LoginResponse response;
  grpc::ClientContext context;
  EXPECT_TRUE(stub_->Login(&context, request, &response).ok());
  EXPECT_NE(response.session_token(), "");
  running->context.TryCancel();
  queued->context.TryCancel();
}

/// An HTTP/2 client that sends a request and never reads the response, not even from its socket.
class UnreadingClient {
 public:
  UnreadingClient(int port, const std::string& token, const std::string& statement)
      : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    const int little = 4096;
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &little, sizeof(little));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);

    std::string headers;
    for (const auto& [name, value] : std::initializer_list<std::pair<std::string, std::string>>{
             {":method", "POST"},
             {":scheme", "http"},
             {":path", "/tql.v1.TqlService/Query"},
             {":authority", "localhost"},
             {"te", "trailers"},
             {"content-type", "application/grpc"},
             {"tql-session", token}}) {
      headers += '\0' + Short(name) + Short(value);  // A literal without indexing.
    }
    const std::string request = Request(statement).SerializeAsString();
    // The largest flow-control windows of HTTP/2, so that only TCP holds the server back.
    const std::string bytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" +
                              Frame(4, 0, 0, std::string("\0\4", 2) + Number(0x7fffffff)) +
                              Frame(8, 0, 0, Number(0x7fffffff - 65535)) +
                              Frame(1, 4, 1, headers) +  // END_HEADERS
                              Frame(0, 1, 1, '\0' + Number(request.size()) + request);
    EXPECT_EQ(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL), ssize_t(bytes.size()));
  }
  ~UnreadingClient() { close(fd_); }
  UnreadingClient(const UnreadingClient&) = delete;
  UnreadingClient& operator=(const UnreadingClient&) = delete;

  /// Waits until the server can send no more.
  void WaitUntilFull() const {
    int before = 0;
    for (int same = 0; same < 5;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      int now = 0;
      ioctl(fd_, FIONREAD, &now);
      same = now > 1000 && now == before ? same + 1 : 0;
      before = now;
    }
  }

 private:
  static std::string Number(std::size_t number) {
    std::string bytes;
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(number >> shift);
    return bytes;
  }
  static std::string Short(const std::string& text) {
    return static_cast<char>(text.size()) + text;
  }
  static std::string Frame(char type, char flags, std::size_t stream, const std::string& payload) {
    return Number(payload.size()).substr(1) + type + flags + Number(stream) + payload;
  }

  const int fd_;
};

TEST_F(GrpcLimitsTest, StopCutsUnreadingClient) {
  Start({});
  const UnreadingClient client(server_->endpoint().port, token_, kMany);
  client.WaitUntilFull();
  const auto start = std::chrono::steady_clock::now();
  server_->Stop(start);
  server_.reset();
  // TCP itself would give up after 20 seconds.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(8));
}

}  // namespace
}  // namespace tql::frontend
