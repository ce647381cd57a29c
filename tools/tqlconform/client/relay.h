// A connection between a program under test and the server that changes the bytes on their way, as
// a Wire describes, and records requests and responses. It does what plans of the test double
// cannot: the framing of HTTP, and bytes below TLS and gRPC.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_RELAY_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_RELAY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tqlconform {

class ResponseRewriter;

/// A request, head and body, as it was sent, and what the program has received of the response.
struct RelayedCall {
  std::string request;
  std::string response;                 // At most kMostResponse bytes.
  std::uint64_t response_left_out = 0;  // Bytes that follow.
};

/// Listens on a free port of 127.0.0.1 until it is destroyed.
class Relay {
 public:
  /// The most connections at once, and the most bytes of requests that are recorded.
  static constexpr std::size_t kMostConnections = 64;
  static constexpr std::size_t kMostRecorded = std::size_t{16} << 20;
  /// The most bytes that are recorded of a response.
  static constexpr std::size_t kMostResponse = std::size_t{16} << 10;

  /// Forwards to `port` of 127.0.0.1. `is_http`: the bytes are HTTP without TLS, so that requests
  /// are recorded and responses may be changed. INVALID_ARGUMENT for an invalid RE.
  static tql::StatusOr<std::unique_ptr<Relay>> Start(int port, bool is_http,
                                                     const confpb::Wire& wire);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  int port() const { return port_; }
  /// How many connections were made.
  std::size_t connections() const;
  /// The requests that have arrived completely, and their responses; of each connection that is
  /// answered with `instead`, its first bytes.
  std::vector<RelayedCall> calls() const;

 private:
  class Connection;

  Relay(int listener, int port, int server_port, bool is_http, confpb::Wire wire,
        ResponseRewriter responses);
  void Accept(const std::stop_token& stop);
  void Serve(int client);
  void Record(std::string request, std::size_t* call);
  void RecordResponse(std::size_t call, std::string_view bytes);

  const int listener_;
  const int port_;
  const int server_port_;
  const bool is_http_;
  const confpb::Wire wire_;
  const std::unique_ptr<const ResponseRewriter> responses_;
  mutable std::mutex mutex_;
  std::vector<int> open_;
  std::vector<RelayedCall> calls_;
  std::size_t recorded_ = 0;
  std::vector<std::thread> threads_;
  std::jthread acceptor_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_RELAY_H_
