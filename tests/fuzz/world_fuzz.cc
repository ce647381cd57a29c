// Any bytes as a world: reading ends, within bounds. What was read is resolved: every object is
// found by its id, and a world of the same message is the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "mockserver/world/world.h"

using tql::world::Header;
using tql::world::Kind;
using tql::world::World;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 1 << 15) return 0;
  const std::vector<tql::world::Account> accounts = {
      {"tsadmin", "00000000-0000-5000-a000-000000000001", true},
      {"reader", "00000000-0000-5000-a000-000000000002", false}};
  const auto world = World::Read({reinterpret_cast<const char*>(data), size}, accounts);
  if (!world.ok()) {
    if (world.status().message().empty()) std::abort();
    return 0;
  }
  for (std::size_t kind = 0; kind < tql::world::kKinds; ++kind) {
    for (const Header& header : (*world)->All(static_cast<Kind>(kind))) {
      if ((*world)->Find(header.kind, header.id) != &header) std::abort();
    }
  }
  const auto again = (*world)->With((*world)->message());
  if (!again.ok()) std::abort();
  if ((*again)->message().SerializeAsString() != (*world)->message().SerializeAsString()) {
    std::abort();
  }
  return 0;
}
