// Users and the token of the control interface from files, so that no secret stands on a command
// line.
#ifndef TQLKIT_TOOLS_TQLMOCKD_PRIVATE_FILES_H_
#define TQLKIT_TOOLS_TQLMOCKD_PRIVATE_FILES_H_

#include <string>
#include <vector>

#include "tql/mock/server.h"
#include "tql/status.h"

namespace tqlmockd {

/// Reads a file with a line NAME:PASSWORD for each user; empty lines and lines that begin with #
/// are skipped. INVALID_ARGUMENT, with the path, for a file that cannot be read, is not a regular
/// file of at most 1 MiB, belongs to another user, or to which others have access. No error repeats
/// a line.
tql::StatusOr<std::vector<tql::mock::User>> ReadUserFile(const std::string& path);

/// Reads a file with one line, the token of the control interface. Errors as for ReadUserFile.
tql::StatusOr<std::string> ReadTokenFile(const std::string& path);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_PRIVATE_FILES_H_
