// What a namespace does not share with others besides its data: its clock and its identifiers.
#ifndef TQLKIT_MOCKSERVER_SPACE_ENVIRONMENT_H_
#define TQLKIT_MOCKSERVER_SPACE_ENVIRONMENT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "mockserver/engine/adjustable_clock.h"
#include "mockserver/space/identifiers.h"

namespace tql::space {

/// Thread safety: the members are thread-safe.
struct Environment {
  /// `base` is the clock that an unadjusted clock shows; it must outlive the environment.
  Environment(std::string_view space, const engine::Clock& base,
              std::optional<std::uint64_t> seed = std::nullopt)
      : clock(base), identifiers(space, seed) {}

  /// The environment of a fork called `space`: with the time and the seed of this one, and without
  /// sessions.
  std::shared_ptr<Environment> Fork(std::string_view space) const {
    return std::shared_ptr<Environment>(new Environment(space, clock, identifiers.seed()));
  }

  engine::AdjustableClock clock;
  Identifiers identifiers;

 private:
  Environment(std::string_view space, const engine::AdjustableClock& time,
              std::optional<std::uint64_t> seed)
      : clock(time), identifiers(space, seed) {}
};

}  // namespace tql::space

#endif  // TQLKIT_MOCKSERVER_SPACE_ENVIRONMENT_H_
