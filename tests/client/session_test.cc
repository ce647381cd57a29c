// What becomes of a client whose session the service no longer knows: here, because it was started
// anew on the same port.
#include <gtest/gtest.h>

#include <string>

#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql {
namespace {

class SessionTest : public ::testing::Test {
 protected:
  void Start(mock::Config config = {}) {
    server_.reset();
    config.https = "off";
    config.http = "127.0.0.1:" + std::to_string(port_);
    auto server = mock::Server::Create(std::move(config));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    port_ = server_->http_port();
  }
  StatusOr<Client> Connect() {
    Options options;
    options.user = mock::kDefaultUser;
    options.credentials = Credentials::Password(std::string(mock::kDefaultPassword));
    return Client::Connect(server_->http_url(), options);
  }

  std::unique_ptr<mock::Server> server_;
  int port_ = 0;
};

TEST_F(SessionTest, IsOpenedAgainForEveryCall) {
  Start();
  StatusOr<Client> client = Connect();
  ASSERT_TRUE(client.ok()) << client.status();
  Start();
  EXPECT_EQ(client->Execute("show databases;").status, Status());
  Start();
  EXPECT_EQ(client->RunScript("create database d;").status(), Status());
  Start();
  EXPECT_EQ(client->GetTokens(TokenKind::kStatic).status(), Status());
  Start();
  EXPECT_EQ(client->SchemaVersion().status(), Status());
}

TEST_F(SessionTest, TheErrorIsThatOfTheLogin) {
  Start();
  StatusOr<Client> client = Connect();
  ASSERT_TRUE(client.ok()) << client.status();
  mock::Config config;
  config.users = {{"somebody", "else"}};
  Start(std::move(config));
  const Status status = client->Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kUnauthenticated);
  EXPECT_NE(status.message().find("password"), std::string::npos) << status;
}

TEST_F(SessionTest, IsNotOpenedAgainAfterALogout) {
  Start();
  StatusOr<Client> client = Connect();
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_EQ(client->Logout(), Status());
  EXPECT_EQ(client->Execute("show databases;").status.code(), StatusCode::kUnauthenticated);
}

}  // namespace
}  // namespace tql
