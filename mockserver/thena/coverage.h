// The endpoints of Thena's REST API that are served, and the evidence that the real service has
// them. Served by GET /mock/coverage and printed in mockserver/doc/thena.md.
#ifndef TQLKIT_MOCKSERVER_THENA_COVERAGE_H_
#define TQLKIT_MOCKSERVER_THENA_COVERAGE_H_

#include <span>
#include <string_view>

#include "mockserver/service/coverage.h"

namespace tql::thena {

struct EndpointCoverage {
  std::string_view path;  // of GET
  service::Evidence evidence;
  std::string_view note;
};

std::span<const EndpointCoverage> EndpointsCovered();

}  // namespace tql::thena

#endif  // TQLKIT_MOCKSERVER_THENA_COVERAGE_H_
