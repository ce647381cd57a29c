/// \file
/// A GoogleTest fixture that shares one mock server between the tests of a suite and gives each
/// test a namespace of its own. Requires gtest; link tqlkit::client and tqlkit::mockserver.
///
/// ```cpp
/// class SharedSalesTest : public tql::mock::ForkTest {
///  protected:
///   SharedSalesTest() { options.database = "sales"; }
///   static void SetUpTestSuite() {
///     StartServer({.init_scripts = {"create database sales; use sales;"
///                                   "create table sale (region varchar(9), amount double);"
///                                   "insert into sale values ('north', 1.5);"}});
///   }
/// };
/// ```
#ifndef TQL_MOCKS_FORK_FIXTURE_H_
#define TQL_MOCKS_FORK_FIXTURE_H_

#include "tql/cxx20.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql::mock {

/// Before each test, forks the data of the server and logs in a client; after it, verifies the
/// journal and the plan of the fork, and removes it. A rule that was not used up fails the test. A
/// fork takes microseconds, regardless of the size of the data.
///
/// ```cpp
/// EXPECT_EQ(space().SetPlan("rule: [{match: {kind: [INSERT]}, do: [{status: {http: 503}}]}]"),
///           tql::Status());
/// EXPECT_THAT(client().Execute("insert into sale values ('east', 4);").status,
///             StatusIs(StatusCode::kUnavailable));
/// EXPECT_EQ(space().Verify("{expect: [{match: {kind: [INSERT]}, exactly: 1}]}"), tql::Status());
/// ```
///
/// Ownership: the suite owns the server, the fixture its namespace and the first client. Thread
/// safety: one thread, except for the objects that it returns.
class ForkTest : public ::testing::Test {
 protected:
  /// The options of the clients, apart from user and credentials. One attempt, so that a client
  /// reports what the plan did.
  Options options{.retry = {.max_attempts = 1}};
  /// Whether clients call the server in process; otherwise they use HTTP.
  bool in_process = true;

  /// Starts the server of the suite, with few rounds of password hashing. A derived class calls it
  /// in its SetUpTestSuite. If the server does not start, all tests of the suite fail.
  static void StartServer(Config config) {
    config.password_hash_rounds = 1000;
    auto started = Server::Create(std::move(config));
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
  }
  /// Stops the server.
  static void TearDownTestSuite() { server_.reset(); }

  /// Forks the namespace "main" and logs in.
  void SetUp() override {
    ASSERT_TRUE(server_ != nullptr) << "the server of the suite does not run";
    StatusOr<Namespace> fork = server_->Fork(NameOfTest());
    ASSERT_TRUE(fork.ok()) << fork.status();
    space_.emplace(*std::move(fork));
    StatusOr<Client> client = NewClient();
    ASSERT_TRUE(client.ok()) << client.status();
    client_.emplace(*std::move(client));
  }
  /// Verifies the namespace and removes it.
  void TearDown() override {
    client_.reset();
    if (!space_) return;
    EXPECT_EQ(space_->Verify(), Status());
    EXPECT_EQ(server_->Remove(space_->name()), Status());
    space_.reset();
  }

  /// The server of the suite.
  Server& server() { return *server_; }
  /// The namespace of this test.
  Namespace& space() { return *space_; }
  /// A client that is logged in to the namespace as the default user.
  Client& client() { return *client_; }
  /// Creates another client with its own session. Errors: those of the login.
  StatusOr<Client> NewClient() {
    const std::string password(kDefaultPassword);
    Options with_user = options;
    with_user.user = space_->UserName();
    with_user.credentials = Credentials::Password(password);
    if (!in_process) return Client::Connect(server_->http_url(), with_user);
    Client made(space_->InProcess(), with_user);
    const Status status = made.Login(std::string(kDefaultUser), password);
    if (!status.ok()) return status;
    return made;
  }

 private:
  static std::string NameOfTest() {
    constexpr std::size_t kLongest = 64;
    const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(test->name()) + '.' + test->test_suite_name();
    for (char& c : name) {
      if (c == '/') c = '-';  // in names of tests with parameters
    }
    return name.substr(0, kLongest);
  }

  static inline std::unique_ptr<Server> server_;
  std::optional<Namespace> space_;
  std::optional<Client> client_;
};

}  // namespace tql::mock

#endif  // TQL_MOCKS_FORK_FIXTURE_H_
