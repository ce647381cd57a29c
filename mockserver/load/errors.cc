#include "mockserver/load/errors.h"

#include <string>

#include "proto/base/utf8.h"

namespace tql::load::errors {
namespace {

std::string Shown(std::string_view cycle) {
  constexpr std::size_t kMost = 100;
  return base::Excerpt(cycle, kMost);
}

std::string CannotCommit(const std::string& reason) {
  return "Commit load cycle failed. Error ending load. " + reason;
}

}  // namespace

Status NotLoggedIn() { return UnauthenticatedError("Unable to verify user. Please login again."); }
Status NoPrivilege() {
  return PermissionDeniedError(
      "User does not have required privileges. Please contact your administrator.");
}
Status UnknownCycle(std::string_view cycle) {
  return NotFoundError("Cycle_id=[" + Shown(cycle) + "] does not exist.");
}
Status UnknownTable() { return NotFoundError("Unable to find table in Falcon. Cannot load data."); }
Status NoBadRecords(std::string_view cycle) {
  return NotFoundError("Node does not exist: /tmp/" + Shown(cycle) + ".bad_record");
}
Status CannotCommitUnknown(std::string_view cycle) {
  return NotFoundError(CannotCommit("Unknown cycle_id '" + Shown(cycle) + "'"));
}
Status InvalidParams(std::string_view body, const Status& reason) {
  constexpr std::size_t kMost = std::size_t{64} << 10;
  return InvalidArgumentError("Invalid input params for starting data load: " +
                              base::SanitizeUtf8(body.substr(0, kMost)) + "\n" + reason.message());
}

Status MissingChunks(std::string_view cycle, std::uint64_t found, std::uint64_t expected) {
  return FailedPreconditionError(CannotCommit("Found " + std::to_string(found) + " of " +
                                              std::to_string(expected) + " chunks of cycle_id '" +
                                              Shown(cycle) + "'"));
}
Status UploadsInProgress(std::string_view cycle, std::size_t uploads) {
  return FailedPreconditionError(CannotCommit(
      std::to_string(uploads) + " uploads are in progress for cycle_id '" + Shown(cycle) + "'"));
}
Status TooManyUploads(std::size_t limit) {
  return ResourceExhaustedError("The load cycle has " + std::to_string(limit) +
                                " uploads, expected at most " + std::to_string(limit) + ".");
}
Status TooManyCycles(std::size_t limit) {
  return ResourceExhaustedError(std::to_string(limit) +
                                " load cycles are open. Commit or cancel one of them.");
}
Status TooManyBadRows(std::int64_t limit, std::string_view first_reason) {
  return FailedPreconditionError(
      "More than " + std::to_string(limit) +
      " rows are not valid (max_ignored_rows). The first: " + std::string(first_reason));
}
Status Cancelled() { return CancelledError("The load was cancelled."); }
Status ServerStopping() { return UnavailableError("The server is stopping."); }

}  // namespace tql::load::errors
