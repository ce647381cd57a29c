// The server as seen by its users: tql/mock/server.h and HTTP.
#include "tql/mock/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace tql::mock {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kQuery = "/ts_dataservice/v1/public/tql/query";
constexpr const char* kLogin = "/callosum/v1/session/login";

std::unique_ptr<Server> Start(Config config = {}) {
  config.password_hash_rounds = 1000;
  auto server = Server::Create(std::move(config));
  EXPECT_TRUE(server.ok()) << server.status();
  return server.ok() ? *std::move(server) : nullptr;
}

Status StartError(Config config) {
  const auto server = Server::Create(std::move(config));
  return server.ok() ? Status() : server.status();
}

/// A logged-in client over plain HTTP.
class Client {
 public:
  explicit Client(const Server& server, const std::string& user = "tsadmin",
                  const std::string& password = "admin")
      : http_("127.0.0.1", server.http_port()) {
    http_.set_tcp_nodelay(true);
    http_.set_read_timeout(60, 0);
    const httplib::Params form = {{"username", user}, {"password", password}};
    const auto answer = http_.Post(kLogin, form);
    if (!answer) return;
    login_status_ = answer->status;
    const std::string cookie = answer->get_header_value("Set-Cookie");
    headers_ = {{"Cookie", cookie.substr(0, cookie.find(';'))}};
  }
  int login_status() const { return login_status_; }

  httplib::Result Post(const std::string& statement) {
    return http_.Post(kQuery, headers_, R"({"query":{"statement":")" + statement + "\"}}",
                      "text/plain");
  }
  /// Returns the body of the response, or "".
  std::string Run(const std::string& statement) {
    const auto answer = Post(statement);
    return answer ? answer->body : "";
  }

 private:
  httplib::Client http_;
  httplib::Headers headers_;
  int login_status_ = 0;
};

TEST(ServerTest, AnswersWhenCreateReturns) {
  const auto server = Start();
  ASSERT_TRUE(server);
  EXPECT_EQ(server->http_url(), "http://127.0.0.1:" + std::to_string(server->http_port()));
  EXPECT_EQ(server->https_url(), "https://127.0.0.1:" + std::to_string(server->https_port()));
  httplib::Client http("127.0.0.1", server->http_port());
  const auto health = http.Get("/healthz");
  ASSERT_TRUE(health);
  EXPECT_EQ(health->status, 200);
  EXPECT_THAT(Client(*server).Run("show databases;"), HasSubstr("thoughtspot_internal"));
}

TEST(ServerTest, CertificateIsTrusted) {
  const auto server = Start({.http = "off"});
  ASSERT_TRUE(server);
  EXPECT_EQ(server->http_port(), 0);
  EXPECT_EQ(server->http_url(), "");
  const std::string file = ::testing::TempDir() + "/server_test.pem";
  std::ofstream(file) << server->certificate_pem();
  httplib::SSLClient https("127.0.0.1", server->https_port());
  https.set_ca_cert_path(file.c_str());
  https.enable_server_certificate_verification(true);
  const auto health = https.Get("/healthz");
  ASSERT_TRUE(health) << httplib::to_string(health.error());
  EXPECT_EQ(health->status, 200);
  std::filesystem::remove(file);
}

TEST(ServerTest, TwoServersAreIndependent) {
  const auto first = Start({.init_scripts = {"create database one;"}});
  auto second = Start(
      {.https = "off", .users = {{"other", "secret"}}, .init_scripts = {"create database two;"}});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(second->certificate_pem(), "");
  Client one(*first);
  Client two(*second, "other", "secret");
  EXPECT_EQ(Client(*second).login_status(), 401);
  EXPECT_THAT(one.Run("use one;"), HasSubstr("Statement executed successfully."));
  EXPECT_THAT(one.Run("use two;"), HasSubstr("ERROR"));
  EXPECT_THAT(two.Run("use two;"), HasSubstr("Statement executed successfully."));
  second.reset();
  EXPECT_THAT(one.Run("use one;"), HasSubstr("Statement executed successfully."));
}

TEST(ServerTest, UserWithoutPrivilegeIsRejected) {
  const auto server = Start({.users = {{"reader", "x", false}}});
  ASSERT_TRUE(server);
  Client reader(*server, "reader", "x");
  EXPECT_EQ(reader.login_status() / 100, 2);
  EXPECT_EQ(reader.Post("show databases;")->status, 403);
}

TEST(ServerTest, InitScriptsRunInOrder) {
  const std::string file = ::testing::TempDir() + "/server_test.tql";
  std::ofstream(file) << "create database d; use d;\n-- a comment; with a semicolon\n"
                         "create table t (a int);\n";
  const auto server = Start({.init_files = {file},
                             .init_scripts = {"use d; insert into t values (17); exit; nonsense;",
                                              "use d; insert into t values (18);"}});
  ASSERT_TRUE(server);
  const std::string answer = Client(*server).Run("use d; select sum(a) from t;");
  EXPECT_THAT(answer, HasSubstr(R"({"v":["35"]})"));
  std::filesystem::remove(file);
}

TEST(ServerTest, InitScriptErrorHasPlace) {
  const Status parse = StartError({.init_scripts = {"show databases;", "show\n  nothing;"}});
  EXPECT_EQ(parse.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(parse.message(), StartsWith("init script 2:2:3: "));

  const std::string file = ::testing::TempDir() + "/server_test_bad.tql";
  std::ofstream(file) << "create database d;\n  create table\n  d.s.t (a int); use\n  nowhere;\n";
  const Status bind = StartError({.init_files = {file}});
  EXPECT_EQ(bind.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(bind.message(), StartsWith(file + ":"));

  std::ofstream(file) << "create database d;\n  use\n  nowhere;\n";
  EXPECT_THAT(StartError({.init_files = {file}}).message(), StartsWith(file + ":3:3: "));
  std::ofstream(file) << "create database d; use nowhere;\n";
  EXPECT_THAT(StartError({.init_files = {file}}).message(), StartsWith(file + ":1:24: "));
  std::filesystem::remove(file);
  EXPECT_THAT(StartError({.init_files = {file}}).message(), HasSubstr("cannot read " + file));
}

TEST(ServerTest, AWorldIsCheckedAtTheStart) {
  EXPECT_EQ(
      StartError({.world = "user: [{name: a, group: [b]}]"}),
      InvalidArgumentError("world: user[0].group[0]: line 1, column 26: unknown group \"b\""));
  EXPECT_EQ(StartError({.world_file = "x", .world = "{}"}),
            InvalidArgumentError("a world and a world file are given"));
  EXPECT_THAT(StartError({.world_file = "/nonexistent/world"}).message(),
              HasSubstr("/nonexistent/world"));
}

TEST(ServerTest, EachNamespaceHasAWorld) {
  const auto server = Start({.world = "user: [{name: zoe}]"});
  ASSERT_TRUE(server);
  auto fork = server->Fork("t1");
  ASSERT_TRUE(fork.ok()) << fork.status();
  EXPECT_THAT(fork->World().value(), HasSubstr("\"zoe\""));
  EXPECT_EQ(fork->SetWorld("user: [{name: max}]"), Status());
  EXPECT_THAT(fork->World().value(), Not(HasSubstr("\"zoe\"")));
  EXPECT_THAT(server->Main().World().value(), HasSubstr("\"zoe\""));
  EXPECT_EQ(fork->SetWorld("user: 7").code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(server->Find("t2").World().status().code(), StatusCode::kNotFound);
}

TEST(ServerTest, StartCanBeStopped) {
  std::stop_source stop;
  stop.request_stop();
  const Status status =
      StartError({.init_scripts = {"create database d;"}, .stop = stop.get_token()});
  EXPECT_EQ(status.code(), StatusCode::kCancelled) << status;
}

TEST(ServerTest, PortInUseIsUnavailable) {
  const auto first = Start();
  ASSERT_TRUE(first);
  const std::string taken = "127.0.0.1:" + std::to_string(first->http_port());
  const Status status = StartError({.http = taken});
  EXPECT_EQ(status.code(), StatusCode::kUnavailable) << status;
  EXPECT_THAT(status.message(), HasSubstr(taken));
}

TEST(ServerTest, DataFileIsExclusiveAndDurable) {
  const std::string file = ::testing::TempDir() + "/server_test.db";
  std::filesystem::remove(file);
  auto server = Start({.data = file, .init_scripts = {"create database kept;"}});
  ASSERT_TRUE(server);
  EXPECT_EQ(StartError({.data = file}).code(), StatusCode::kUnavailable);
  server.reset();
  server = Start({.data = file});
  ASSERT_TRUE(server);
  EXPECT_THAT(Client(*server).Run("show databases;"), HasSubstr("kept"));
  server.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file + suffix);
}

/// A cross join that runs far longer than any test.
constexpr const char* kEndless =
    "use n; select count(*) from t a, t b, t c, t d, t e, t f, t g, t h, t i, t j, t k, t l "
    "where a.x + b.x + c.x + d.x + e.x + f.x + g.x + h.x < 0;";

TEST(ServerTest, StopEndsStatementsAndConnections) {
  std::string rows = "(0)";
  for (int i = 1; i < 100; ++i) rows += ",(" + std::to_string(i) + ")";
  const auto server = Start(
      {.init_scripts = {"create database n; use n; create table t (x int); insert into t values " +
                        rows + ";"}});
  ASSERT_TRUE(server);
  Client idle(*server);
  EXPECT_THAT(idle.Run("use n;"), Not(IsEmpty()));
  Client busy(*server);
  std::promise<void> begun;
  auto answer = std::async(std::launch::async, [&] {
    begun.set_value();
    return busy.Run(kEndless);
  });
  begun.get_future().wait();
  server->Stop();
  const std::string body = answer.get();  // Ends without a byte, or with an error.
  EXPECT_THAT(body, Not(HasSubstr("result rows")));
  EXPECT_THAT(idle.Run("use n;"), IsEmpty());
  server->Stop();
}

TEST(ServerTest, StatementTimeout) {
  std::string rows = "(0)";
  for (int i = 1; i < 100; ++i) rows += ",(" + std::to_string(i) + ")";
  const auto server = Start(
      {.init_scripts = {"create database n; use n; create table t (x int); insert into t values " +
                        rows + ";"},
       .statement_timeout = std::chrono::milliseconds(50)});
  ASSERT_TRUE(server);
  EXPECT_THAT(Client(*server).Run(kEndless), HasSubstr("ERROR"));
  EXPECT_THAT(Client(*server).Run("show databases;"), HasSubstr("successfully"));
}

TEST(ServerTest, LogsWithoutSecrets) {
  std::mutex mutex;
  std::string all;
  {
    const auto server =
        Start({.users = {{"ann", "pa55word"}}, .log = [&](LogLevel, std::string_view message) {
                 const std::lock_guard lock(mutex);
                 all.append(message).append("\n");
               }});
    ASSERT_TRUE(server);
    EXPECT_THAT(Client(*server, "ann", "pa55word").Run("select 'a secret' from t;"),
                Not(IsEmpty()));
  }
  EXPECT_THAT(all, HasSubstr("listening on https://127.0.0.1:"));
  EXPECT_THAT(all, HasSubstr(std::string("POST ") + kQuery));
  EXPECT_THAT(all, HasSubstr("stopped"));
  EXPECT_THAT(all, Not(HasSubstr("pa55word")));
  EXPECT_THAT(all, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace tql::mock
