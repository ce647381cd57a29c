// Scripts that run before the server answers.
#ifndef TQLKIT_MOCKSERVER_INIT_SCRIPT_H_
#define TQLKIT_MOCKSERVER_INIT_SCRIPT_H_

#include <stop_token>
#include <string>
#include <string_view>

#include "mockserver/engine/engine.h"
#include "tql/status.h"

namespace tql::mock {

/// Runs every statement of `script` up to the first that fails; `exit;` ends it. INVALID_ARGUMENT,
/// "NAME:LINE:COLUMN: why", for a statement that failed; CANCELLED when `stop` was requested.
Status RunInitScript(engine::Engine& engine, const std::string& name, std::string_view script,
                     const std::stop_token& stop);

/// The same with the text of a file.
Status RunInitFile(engine::Engine& engine, const std::string& path, const std::stop_token& stop);

}  // namespace tql::mock

#endif  // TQLKIT_MOCKSERVER_INIT_SCRIPT_H_
