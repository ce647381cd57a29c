// A server and a client of it, over each of the ways that lead from one to the other.
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
/// "Http": a part of the names of tests.
std::string WayName(Way way);
inline void PrintTo(Way way, std::ostream* out) { *out << WayName(way); }

/// A server of its own that can be reached in one way alone.
class Service {
 public:
  /// Stops the test program when the server does not start. `config` says nothing of ports.
  explicit Service(Way way, mock::Config config = {});
  ~Service();

  /// A transport without a session; a client over one.
  std::shared_ptr<Transport> NewTransport(Options options = {});
  Client Connect(const Options& options = {}) { return Client(NewTransport(options), options); }
  /// One with a session of the default user.
  Client Login(const Options& options = {});
  /// The URL for Client::Connect; empty in process.
  std::string Address() const;
  mock::Server& server() { return *server_; }

 private:
  const Way way_;
  std::unique_ptr<mock::Server> server_;
  std::string ca_file_;
};

/// The events of an answer, one a line. Random guids are written as GUID.
std::vector<std::string> Record(StatusOr<std::unique_ptr<ResultStream>> stream);

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_INTEGRATION_TRANSPORTS_H_
