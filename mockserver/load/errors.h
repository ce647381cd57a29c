// The error messages of the tsload service. Those that its documentation has are verbatim, because
// clients print them.
#ifndef TQLKIT_MOCKSERVER_LOAD_ERRORS_H_
#define TQLKIT_MOCKSERVER_LOAD_ERRORS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tql/status.h"

namespace tql::load::errors {

// Documented.
Status NotLoggedIn();
Status NoPrivilege();
Status UnknownCycle(std::string_view cycle);
Status UnknownTable();
Status NoBadRecords(std::string_view cycle);
Status CannotCommitUnknown(std::string_view cycle);
/// `body` is the request, `reason` is on a line of its own.
Status InvalidParams(std::string_view body, const Status& reason);

// Ours.
Status MissingChunks(std::string_view cycle, std::uint64_t found, std::uint64_t expected);
Status UploadsInProgress(std::string_view cycle, std::size_t uploads);
Status TooManyUploads(std::size_t limit);
Status TooManyCycles(std::size_t limit);
Status TooManyBadRows(std::int64_t limit, std::string_view first_reason);
Status Cancelled();
Status ServerStopping();

}  // namespace tql::load::errors

#endif  // TQLKIT_MOCKSERVER_LOAD_ERRORS_H_
