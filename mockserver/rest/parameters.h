// The parameters of the calls of the REST API, their support and the evidence for them.
#ifndef TQLKIT_MOCKSERVER_REST_PARAMETERS_H_
#define TQLKIT_MOCKSERVER_REST_PARAMETERS_H_

#include <string>
#include <vector>

#include "mockserver/rest/endpoint.h"
#include "mockserver/rest/params.h"
#include "mockserver/service/coverage.h"

namespace tql::rest {

/// All parameters of an endpoint that are known.
std::vector<service::ParameterCoverage> ParametersOf(const Endpoint& endpoint);

/// Those of them that a request has.
std::vector<service::ParameterCoverage> KnownParameters(const Endpoint& endpoint,
                                                        const Params& params);
/// The names in a request that the endpoint does not know.
std::vector<std::string> UnknownParameters(const Endpoint& endpoint, const Params& params);

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_PARAMETERS_H_
