/// \file
/// A GoogleTest fixture with a TQL service of its own for each test. Needs gtest, and links both
/// tqlkit::client and tqlkit::mockserver. tql/mocks/matchers.h has the matchers.
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

/// Starts a server before each test, logs a client in, and stops the server after it. Everything is
/// in memory and on ports of its own, so tests may run at the same time. A test whose server does
/// not start, or whose login fails, fails without running.
class ServerTest : public ::testing::Test {
 protected:
  /// To be changed by a derived class's constructor: the server, and how clients connect. A login
  /// is cheap: passwords of tests need no slow hash.
  Config config{.password_hash_rounds = 1000};
  Options options;
  /// Whether clients call into the server without a socket; else over HTTP.
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

  /// This test's own.
  Server& server() { return *server_; }
  /// Logged in as the first of config.users, or as the default user.
  Client& client() { return *client_; }
  /// Another one, with a session of its own.
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
