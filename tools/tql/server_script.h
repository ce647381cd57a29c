// --server_script: scripts in protobuf text format.
#ifndef TQLKIT_TOOLS_TQL_SERVER_SCRIPT_H_
#define TQLKIT_TOOLS_TQL_SERVER_SCRIPT_H_

#include <vector>

#include "tools/tql/batch.h"

namespace tql::shell {

/// Sends each input as one script of ScriptKind::kProto and prints the responses, up to the first
/// failure or, depending on the settings, all of them.
ExitCode RunServerScripts(Session& session, const std::vector<Input>& inputs);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_SERVER_SCRIPT_H_
