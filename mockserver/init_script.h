// Scripts that run before the server answers.
#ifndef TQLKIT_MOCKSERVER_INIT_SCRIPT_H_
#define TQLKIT_MOCKSERVER_INIT_SCRIPT_H_

#include <stop_token>
#include <string>

#include "mockserver/engine/engine.h"
#include "tql/status.h"

namespace tql::mock {

/// Runs every statement of `script` up to the first that fails; `exit;` ends it. Guids and parsing
/// hints in the comments of a dump that SCRIPT made are kept. INVALID_ARGUMENT,
/// "NAME:LINE:COLUMN: why", for a statement that failed; CANCELLED when `stop` was requested.
Status RunInitScript(engine::Engine& engine, const engine::Clock& clock, const std::string& name,
                     std::string script, const std::stop_token& stop);

/// The same with the text of a file, or of a pipe.
Status RunInitFile(engine::Engine& engine, const engine::Clock& clock, const std::string& path,
                   const std::stop_token& stop);

}  // namespace tql::mock

#endif  // TQLKIT_MOCKSERVER_INIT_SCRIPT_H_
