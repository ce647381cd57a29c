// Generated users and requests. Each object depends on the seed, its position and the time before
// which all of them were created, so that none of them needs memory.
#ifndef TQLKIT_MOCKSERVER_THENA_GENERATOR_H_
#define TQLKIT_MOCKSERVER_THENA_GENERATOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "mockserver/thena/messages.h"
#include "mockserver/thena/object_list.h"

namespace tql::thena {

inline constexpr std::size_t kMostRequests = 10'000'000;
inline constexpr std::size_t kMostUsers = 100'000;

struct GeneratorOptions {
  std::size_t count = 0;
  std::uint64_t seed = 0;
  /// The objects are created within the year before this time, in milliseconds since 1970.
  std::int64_t before_ms = 0;
};

std::unique_ptr<const ObjectSource> MakeUserSource(const GeneratorOptions& options);

/// Requests of these users, which must outlive the source. Their custom fields and their substatus
/// are those of the world.
std::unique_ptr<const ObjectSource> MakeRequestSource(const GeneratorOptions& options,
                                                      const ObjectList& users,
                                                      const mockpb::ThenaWorld& world);

}  // namespace tql::thena

#endif  // TQLKIT_MOCKSERVER_THENA_GENERATOR_H_
