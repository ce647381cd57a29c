// The person's own folders.
#ifndef TQLKIT_TOOLS_TQL_HOME_H_
#define TQLKIT_TOOLS_TQL_HOME_H_

#include <string>

namespace tql::shell {

/// The path with a leading `~` or `~USER` replaced by the home folder of this or that user, as a
/// command shell does. Any other path, and that of an unknown user, stays as it is.
std::string ExpandTilde(const std::string& path);

/// $XDG_STATE_HOME/tql/history, else ~/.local/state/tql/history; empty without a home folder.
std::string HistoryPath();

/// Makes the folder and those above it that do not exist, for their owner alone (0700). A home
/// folder that does not exist is not made, nor is anything below it.
void MakeStateFolder(const std::string& folder);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_HOME_H_
