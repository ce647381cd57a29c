// Pages of the REST API.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/load.h"
#include "tools/tqlbench/measurements.h"
#include "tools/tqlbench/socket.h"

namespace tqlbench {
namespace {

constexpr int kUsers = 10'000;
constexpr int kGroups = 20;
constexpr std::string_view kLogin = "/callosum/v1/session/login";
constexpr std::string_view kPage =
    "/callosum/v1/tspublic/v1/metadata/list?type=USER&batchsize=10000";
constexpr std::string_view kTarget = "rest-pages";

/// A world of users and the groups that they belong to.
tql::StatusOr<std::string> WorldFile(Bench& bench) {
  auto path = bench.WorkFile("world.json");
  if (!path) return path;
  std::ofstream file(*path);
  file << R"({"group": [)";
  for (int i = 0; i < kGroups; ++i) {
    file << (i > 0 ? ", " : "") << R"({"name": "group )" << i << R"("})";
  }
  file << R"(], "user": [)";
  for (int i = 0; i < kUsers; ++i) {
    file << (i > 0 ? ",\n" : "") << R"({"name": "user)" << i << R"(", "display_name": "User No. )"
         << i << R"(", "mail": "user)" << i << R"(@example.com", "group": ["group )" << i % kGroups
         << R"("], "created": "2023-01-10T09:30:00Z"})";
  }
  file << "]}\n";
  if (!file.flush()) return tql::UnavailableError("cannot write " + *path);
  return path;
}

tql::StatusOr<AnswerReader> Answer(Socket& socket, const std::string& request,
                                   std::string* body = nullptr) {
  if (tql::Status sent = socket.Send(request); !sent.ok()) return sent;
  AnswerReader reader(body);
  if (tql::Status received = socket.Receive(&reader); !received.ok()) return received;
  if (reader.status() / 100 == 2) return reader;
  return tql::InternalError("the server answered " + std::to_string(reader.status()));
}

/// A request for a page with all users, and the body of its response.
struct Page {
  std::string request;
  std::string body;
};
tql::StatusOr<Page> FirstPage(const Server& server) {
  auto socket = Socket::Connect(server.http_port());
  if (!socket) return socket.status();
  const auto login = Answer(*socket, HttpRequest(kLogin, "", "application/x-www-form-urlencoded",
                                                 "username=" + std::string(kUser) +
                                                     "&password=" + std::string(kPassword)));
  if (!login) return login.status();
  constexpr std::string_view kName = "JSESSIONID=";
  std::string cookie = login->head();  // one of several
  cookie.erase(0, std::min(cookie.find(kName), cookie.size() - kName.size()) + kName.size());
  cookie.erase(std::min(cookie.find(';'), cookie.size()));
  Page page{.request = HttpRequest(kPage, cookie, "", ""), .body = {}};
  const auto answer = Answer(*socket, page.request, &page.body);
  if (!answer) return answer.status();
  return page;
}

struct Peer {
  Process process;
  std::uint16_t port;
};
tql::StatusOr<Peer> StartPeer(Bench& bench, const std::string& body) {
  const auto file = bench.WorkFile("page.json");
  if (!file) return file.status();
  if (!(std::ofstream(*file) << body).flush()) {
    return tql::UnavailableError("cannot write " + *file);
  }
  auto process =
      Process::Start({bench.options().node, bench.options().script_folder + "/rest_peer.js", *file},
                     Process::Output::kPipe);
  if (!process) return process.status();
  const auto port = process->ReadLine(std::chrono::seconds(10));
  if (!port) return port.status();
  return Peer{*std::move(process), static_cast<std::uint16_t>(std::stoi(*port))};
}

}  // namespace

tql::Status MeasureRestPages(Bench& bench) {
  const auto world = WorldFile(bench);
  if (!world) return world.status();
  auto server = Server::Start(bench.options().tqlmockd, {"--world", *world});
  if (!server) return server.status();
  const auto page = FirstPage(*server);
  if (!page) return page.status();
  const auto peer = StartPeer(bench, page->body);
  if (!peer) {
    bench.recorder().Skip(std::string(kTarget), "no node: " + peer.status().message());
    return {};
  }
  const std::chrono::milliseconds time(static_cast<int>(bench.options().load_seconds * 1000));
  return ForEachPair(bench, kTarget, [&]() -> tql::Status {
    const auto own = RunLoad(server->http_port(), {page->request}, 1, time);
    if (!own) return own.status();
    const auto other = RunLoad(peer->port, {page->request}, 1, time);
    if (!other) return other.status();
    const double mib = static_cast<double>(page->body.size()) / (1024.0 * 1024.0);
    bench.recorder().Add(std::string(kTarget), own->PerSecond() / other->PerSecond());
    bench.recorder().Detail("REST page of 10,000 users", "MiB/s", own->PerSecond() * mib);
    bench.recorder().Detail("the same by node", "MiB/s", other->PerSecond() * mib);
    return {};
  });
}

}  // namespace tqlbench
