#include "mockserver/frontend/grpc/connection_cut.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace tql::frontend {
namespace {

/// Returns the IPv4-mapped IPv6 address.
in6_addr Mapped(const in_addr& four) {
  in6_addr six{};
  six.s6_addr[10] = six.s6_addr[11] = 0xff;
  std::memcpy(&six.s6_addr[12], &four, sizeof(four));
  return six;
}

/// Returns nullopt for a name and for a wildcard address.
std::optional<in6_addr> OneAddress(const std::string& host) {
  in6_addr six{};
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) {
    if (four.s_addr == INADDR_ANY) return std::nullopt;
    return Mapped(four);
  }
  if (inet_pton(AF_INET6, host.c_str(), &six) != 1 || IN6_IS_ADDR_UNSPECIFIED(&six)) {
    return std::nullopt;
  }
  return six;
}

struct Place {
  in6_addr address;
  int port;
};

/// Returns nullopt for a socket of another family.
std::optional<Place> PlaceOf(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address);
    return Place{Mapped(four.sin_addr), ntohs(four.sin_port)};
  }
  if (address.ss_family != AF_INET6) return std::nullopt;
  const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
  return Place{six.sin6_addr, ntohs(six.sin6_port)};
}

/// The ends of a connected TCP socket.
struct Ends {
  std::optional<Place> own;
  std::optional<Place> peer;
};

std::optional<Ends> EndsOf(int fd) {
  sockaddr_storage peer{};
  socklen_t size = sizeof(peer);
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return std::nullopt;
  sockaddr_storage own{};
  size = sizeof(own);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) != 0) return std::nullopt;
  return Ends{PlaceOf(own), PlaceOf(peer)};
}

/// Shuts down the connections of this process that `chosen` accepts.
template <typename Chosen>
void CutChosen(const Chosen& chosen) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    int fd = -1;
    std::from_chars(name.data(), name.data() + name.size(), fd);
    // A duplicate: the number could be reused for another socket between the check and the cut.
    const int socket = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (socket < 0) continue;
    if (const std::optional<Ends> ends = EndsOf(socket); ends && chosen(*ends, socket)) {
      shutdown(socket, SHUT_RDWR);
    }
    close(socket);
  }
}

/// Parses gRPC's name of a peer, "ipv6:%5B::1%5D:4711".
std::optional<Place> PlaceOfPeer(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  const std::size_t scheme = name.find(':');
  if (scheme == name.npos || colon <= scheme) return std::nullopt;
  std::string host(name.substr(scheme + 1, colon - scheme - 1));
  for (const std::string_view bracket : {"%5B", "%5D", "[", "]"}) {
    if (const std::size_t at = host.find(bracket); at != host.npos) host.erase(at, bracket.size());
  }
  int port = 0;
  const char* const end = name.data() + name.size();
  if (std::from_chars(name.data() + colon + 1, end, port).ptr != end) return std::nullopt;
  const std::optional<in6_addr> address = OneAddress(host);
  if (!address) return std::nullopt;
  return Place{*address, port};
}

bool HasUnsent(int fd) {
  int bytes = 0;
  return ioctl(fd, SIOCOUTQNSD, &bytes) == 0 && bytes > 0;
}

}  // namespace

void CutConnections(const net::Endpoint& endpoint, Cut which) {
  const std::optional<in6_addr> address = OneAddress(endpoint.host);
  CutChosen([&](const Ends& ends, int socket) {
    const bool ours = ends.own && ends.own->port == endpoint.port &&
                      (!address || IN6_ARE_ADDR_EQUAL(&*address, &ends.own->address));
    return ours && (which == Cut::kAll || HasUnsent(socket));
  });
}

void CutConnection(std::string_view peer) {
  const std::optional<Place> place = PlaceOfPeer(peer);
  if (!place) return;
  CutChosen([&](const Ends& ends, int /*socket*/) {
    return ends.peer && ends.peer->port == place->port &&
           IN6_ARE_ADDR_EQUAL(&place->address, &ends.peer->address);
  });
}

}  // namespace tql::frontend
