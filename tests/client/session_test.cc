// A client whose session the service no longer knows, because another server replaced the first
// one.
#include <gtest/gtest.h>

#include <string>

#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql {
namespace {

/// Connects over HTTP to the server that was set last.
class MovingTransport : public Transport {
 public:
  void MoveTo(const std::string& url) { transport_ = *MakeHttpTransport(*Url::Parse(url), {}); }

  Status Login(const LoginParams& params) override { return transport_->Login(params); }
  Status Logout(const LogoutParams& params) override { return transport_->Logout(params); }
  StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) override {
    return transport_->Query(params);
  }
  StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) override {
    return transport_->RunScript(params);
  }
  StatusOr<Tokens> GetTokens(const TokensParams& params) override {
    return transport_->GetTokens(params);
  }
  StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) override {
    return transport_->SchemaVersion(params);
  }

 private:
  std::shared_ptr<Transport> transport_;
};

class SessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Start();
    ASSERT_EQ(client_.Login(std::string(mock::kDefaultUser), std::string(mock::kDefaultPassword)),
              Status());
  }
  void Start(mock::Config config = {}) {
    config.password_hash_rounds = 1000;
    config.https = "off";
    auto server = mock::Server::Create(std::move(config));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    transport_->MoveTo(server_->http_url());
  }

  std::unique_ptr<mock::Server> server_;
  const std::shared_ptr<MovingTransport> transport_ = std::make_shared<MovingTransport>();
  Client client_{transport_};
};

TEST_F(SessionTest, IsReopenedForEveryCall) {
  Start();
  EXPECT_EQ(client_.Execute("create database d;").status, Status());
  Start();
  EXPECT_EQ(client_.RunScript("create database d;").status(), Status());
  Start();
  EXPECT_EQ(client_.GetTokens(TokenKind::kStatic).status(), Status());
  Start();
  EXPECT_EQ(client_.SchemaVersion().status(), Status());
}

TEST_F(SessionTest, ReturnsErrorOfLogin) {
  mock::Config config;
  config.users = {{"somebody", "else"}};
  Start(std::move(config));
  const Status status = client_.Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kUnauthenticated);
  EXPECT_NE(status.message().find("password"), std::string::npos) << status;
}

TEST_F(SessionTest, IsNotReopenedAfterLogout) {
  EXPECT_EQ(client_.Logout(), Status());
  EXPECT_EQ(client_.Execute("show databases;").status.code(), StatusCode::kUnauthenticated);
}

}  // namespace
}  // namespace tql
