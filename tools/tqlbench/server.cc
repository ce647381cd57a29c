#include "tools/tqlbench/server.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "proto/base/json_writer.h"
#include "tools/tqlbench/lineitem.h"

namespace tqlbench {
namespace {

constexpr std::uint64_t kRowsPerInsert = 2000;

// The string value of `key` in the flat object of the ready line; empty if absent.
std::string ReadyValue(std::string_view line, std::string_view key) {
  const std::string start = "\"" + std::string(key) + "\":\"";
  const std::size_t from = line.find(start);
  if (from == std::string_view::npos) return {};
  const std::string_view rest = line.substr(from + start.size());
  return std::string(rest.substr(0, rest.find('"')));
}

std::uint16_t PortOf(std::string_view url) {
  std::uint16_t port = 0;
  const std::string_view digits = url.substr(url.rfind(':') + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return port;
}

}  // namespace

tql::StatusOr<Server> Server::Start(const std::string& program,
                                    const std::vector<std::string>& more_flags) {
  std::vector<std::string> arguments = {program,       "--http",      "127.0.0.1:0",
                                        "--https",     "127.0.0.1:0", "--grpc",
                                        "127.0.0.1:0", "--log-level", "error"};
  arguments.insert(arguments.end(), more_flags.begin(), more_flags.end());
  const auto start = std::chrono::steady_clock::now();
  auto process = Process::Start(arguments, Process::Output::kPipe);
  if (!process) return process.status();
  Server server(std::move(*process));
  const auto line = server.process_.ReadLine(std::chrono::seconds(30));
  if (!line) return line.status();
  server.start_seconds_ =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  server.http_url_ = ReadyValue(*line, "http");
  server.https_url_ = ReadyValue(*line, "https");
  server.grpc_url_ = "https://" + ReadyValue(*line, "grpc") + "?transport=grpc";
  server.http_port_ = PortOf(server.http_url_);
  if (server.http_port_ == 0) return tql::InternalError("no port in the ready line: " + *line);
  return server;
}

tql::StatusOr<Session> Session::Login(std::uint16_t port, std::string_view space) {
  auto socket = Socket::Connect(port);
  if (!socket) return socket.status();
  Session session(std::move(*socket));
  std::string form = "username=" + std::string(kUser);
  if (!space.empty()) form.append("%2B").append(space);
  form.append("&password=").append(kPassword);
  tql::Status sent = session.socket_.Send(
      HttpRequest("/callosum/v1/session/login", "", "application/x-www-form-urlencoded", form));
  if (!sent.ok()) return sent;
  AnswerReader reader;
  if (tql::Status status = session.socket_.Receive(&reader); !status.ok()) return status;
  const std::string cookie = reader.Header("set-cookie");
  const std::size_t start = cookie.find("JSESSIONID=");
  if (reader.status() / 100 != 2 || start == std::string::npos) {
    return tql::UnauthenticatedError("login failed: " + reader.head());
  }
  session.cookie_ = cookie.substr(start + 11, cookie.find(';', start) - start - 11);
  return session;
}

std::string Session::RequestOf(std::string_view statement, Cache cache) const {
  std::string body = R"({"context":{"database":")" + std::string(kDatabase) +
                     R"(","schema":"falcon_default_schema","server_schema_version":-1},)"
                     R"("options":{"query_options":{"query_results_apply_top_row_count":0,)"
                     R"("pagination":{"size":1000000000}})";
  if (cache == Cache::kSkipped) body += R"(,"adv_options":{"skip_cache":true})";
  body += R"(},"query":{"statement":)";
  tql::base::AppendJsonString(statement, &body);
  body += "}}";
  return HttpRequest("/ts_dataservice/v1/public/tql/query", cookie_, "text/plain", body);
}

tql::StatusOr<std::string> Session::Run(std::string_view statement, Cache cache) {
  if (tql::Status status = socket_.Send(RequestOf(statement, cache)); !status.ok()) return status;
  std::string body;
  AnswerReader reader(&body);
  if (tql::Status status = socket_.Receive(&reader); !status.ok()) return status;
  if (reader.status() != 200 || body.find("\"type\":\"ERROR\"") != std::string::npos) {
    return tql::InternalError(std::string(statement.substr(0, 80)) + ": " + body.substr(0, 500));
  }
  return body;
}

tql::Status LoadLineitem(Session& session, std::uint64_t rows, std::uint64_t times,
                         const std::function<void(std::uint64_t)>& progress) {
  const std::string database(kDatabase);
  std::string numbers = "INSERT INTO times VALUES ";
  for (std::uint64_t i = 1; i <= times; ++i) {
    numbers += (i == 1 ? "(" : ", (") + std::to_string(i) + ")";
  }
  for (const std::string& statement :
       {"CREATE DATABASE " + database + ";", CreateLineitemStatement(),
        std::string("CREATE TABLE times (n INT);"), numbers + ";"}) {
    if (auto answer = session.Run(statement); !answer) return answer.status();
  }
  LineitemGenerator generator;
  std::string insert;
  for (std::uint64_t done = 0; done < rows;) {
    const std::uint64_t count = std::min(kRowsPerInsert, rows - done);
    insert.clear();
    AppendInsert(generator, done + 1, count, &insert);
    if (auto answer = session.Run(insert); !answer) return answer.status();
    done += count;
    progress(done);
  }
  return {};
}

}  // namespace tqlbench
