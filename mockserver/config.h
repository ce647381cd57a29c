// Validates a Config.
#ifndef TQLKIT_MOCKSERVER_CONFIG_H_
#define TQLKIT_MOCKSERVER_CONFIG_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/frontend/http/wire_variant.h"
#include "mockserver/net/listener.h"
#include "tql/mock/server.h"

namespace tql::mock {

/// The parsed values of a Config.
struct CheckedConfig {
  std::optional<net::Endpoint> https;  // nullopt: off
  std::optional<net::Endpoint> http;
  std::optional<net::Endpoint> grpc;
  std::optional<net::Endpoint> tsload;
  std::optional<net::Endpoint> thena;
  std::vector<User> users;  // never empty
  frontend::WireVariant variant;

  /// The names of the ports with them, in the order of the messages.
  auto Ports() const {
    return std::array{
        std::pair(std::string_view("https"), &https), std::pair(std::string_view("http"), &http),
        std::pair(std::string_view("grpc"), &grpc), std::pair(std::string_view("tsload"), &tsload),
        std::pair(std::string_view("thena"), &thena)};
  }
};

/// Whether one of the ports speaks TLS.
bool NeedsTls(const Config& config);

/// How many threads read a large table for one SELECT.
std::size_t ScanThreadsOf(const Config& config);

/// Returns INVALID_ARGUMENT with the first error. Opens no port and no data file, but checks the
/// certificate's files.
StatusOr<CheckedConfig> Check(const Config& config);

}  // namespace tql::mock

#endif  // TQLKIT_MOCKSERVER_CONFIG_H_
