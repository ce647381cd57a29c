// The server of one case for clients: tqlmockd's library, which plays the case's plan on ports of
// its own.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_PLAYED_SERVER_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_PLAYED_SERVER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/tqlconform/client/certificates.h"
#include "tools/tqlconform/client/observation.h"
#include "tools/tqlconform/client/relay.h"
#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tql::mock {
class Server;
}  // namespace tql::mock

namespace tqlconform {

class PlayedServer {
 public:
  /// `transport` is HTTP, HTTPS or GRPC. INVALID_ARGUMENT if the case's plan, wire or setup is
  /// wrong.
  static tql::StatusOr<std::unique_ptr<PlayedServer>> Start(const confpb::Client& client,
                                                            confpb::Transport transport);
  ~PlayedServer();
  PlayedServer(const PlayedServer&) = delete;
  PlayedServer& operator=(const PlayedServer&) = delete;

  Place place() const;
  /// Whether anything has arrived: a call, or the bytes of one.
  bool was_called() const;
  /// The calls as they were on the wire. Nothing if they were not recorded: over TLS and gRPC.
  std::optional<std::vector<RelayedCall>> calls() const;
  /// FAILED_PRECONDITION with an explanation, if what was sent is not what the case expects.
  tql::Status Verify(const tqlkit::mock::v1::VerifyRequest& request) const;
  /// The calls as the server has received them, as JSON, for a report.
  std::string Journal() const;

 private:
  PlayedServer() = default;

  std::string scheme_;
  bool plays_instead_ = false;  // the connection does not reach the server
  std::string password_;
  std::optional<Certificate> certificate_;
  std::unique_ptr<tql::mock::Server> server_;
  std::unique_ptr<Relay> relay_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_PLAYED_SERVER_H_
