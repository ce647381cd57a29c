// Scripts that run before the server accepts requests.
#ifndef TQLKIT_MOCKSERVER_INIT_SCRIPT_H_
#define TQLKIT_MOCKSERVER_INIT_SCRIPT_H_

#include <stop_token>
#include <string>

#include "mockserver/engine/engine.h"
#include "tql/status.h"

namespace tql::mock {

/// Runs the statements of `script` up to the first error or `exit;`. Restores the guids and parsing
/// hints in the comments of a dump made by SCRIPT. INVALID_ARGUMENT,
/// "NAME:LINE:COLUMN: why", for a statement that failed; CANCELLED when `stop` was requested.
Status RunInitScript(engine::Engine& engine, const engine::Clock& clock, const std::string& name,
                     std::string script, const std::stop_token& stop);

/// Does the same with the text of a file or a pipe.
Status RunInitFile(engine::Engine& engine, const engine::Clock& clock, const std::string& path,
                   const std::stop_token& stop);

}  // namespace tql::mock

#endif  // TQLKIT_MOCKSERVER_INIT_SCRIPT_H_
