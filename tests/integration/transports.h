// A server and a client of it, over each transport.
#ifndef TQLKIT_TESTS_INTEGRATION_TRANSPORTS_H_
#define TQLKIT_TESTS_INTEGRATION_TRANSPORTS_H_

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql::testing {

enum class Way { kHttp, kHttps, kGrpc, kGrpcTls, kInProcess };

std::vector<Way> AllWays();
/// Returns e.g. "Http", a part of test names.
std::string WayName(Way way);
inline void PrintTo(Way way, std::ostream* out) { *out << WayName(way); }

/// A server that can be reached over one transport only.
class Service {
 public:
  /// Aborts the test program if the server does not start. `config` does not set ports.
  explicit Service(Way way, mock::Config config = {});
  ~Service();

  /// Returns a transport without a session, or a client over one.
  std::shared_ptr<Transport> NewTransport(Options options = {});
  Client Connect(const Options& options = {}) { return Client(NewTransport(options), options); }
  /// Returns a client with a session of the default user.
  Client Login(const Options& options = {});
  /// The URL for Client::Connect(); empty in process.
  std::string Address() const;
  mock::Server& server() { return *server_; }

 private:
  const Way way_;
  std::unique_ptr<mock::Server> server_;
  std::string ca_file_;
};

/// The events of a result, one per line. Random guids are replaced by GUID.
std::vector<std::string> Record(StatusOr<std::unique_ptr<ResultStream>> stream);

/// A server that can be reached over HTTP, gRPC and in process, with the database d.
class OpenServer {
 public:
  /// Aborts the test program if the server does not start. `config` does not set ports; its init
  /// scripts create d.
  explicit OpenServer(mock::Config config);

  mock::Server& operator*() { return *server_; }
  /// Clients of a namespace in the database d, one over each transport.
  std::vector<Client> Clients(const std::string& space);

 private:
  std::unique_ptr<mock::Server> server_;
};

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_INTEGRATION_TRANSPORTS_H_
