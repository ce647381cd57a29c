/// \file
/// A GoogleTest fixture that provides a mock server to each test. Requires gtest; link
/// tqlkit::client and tqlkit::mockserver. Matchers are in tql/mocks/matchers.h.
///
/// ```cpp
/// class SalesTest : public tql::mock::ServerTest {
///  protected:
///   SalesTest() {
///     config.init_scripts = {
///         "create database sales; use sales;"
///         "create table sale (region varchar(9), amount double);"
///         "insert into sale values ('north', 1.5); insert into sale values ('south', null);"};
///     options.database = "sales";
///   }
/// };
/// ```
#ifndef TQL_MOCKS_SERVER_FIXTURE_H_
#define TQL_MOCKS_SERVER_FIXTURE_H_

#include "tql/cxx20.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql::mock {

/// Before each test, starts a server and logs in a client; after it, stops the server. The data is
/// in memory and the ports are free ones, so tests can run concurrently. If the server does not
/// start or the login fails, the test fails without being executed.
///
/// ```cpp
/// EXPECT_THAT(client().QueryTable("select region, amount from sale order by region;"),
///             IsOkAndHolds(RowsAre({{"north", "1.5"}, {"south", std::nullopt}})));
/// ```
///
/// Ownership: the fixture owns the server and the first client. Clients of NewClient() may outlive
/// them; their calls then return UNAVAILABLE. Thread safety: one thread, except for the objects
/// that it returns.
class ServerTest : public ::testing::Test {
 protected:
  /// The configuration of the server. A derived class changes it in its constructor. Few rounds
  /// make logins fast.
  Config config{.password_hash_rounds = 1000};
  /// The options of its clients, apart from user and credentials.
  Options options;
  /// Whether clients call the server in process; otherwise they use HTTP.
  bool in_process = true;

  /// Starts the server and logs in.
  void SetUp() override {
    auto server = Server::Create(config);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    StatusOr<Client> client = NewClient();
    ASSERT_TRUE(client.ok()) << client.status();
    client_.emplace(*std::move(client));
  }
  /// Stops the server.
  void TearDown() override {
    client_.reset();
    server_.reset();
  }

  /// The server of this test.
  Server& server() { return *server_; }
  /// A client that is logged in as the first of config.users, or as the default user.
  Client& client() { return *client_; }
  /// Creates another client with its own session. Errors: those of the login.
  StatusOr<Client> NewClient() {
    Options with_user = options;
    with_user.user = config.users.empty() ? std::string(kDefaultUser) : config.users[0].name;
    const std::string password =
        config.users.empty() ? std::string(kDefaultPassword) : config.users[0].password;
    with_user.credentials = Credentials::Password(password);
    if (!in_process) return Client::Connect(server_->http_url(), with_user);
    Client made(server_->InProcess(), with_user);
    if (Status status = made.Login(with_user.user, password); !status.ok()) return status;
    return made;
  }

 private:
  std::unique_ptr<Server> server_;
  std::optional<Client> client_;
};

}  // namespace tql::mock

#endif  // TQL_MOCKS_SERVER_FIXTURE_H_
