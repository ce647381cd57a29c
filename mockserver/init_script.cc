#include "mockserver/init_script.h"

#include <cstddef>
#include <utility>

#include "mockserver/service/discarding_sink.h"
#include "mockserver/service/statement_runner.h"
#include "proto/base/file.h"

namespace tql::mock {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30;

}  // namespace

Status RunInitScript(engine::Engine& engine, const engine::Clock& clock, const std::string& name,
                     std::string script, const std::stop_token& stop) {
  service::StatementRunner::Settings settings;
  settings.options.interactive = false;
  settings.options.generate_guids_in_ddl = false;
  settings.script = true;
  settings.go_on = false;
  storage::Cancellation cancellation;
  cancellation.stop = stop;
  service::StatementRunner runner(engine, clock, std::move(script), std::move(cancellation),
                                  std::move(settings));
  service::DiscardingSink sink;
  Status status = runner.Admit();
  if (status.ok()) status = runner.Run(sink);
  if (stop.stop_requested()) return CancelledError("stopped while " + name + " ran");
  if (status.ok()) return status;
  const TextPlace place = status.place() ? *status.place() : TextPlace();
  return InvalidArgumentError(name + ':' + std::to_string(place.line) + ':' +
                              std::to_string(place.column) + ": " + status.message());
}

Status RunInitFile(engine::Engine& engine, const engine::Clock& clock, const std::string& path,
                   const std::stop_token& stop) {
  StatusOr<std::string> script = base::ReadFile(path, kMostBytes, base::FileKind::kAny, stop);
  if (script.ok()) return RunInitScript(engine, clock, path, *std::move(script), stop);
  if (stop.stop_requested()) return CancelledError("stopped while " + path + " was read");
  return InvalidArgumentError("cannot read " + path + ": " + script.status().message());
}

}  // namespace tql::mock
