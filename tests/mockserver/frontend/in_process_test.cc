// Calls in process: client and server may be destroyed in any order.
#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql::frontend {
namespace {

std::unique_ptr<mock::Server> NewServer() {
  auto server = mock::Server::Create({.https = "off", .http = "off", .password_hash_rounds = 1000});
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

Client LoggedIn(mock::Server& server) {
  Client client(server.InProcess());
  EXPECT_TRUE(client.Login("tsadmin", "admin").ok());
  return client;
}

TEST(InProcessTest, NeedsNoPort) {
  const auto server = NewServer();
  EXPECT_EQ(server->https_url() + server->http_url() + server->grpc_address(), "");
  EXPECT_TRUE(LoggedIn(*server).Execute("show databases;").status.ok());
}

TEST(InProcessTest, TransportsHaveSeparateSessions) {
  const auto server = NewServer();
  Client first = LoggedIn(*server);
  Client second(server->InProcess());
  EXPECT_EQ(second.Execute("show databases;").status.code(), StatusCode::kUnauthenticated);
  ASSERT_TRUE(second.Login("tsadmin", "admin").ok());
  ASSERT_TRUE(second.Logout().ok());
  EXPECT_TRUE(first.Execute("show databases;").status.ok());
}

TEST(InProcessTest, ClientMayOutliveServer) {
  auto server = NewServer();
  Client client = LoggedIn(*server);
  QueryResult unread = client.Query("show databases;");
  QueryResult other = client.Query("show databases;");
  server.reset();
  EXPECT_TRUE(unread.Finish().ok());  // Its response had arrived.
  EXPECT_EQ(client.Execute("show databases;").status.code(), StatusCode::kUnavailable);
  EXPECT_EQ(client.Login("tsadmin", "admin").code(), StatusCode::kUnavailable);
  EXPECT_EQ(client.Logout().code(), StatusCode::kUnavailable);
  EXPECT_EQ(client.GetTokens(TokenKind::kDynamic).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(client.SchemaVersion().status().code(), StatusCode::kUnavailable);
}

TEST(InProcessTest, ResponseMayOutliveTransport) {
  const auto server = NewServer();
  auto client = std::make_unique<Client>(LoggedIn(*server));
  QueryResult result = client->Query("show databases;");
  client.reset();
  EXPECT_TRUE(result.Finish().ok());
  EXPECT_FALSE(result.messages().empty());
}

}  // namespace
}  // namespace tql::frontend
