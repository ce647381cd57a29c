// The server under test: started like a user's server, filled and queried over HTTP.
#ifndef TOOLS_TQLBENCH_SERVER_H_
#define TOOLS_TQLBENCH_SERVER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlbench/process.h"
#include "tools/tqlbench/socket.h"
#include "tql/status.h"

namespace tqlbench {

inline constexpr std::string_view kUser = "tsadmin";
inline constexpr std::string_view kPassword = "admin";
inline constexpr std::string_view kDatabase = "bench";

class Server {
 public:
  /// Starts tqlmockd in memory on free ports and waits for its ready line.
  static tql::StatusOr<Server> Start(const std::string& program,
                                     const std::vector<std::string>& more_flags = {});

  Process& process() { return process_; }
  std::uint16_t http_port() const { return http_port_; }
  /// "http://127.0.0.1:port" and "https://127.0.0.1:port".
  const std::string& http_url() const { return http_url_; }
  const std::string& https_url() const { return https_url_; }
  /// "https://127.0.0.1:port?transport=grpc".
  const std::string& grpc_url() const { return grpc_url_; }
  /// From exec to the ready line.
  double start_seconds() const { return start_seconds_; }

 private:
  explicit Server(Process process) : process_(std::move(process)) {}
  Process process_;
  std::string http_url_;
  std::string https_url_;
  std::string grpc_url_;
  std::uint16_t http_port_ = 0;
  double start_seconds_ = 0;
};

/// A logged-in connection.
class Session {
 public:
  /// `space` is a namespace of the server; empty: main.
  static tql::StatusOr<Session> Login(std::uint16_t port, std::string_view space = {});

  /// Whether the server may answer with a result that it has kept.
  enum class Cache { kUsed, kSkipped };
  /// The HTTP request that runs a statement in the database `bench`, without row limits.
  std::string RequestOf(std::string_view statement, Cache cache = Cache::kUsed) const;
  /// Runs a statement; returns the body of the response, or the error that it contains.
  tql::StatusOr<std::string> Run(std::string_view statement, Cache cache = Cache::kUsed);
  Socket& socket() { return socket_; }

 private:
  explicit Session(Socket socket) : socket_(std::move(socket)) {}
  Socket socket_;
  std::string cookie_;
};

/// Creates the database, the table lineitem with `rows` rows, and a table `times` with the numbers
/// 1 to `times`, by which rows can be multiplied. Calls `progress` with the number of rows stored.
tql::Status LoadLineitem(Session& session, std::uint64_t rows, std::uint64_t times,
                         const std::function<void(std::uint64_t)>& progress);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_SERVER_H_
