// Scripts that servers write for servers.
#ifndef TQLKIT_TOOLS_TQL_SERVER_SCRIPT_H_
#define TQLKIT_TOOLS_TQL_SERVER_SCRIPT_H_

#include <vector>

#include "tools/tql/batch.h"

namespace tql::shell {

/// Sends each input as one script of ScriptKind::kProto, as --server_script says, and shows what is
/// answered, up to the first that fails, or, as the settings say, all.
ExitCode RunServerScripts(Session& session, const std::vector<Input>& inputs);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_SERVER_SCRIPT_H_
