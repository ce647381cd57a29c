#include "mockserver/server_parts.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/config.h"
#include "mockserver/engine/results_cache.h"
#include "mockserver/engine/scan_threads.h"
#include "mockserver/init_script.h"
#include "mockserver/plan_messages.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "mockserver/testdouble/control.h"
#include "proto/base/file.h"
#include "proto/document/message_reader.h"

namespace tql::mock {
namespace {

/// Adds the name of the file to the error.
Status About(const std::string& file, const Status& reason) {
  if (reason.message().find(file) != std::string::npos) return reason;
  return Status(reason.code(), file + ": " + reason.message());
}

/// The settings of plans that set none.
mockpb::Settings SettingsOf(const Config& config) {
  Settings settings{.seed = config.seed, .strict = config.strict};
  if (config.unordered_rows != RowOrder::kInsertion) {
    settings.unordered_rows = config.unordered_rows;
  }
  if (config.fail_unmatched) settings.fail_unmatched = true;
  if (config.evidence != Evidence::kInferred) settings.evidence = config.evidence;
  return ToMessage(settings);
}

}  // namespace

StatusOr<std::shared_ptr<space::Environment>> MakeEnvironment(const Config& config,
                                                              std::optional<std::uint64_t> seed,
                                                              const engine::Clock& clock) {
  auto environment = std::make_shared<space::Environment>(space::kMain, clock, seed);
  if (!config.time && !config.freeze_time) return environment;
  const Status status =
      environment->clock.Adjust({.now = config.time, .frozen = config.freeze_time});
  if (!status.ok()) return InvalidArgumentError(status.message());
  return environment;
}

StatusOr<std::unique_ptr<engine::Engine>> MakeEngine(const Config& config,
                                                     space::Environment& environment) {
  const engine::Clock& clock = environment.clock;
  storage::SqliteOptions options;
  options.path = config.data;
  const std::size_t threads = ScanThreadsOf(config);
  if (threads > 1) options.divided_rows = std::max<std::size_t>(config.scan_threads_rows, 1);
  if (config.log) {
    options.log = [log = config.log](std::string_view what) { log(LogLevel::kError, what); };
  }
  StatusOr<std::unique_ptr<storage::Storage>> storage = storage::OpenSqlite(options);
  if (!storage.ok()) return About(config.data, storage.status());
  auto results = config.results_cache_bytes > 0
                     ? std::make_shared<engine::ResultsCache>(config.results_cache_bytes)
                     : nullptr;
  auto engine = engine::Engine::Create(
      *std::move(storage), environment.identifiers, clock, std::move(results),
      threads > 1 ? std::make_shared<engine::ScanThreads>(threads) : nullptr);
  if (!engine.ok()) return About(config.data, engine.status());
  for (const std::string& path : config.init_files) {
    if (Status status = RunInitFile(**engine, clock, path, config.stop); !status.ok())
      return status;
  }
  int number = 0;
  for (const std::string& script : config.init_scripts) {
    const std::string name = "init script " + std::to_string(++number);
    if (Status status = RunInitScript(**engine, clock, name, script, config.stop); !status.ok()) {
      return status;
    }
  }
  return engine;
}

StatusOr<net::TlsContext> MakeTls(const Config& config) {
  if (config.tls_cert_file.empty()) return net::TlsContext::SelfSigned();
  return net::TlsContext::FromFiles(config.tls_cert_file, config.tls_key_file);
}

StatusOr<std::unique_ptr<service::SessionStore>> MakeSessions(const Config& config,
                                                              const std::vector<User>& users,
                                                              const engine::Clock& clock) {
  service::SessionStore::Options options;
  options.idle_timeout = config.session_idle_timeout;
  options.absolute_timeout = config.session_absolute_timeout;
  options.hash_rounds = static_cast<int>(config.password_hash_rounds);
  auto sessions = std::make_unique<service::SessionStore>(options, clock);
  for (const User& user : users) {
    const Status status = sessions->AddUser(user.name, user.password, user.can_manage_data);
    if (!status.ok()) return InvalidArgumentError(status.message());
  }
  return sessions;
}

StatusOr<std::shared_ptr<testdouble::Double>> MakeDouble(const Config& config,
                                                         testdouble::JournalBudget& budget) {
  testdouble::Journal::Limits limits;
  limits.records = config.journal_entries;
  auto made = std::make_shared<testdouble::Double>(
      limits, budget, std::make_unique<testdouble::Plan>(SettingsOf(config)));
  const auto append = [&](const std::string& name, std::string_view text) {
    mockpb::Plan plan;
    Status status = document::ReadMessage(text, &plan);
    if (status.ok()) status = made->plan().Append(plan);
    if (status.ok()) return status;
    return InvalidArgumentError(name + ": " + status.message());
  };
  for (const std::string& path : config.plan_files) {
    const StatusOr<std::string> text = base::ReadFile(path, document::Limits().max_bytes);
    if (!text.ok()) return InvalidArgumentError(path + ": " + text.status().message());
    if (Status status = append(path, *text); !status.ok()) return status;
  }
  int number = 0;
  for (const std::string& text : config.plans) {
    const std::string name = "plan " + std::to_string(++number);
    if (Status status = append(name, text); !status.ok()) return status;
  }
  return made;
}

StatusOr<std::shared_ptr<world::WorldAttachment>> MakeWorld(const Config& config,
                                                            const service::SessionStore& sessions) {
  if (config.world.empty() && config.world_file.empty()) {
    // Most servers are never asked for it.
    return std::make_shared<world::WorldAttachment>(
        std::make_shared<world::LazyWorld>([&sessions]() -> std::shared_ptr<const world::World> {
          auto made = testdouble::ReadWorld(world::DefaultWorld(), sessions);
          if (!made.ok()) throw std::logic_error("default world: " + made.status().message());
          return *std::move(made);
        }));
  }
  std::string text = config.world;
  std::string name = "world";
  if (!config.world_file.empty()) {
    if (!config.world.empty()) return InvalidArgumentError("a world and a world file are given");
    name = config.world_file;
    StatusOr<std::string> file = base::ReadFile(name, document::Limits().max_bytes);
    if (!file.ok()) return About(name, InvalidArgumentError(file.status().message()));
    text = *std::move(file);
  }
  auto made = testdouble::ReadWorld(text, sessions);
  if (!made.ok()) return InvalidArgumentError(name + ": " + made.status().message());
  return std::make_shared<world::WorldAttachment>(*std::move(made));
}

}  // namespace tql::mock
