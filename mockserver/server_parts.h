// The parts of a server that its configuration determines.
#ifndef TQLKIT_MOCKSERVER_SERVER_PARTS_H_
#define TQLKIT_MOCKSERVER_SERVER_PARTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "mockserver/engine/engine.h"
#include "mockserver/net/tls.h"
#include "mockserver/service/session.h"
#include "mockserver/space/environment.h"
#include "mockserver/testdouble/double.h"
#include "mockserver/world/attachment.h"
#include "tql/mock/server.h"

namespace tql::mock {

// Errors of all functions are those of Server::Create.

/// The environment of the namespace "main". The seed may be that of a plan.
StatusOr<std::shared_ptr<space::Environment>> MakeEnvironment(const Config& config,
                                                              std::optional<std::uint64_t> seed,
                                                              const engine::Clock& clock);
/// The engine of the namespace "main", after the init scripts. Borrows the environment.
StatusOr<std::unique_ptr<engine::Engine>> MakeEngine(const Config& config,
                                                     space::Environment& environment);
StatusOr<net::TlsContext> MakeTls(const Config& config);
StatusOr<std::unique_ptr<service::SessionStore>> MakeSessions(const Config& config,
                                                              const std::vector<User>& users,
                                                              const engine::Clock& clock);
/// The double of the namespace "main", with the plans of the configuration.
StatusOr<std::shared_ptr<testdouble::Double>> MakeDouble(const Config& config,
                                                         testdouble::JournalBudget& budget);

/// The world of the namespace "main". `sessions` is borrowed: the default world is read later.
StatusOr<std::shared_ptr<world::WorldAttachment>> MakeWorld(const Config& config,
                                                            const service::SessionStore& sessions);

}  // namespace tql::mock

#endif  // TQLKIT_MOCKSERVER_SERVER_PARTS_H_
