// The gRPC client against servers that respond incorrectly, slowly, or not at all.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/hostile_server.h"
#include "tql/client.h"
#include "tql/wire/messages.h"
#include "tqlkit/tql_service.grpc.pb.h"

namespace tql {
namespace {

using namespace std::chrono_literals;
using pb::ExecuteQueryResponse;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::HostileServer;
using testing::Peer;
using Writer = grpc::ServerWriter<ExecuteQueryResponse>;

/// A handler that a test sets. Set only between calls, never during one.
template <typename... Arguments>
class Handler {
 public:
  Handler& operator=(std::function<grpc::Status(Arguments...)> function) {
    const std::lock_guard lock(mutex_);
    function_ = std::move(function);
    return *this;
  }
  grpc::Status operator()(Arguments... arguments) {
    const std::lock_guard lock(mutex_);
    return function_ ? function_(arguments...) : grpc::Status::OK;
  }

 private:
  std::mutex mutex_;
  std::function<grpc::Status(Arguments...)> function_;
};

/// A service whose handlers are set by a test; each may be empty.
class FakeService : public pb::TqlService::Service {
 public:
  Handler<grpc::ServerContext&, Writer&> on_query;
  Handler<pb::LoginResponse&> on_login;
  Handler<> on_logout;

  explicit FakeService(int port = 0) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    EXPECT_TRUE(server_);
  }
  ~FakeService() override {
    server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
    // gRPC's threads, whose end a sanitizer does not see, no longer use what mutexes protect.
    on_query = nullptr;
    on_login = nullptr;
    on_logout = nullptr;
    const std::lock_guard lock(mutex_);
  }

  int port() const { return port_; }
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "?transport=grpc";
  }
  /// The session tokens of all calls so far; "-" if a call had none.
  std::vector<std::string> tokens() {
    const std::lock_guard lock(mutex_);
    return tokens_;
  }
  /// The request ids of all calls so far.
  std::vector<std::string> request_ids() {
    const std::lock_guard lock(mutex_);
    return request_ids_;
  }

 private:
  void Note(const grpc::ServerContext& context) {
    const auto metadata = [&](const char* name) {
      const auto it = context.client_metadata().find(name);
      return it == context.client_metadata().end()
                 ? "-"
                 : std::string(it->second.data(), it->second.size());
    };
    const std::lock_guard lock(mutex_);
    tokens_.push_back(metadata("tql-session"));
    request_ids_.push_back(metadata("x-request-id"));
  }
  grpc::Status Query(grpc::ServerContext* context, const pb::ExecuteQueryRequest* /*request*/,
                     Writer* writer) override {
    Note(*context);
    return on_query(*context, *writer);
  }
  grpc::Status Login(grpc::ServerContext* context, const pb::LoginRequest* /*request*/,
                     pb::LoginResponse* response) override {
    Note(*context);
    response->set_session_token("secret");
    return on_login(*response);
  }
  grpc::Status Logout(grpc::ServerContext* context, const pb::LogoutRequest* /*request*/,
                      pb::LogoutResponse* /*response*/) override {
    Note(*context);
    return on_logout();
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::mutex mutex_;
  std::vector<std::string> tokens_;
  std::vector<std::string> request_ids_;
};

Client ClientFor(const std::string& url, int attempts = 1) {
  Options options;
  options.retry = {.max_attempts = attempts, .initial_backoff = 1ms, .max_backoff = 1ms};
  options.query_timeout = 60s;
  StatusOr<Client> client = Client::Connect(url, options);
  EXPECT_TRUE(client.ok()) << client.status();
  return *std::move(client);
}

ExecuteQueryResponse Rows(int count, bool complete) {
  ExecuteQueryResponse response;
  response.mutable_result()->mutable_table()->add_headers()->set_name("a");
  for (int i = 0; i < count; ++i)
    response.mutable_result()->mutable_table()->add_rows()->add_v("x");
  if (complete) response.mutable_result()->set_complete(true);
  return response;
}

struct Read {
  std::size_t rows = 0;
  Status status;
};
Read ReadAll(QueryResult result) {
  Read read;
  for (auto& row : result) {
    if (row.ok()) ++read.rows;
    if (!row.ok()) read.status = row.status();
  }
  return read;
}

TEST(GrpcTransportTest, TruncatedResponseEndsWithError) {
  FakeService service;
  Client client = ClientFor(service.url());
  struct Case {
    grpc::Status end;
    StatusCode code;
  };
  for (const Case& c : {Case{grpc::Status::OK, StatusCode::kDataLoss},
                        Case{{grpc::StatusCode::UNAVAILABLE, "gone"}, StatusCode::kUnavailable},
                        Case{{grpc::StatusCode::CANCELLED, "no"}, StatusCode::kUnavailable},
                        Case{{grpc::StatusCode::INTERNAL, "oops"}, StatusCode::kInternal}}) {
    service.on_query = [&](grpc::ServerContext&, Writer& writer) {
      writer.Write(Rows(2, false));
      return c.end;
    };
    const Read read = ReadAll(client.Query("select a from t;"));
    EXPECT_EQ(read.rows, 2U);
    EXPECT_EQ(read.status.code(), c.code) << read.status;
  }
  service.on_query = nullptr;
  EXPECT_EQ(ReadAll(client.Query("select a from t;")).status.code(), StatusCode::kDataLoss);
}

TEST(GrpcTransportTest, ServiceErrorsAreSanitized) {
  FakeService service;
  Client client = ClientFor(service.url());
  service.on_query = [&](grpc::ServerContext&, Writer&) {
    return grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no\x1b[2J way\n");
  };
  EXPECT_EQ(client.Execute("select 1;").status, PermissionDeniedError("no [2J way "));
}

TEST(GrpcTransportTest, RetriesReadsOnly) {
  FakeService service;
  Client client = ClientFor(service.url(), 3);
  std::atomic<int> calls = 0;
  service.on_query = [&](grpc::ServerContext&, Writer& writer) {
    if (++calls == 1) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "busy");
    writer.Write(Rows(1, true));
    return grpc::Status::OK;
  };
  EXPECT_EQ(ReadAll(client.Query("select a from t;")).rows, 1U);
  EXPECT_EQ(calls, 2);
  calls = 0;
  EXPECT_EQ(client.Execute("insert into t values (1);").status.code(), StatusCode::kUnavailable);
  EXPECT_EQ(calls, 1);
}

/// Options with three attempts; `sleep` replaces the pauses.
Options WithPauses(std::function<void(std::chrono::milliseconds)> sleep) {
  Options options;
  options.retry = {.max_attempts = 3, .initial_backoff = 1ms, .max_backoff = 1ms};
  options.retry.sleep = [sleep](std::chrono::milliseconds pause, const std::stop_token&) {
    sleep(pause);
  };
  options.query_timeout = 60s;
  return options;
}

TEST(GrpcTransportTest, HonoursRetryAfter) {
  FakeService service;
  std::vector<std::chrono::milliseconds> pauses;
  Client client = *Client::Connect(
      service.url(), WithPauses([&](std::chrono::milliseconds pause) { pauses.push_back(pause); }));
  std::atomic<int> calls = 0;
  std::string pushback = "7000";
  service.on_query = [&](grpc::ServerContext& context, Writer& writer) {
    if (++calls == 1) {
      context.AddTrailingMetadata("grpc-retry-pushback-ms", pushback);
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "busy");
    }
    writer.Write(Rows(1, true));
    return grpc::Status::OK;
  };
  EXPECT_EQ(ReadAll(client.Query("select a from t;")).rows, 1U);
  EXPECT_THAT(pauses, ElementsAre(7s));
  calls = 0;
  pushback = "3600000";  // Longer than the call may take.
  EXPECT_EQ(client.Execute("select a from t;").status.code(), StatusCode::kUnavailable);
  EXPECT_EQ(calls, 1);
}

TEST(GrpcTransportTest, RetriesUnsentInsert) {
  auto service = std::make_unique<FakeService>();
  const int port = service->port();
  const std::string url = service->url();
  service.reset();
  int pauses = 0;
  std::atomic<int> inserts = 0;
  Client client = *Client::Connect(url, WithPauses([&](std::chrono::milliseconds) {
                                     if (++pauses != 2) return;
                                     service = std::make_unique<FakeService>(port);
                                     service->on_query = [&](grpc::ServerContext&, Writer& writer) {
                                       ++inserts;
                                       writer.Write(Rows(0, true));
                                       return grpc::Status::OK;
                                     };
                                   }));
  EXPECT_EQ(client.Execute("insert into t values (1);").status, Status());
  EXPECT_EQ(pauses, 2);
  EXPECT_EQ(inserts, 1);
}

TEST(GrpcTransportTest, DoesNotRetrySentInsert) {
  FakeService service;
  HostileServer between(testing::Between(service.port(), [] { return testing::Wire(); }));
  std::atomic<int> inserts = 0;
  service.on_query = [&](grpc::ServerContext& context, Writer&) {
    ++inserts;
    while (!context.IsCancelled()) std::this_thread::sleep_for(1ms);
    return grpc::Status::CANCELLED;
  };
  int pauses = 0;
  const std::string url = between.url() + "?transport=grpc";
  Client client = *Client::Connect(url, WithPauses([&](std::chrono::milliseconds) { ++pauses; }));
  std::thread cutter([&] {
    while (inserts == 0) std::this_thread::sleep_for(1ms);
    between.CutAll();
  });
  const Status status = client.Execute("insert into t values (1);").status;
  cutter.join();
  EXPECT_EQ(status, UnavailableError(between.url() + ": the connection was lost"));
  EXPECT_EQ(inserts, 1);
  EXPECT_EQ(pauses, 0);
}

TEST(GrpcTransportTest, RequestIdIsMetadata) {
  FakeService service;
  Client client = ClientFor(service.url());
  service.on_query = [&](grpc::ServerContext&, Writer& writer) {
    writer.Write(Rows(1, true));
    return grpc::Status::OK;
  };
  RequestOptions request;
  request.request_id = "r-17";
  EXPECT_EQ(client.Execute("select 1;", request).status, Status());
  EXPECT_EQ(client.Execute("select 1;").status, Status());
  EXPECT_THAT(service.request_ids(), ElementsAre("r-17", "-"));
}

TEST(GrpcTransportTest, RetriedLogoutKeepsSession) {
  FakeService service;
  Client client = ClientFor(service.url(), 2);
  std::atomic<int> logouts = 0;
  service.on_logout = [&] {
    return ++logouts == 1 ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "busy") : grpc::Status::OK;
  };
  ASSERT_TRUE(client.Login("u", "p").ok());
  ASSERT_TRUE(client.Logout().ok());
  (void)client.Execute("select 1;");
  EXPECT_THAT(service.tokens(), ElementsAre("-", "secret", "secret", "-"));
}

TEST(GrpcTransportTest, LoginWithoutSessionIsAnError) {
  FakeService service;
  Client client = ClientFor(service.url());
  service.on_login = [](pb::LoginResponse& response) {
    response.clear_session_token();
    return grpc::Status::OK;
  };
  EXPECT_EQ(client.Login("u", "p").code(), StatusCode::kInternal);
}

TEST(GrpcTransportTest, MessagesOfAnotherFormAreErrors) {
  FakeService service;
  Client client = ClientFor(service.url());
  // Fields that the messages do not know are written as they are: these have the numbers of fields
  // that they do know.
  struct Case {
    std::function<void(ExecuteQueryResponse&)> spoil;
    std::size_t rows;
    const char* error;
  };
  const std::string row("\x0a\x05x");  // a cell of five bytes that has one
  for (const Case& c :
       {Case{[](ExecuteQueryResponse& response) {
               response.GetReflection()->MutableUnknownFields(&response)->AddLengthDelimited(
                   3, "\xff");
             },
             0, "a message that is not an ExecuteQueryResponse"},
        Case{[&](ExecuteQueryResponse& response) {
               auto& table = *response.mutable_result()->mutable_table();
               table.GetReflection()->MutableUnknownFields(&table)->AddLengthDelimited(2, row);
             },
             2, "row 3 of a response message is invalid"}}) {
    service.on_query = [&](grpc::ServerContext&, Writer& writer) {
      ExecuteQueryResponse response = Rows(2, true);
      c.spoil(response);
      writer.Write(response);
      return grpc::Status::OK;
    };
    const Read read = ReadAll(client.Query("select a from t;"));
    EXPECT_EQ(read.rows, c.rows);
    EXPECT_EQ(read.status.code(), StatusCode::kInternal);
    EXPECT_THAT(read.status.message(), HasSubstr(c.error));
  }
}

TEST(GrpcTransportTest, RejectsHugeMessage) {
  FakeService service;
  Client client = ClientFor(service.url());
  service.on_query = [&](grpc::ServerContext&, Writer& writer) {
    ExecuteQueryResponse response = Rows(0, true);
    response.mutable_result()->add_message()->set_value(std::string(std::size_t{65} << 20, 'x'));
    writer.Write(response);
    return grpc::Status::OK;
  };
  EXPECT_EQ(client.Execute("select 1;").status.code(), StatusCode::kResourceExhausted);
}

TEST(GrpcTransportTest, OtherProtocolsAreErrors) {
  const std::vector<std::string> garbage = {
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", std::string(100'000, '\xff'),
      std::string(100'000, '\0'), std::string("\x00\x00\x00\x04\x00\x00\x00\x00\x00", 9)};
  for (const std::string& bytes : garbage) {
    HostileServer server([&](Peer& peer) { peer.Send(bytes); });
    Client client = ClientFor(server.url() + "?transport=grpc");
    const Status status = client.Execute("select 1;", {.timeout = 10s}).status;
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(status.message(), ::testing::Not(HasSubstr("cannot connect"))) << status;
  }
}

TEST(GrpcTransportTest, SilentServer) {
  FakeService service;
  Client client = ClientFor(service.url());
  std::promise<void> asked;
  service.on_query = [&](grpc::ServerContext& context, Writer& writer) {
    writer.Write(Rows(1, false));
    while (!context.IsCancelled()) std::this_thread::sleep_for(1ms);
    return grpc::Status::CANCELLED;
  };
  const Read read = ReadAll(client.Query("select a from t;", {.timeout = 100ms}));
  EXPECT_EQ(read.rows, 1U);
  EXPECT_EQ(read.status, DeadlineExceededError("the call took too long"));

  QueryResult result = client.Query("select a from t;");
  ASSERT_TRUE(result.Next().ok());
  std::thread other([&] { result.Cancel(); });
  EXPECT_EQ(result.Next().status().code(), StatusCode::kCancelled);
  other.join();
  { QueryResult abandoned = client.Query("select a from t;"); }
}

/// Runs an INSERT with this time limit; returns its status and the details of the failure.
std::pair<Status, FailureNote> InsertWithin(std::chrono::milliseconds time, Transport& transport) {
  FailureNote note;
  QueryParams insert;
  insert.statement = "insert into t values (1);";
  insert.limits.deadline = std::chrono::steady_clock::now() + time;
  insert.limits.note = &note;
  const Status status = transport.Query(insert).status();
  return {status, note};
}

TEST(GrpcTransportTest, DeadlineReportsWhetherInsertWasSent) {
  FakeService service;
  service.on_query = [](grpc::ServerContext& context, Writer&) {
    while (!context.IsCancelled()) std::this_thread::sleep_for(1ms);
    return grpc::Status::CANCELLED;
  };
  const auto transport = *MakeGrpcTransport(*Url::Parse(service.url()), Options());
  // Over a new connection, and over an existing one.
  for (int i = 0; i < 2; ++i) {
    const auto [status, note] = InsertWithin(500ms, *transport);
    EXPECT_EQ(status, DeadlineExceededError("the call took too long"));
    EXPECT_FALSE(note.nothing_sent);
  }
  HostileServer silent([](Peer& peer) { peer.WaitUntilGone(); });
  const auto nowhere = *MakeGrpcTransport(*Url::Parse(silent.url()), Options());
  for (const auto time : {-1ms, 100ms}) {
    const auto [status, note] = InsertWithin(time, *nowhere);
    EXPECT_EQ(status, DeadlineExceededError(silent.url() + ": connecting took too long"));
    EXPECT_TRUE(note.nothing_sent);
  }
}

TEST(GrpcTransportTest, ReconnectsAtOnce) {
  auto first = std::make_unique<FakeService>();
  const int port = first->port();
  Client client = ClientFor(first->url());
  ASSERT_TRUE(client.Login("u", "p").ok());
  first.reset();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.Login("u", "p").code(), StatusCode::kUnavailable);
  FakeService second(port);
  EXPECT_TRUE(client.Login("u", "p").ok());
}

}  // namespace
}  // namespace tql
