// The calls of the REST API without a protocol: what a request asks for, and its answer.
#ifndef TQLKIT_MOCKSERVER_REST_ENDPOINT_H_
#define TQLKIT_MOCKSERVER_REST_ENDPOINT_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/rest/caller.h"
#include "mockserver/rest/params.h"
#include "mockserver/service/coverage.h"
#include "tql/status.h"

namespace tql::rest {

struct Request {
  const Caller& caller;
  const Params& params;
  std::span<const std::string> path;  // the parameters of the path
};

/// Receives a body piece by piece. Returns false if the client has disconnected.
using WriteBody = std::function<bool(std::string_view piece)>;

struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  /// If set, writes the body instead. The request is not valid any more.
  std::function<void(const WriteBody& write)> stream = nullptr;
};

/// The paths of an endpoint.
enum class Family : std::uint8_t {
  kPublic,   // /tspublic/v1/X and /callosum/v1/tspublic/v1/X
  kPrivate,  // /callosum/v1/X
  kBoth,     // all of these
  kV2,       // /api/rest/2.0/X
  kRoot,     // /X
};
enum class Access : std::uint8_t { kEverybody, kSession, kAdministrator };

/// Returns the answer, or the error: INVALID_ARGUMENT is 400, INTERNAL is the documented 500.
using Handle = StatusOr<Answer> (*)(const Request& request);

struct Endpoint {
  std::string_view method;
  std::string_view path;  // behind the prefix; parameters are {in braces}
  Family family = Family::kPublic;
  Access access = Access::kSession;
  Handle handle = nullptr;  // null: a call about sessions, which the front end handles
  service::Evidence evidence = service::Evidence::kDocumented;
  std::string_view note;
  int unprivileged = 403;  // HTTP status for users who are not administrators
};

/// All endpoints. Those about sessions have paths below session/ and auth/.
std::span<const Endpoint> V1Endpoints();
std::span<const Endpoint> V2Endpoints();
/// The paths of an endpoint, the documented one first.
std::vector<std::string> PathsOf(const Endpoint& endpoint);

/// The answer to a failed call of v1 or v2, as the appliance words it.
Answer ErrorAnswer(Family family, int http_status, std::string_view message, const Caller& caller);

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_ENDPOINT_H_
