// The calls and parameters of the tsload service that are supported, and the evidence that the real
// service has them. Served by GET /mock/coverage and printed in mockserver/README.md.
#ifndef TQLKIT_MOCKSERVER_LOAD_COVERAGE_H_
#define TQLKIT_MOCKSERVER_LOAD_COVERAGE_H_

#include <span>
#include <string_view>
#include <vector>

#include "mockserver/service/coverage.h"

namespace tql::load {

struct CallCoverage {
  std::string_view method;
  std::string_view path;
  service::Evidence evidence;
  std::string_view note;
};

std::span<const CallCoverage> CallsCovered();
std::span<const service::ParameterCoverage> ParametersCovered();
/// The rows of the parameters that the body of a request for a load has.
std::vector<service::ParameterCoverage> ParametersOf(std::string_view body);

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_COVERAGE_H_
