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
#include <system_error>

namespace tql::frontend {
namespace {

/// IPv4 as it is written in IPv6.
in6_addr Mapped(const in_addr& four) {
  in6_addr six{};
  six.s6_addr[10] = six.s6_addr[11] = 0xff;
  std::memcpy(&six.s6_addr[12], &four, sizeof(four));
  return six;
}

/// Null for a name, and for what stands for every address.
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

/// Of a connected TCP socket: its own end.
std::optional<Place> EndOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return std::nullopt;
  size = sizeof(address);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return std::nullopt;
  if (address.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address);
    return Place{Mapped(four.sin_addr), ntohs(four.sin_port)};
  }
  if (address.ss_family != AF_INET6) return std::nullopt;
  const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
  return Place{six.sin6_addr, ntohs(six.sin6_port)};
}

bool HasUnsent(int fd) {
  int bytes = 0;
  return ioctl(fd, SIOCOUTQNSD, &bytes) == 0 && bytes > 0;
}

}  // namespace

void CutConnections(const net::Endpoint& endpoint, Cut which) {
  const std::optional<in6_addr> address = OneAddress(endpoint.host);
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    int fd = -1;
    std::from_chars(name.data(), name.data() + name.size(), fd);
    // Of its own: the number could become another socket's between the check and the cut.
    const int socket = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (socket < 0) continue;
    const std::optional<Place> place = EndOf(socket);
    const bool ours = place && place->port == endpoint.port &&
                      (!address || IN6_ARE_ADDR_EQUAL(&*address, &place->address));
    if (ours && (which == Cut::kAll || HasUnsent(socket))) shutdown(socket, SHUT_RDWR);
    close(socket);
  }
}

}  // namespace tql::frontend
