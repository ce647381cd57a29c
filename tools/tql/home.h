// The user's folders.
#ifndef TQLKIT_TOOLS_TQL_HOME_H_
#define TQLKIT_TOOLS_TQL_HOME_H_

#include <string>

namespace tql::shell {

/// Returns the path with a leading `~` or `~USER` replaced by the home folder of the current or
/// named user, as in a command shell. Any other path, and that of an unknown user, is returned
/// unchanged.
std::string ExpandTilde(const std::string& path);

/// Returns $XDG_STATE_HOME/tql/history, otherwise ~/.local/state/tql/history; empty without a home
/// folder.
std::string HistoryPath();

/// Creates the folder and missing parent folders, accessible only to their owner (0700). If the
/// home folder does not exist, nothing is created.
void MakeStateFolder(const std::string& folder);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_HOME_H_
