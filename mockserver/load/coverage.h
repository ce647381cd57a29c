// The calls and parameters of the tsload service that are supported, and the evidence that the real
// service has them. Served by GET /mock/coverage and printed in mockserver/README.md.
#ifndef TQLKIT_MOCKSERVER_LOAD_COVERAGE_H_
#define TQLKIT_MOCKSERVER_LOAD_COVERAGE_H_

#include <span>
#include <string_view>

#include "mockserver/service/coverage.h"

namespace tql::load {

struct CallCoverage {
  std::string_view method;
  std::string_view path;
  service::Evidence evidence;
  std::string_view note;
};

struct ParameterCoverage {
  std::string_view name;
  service::Support support;
  service::Evidence evidence;
  std::string_view effect;
};

std::span<const CallCoverage> CallsCovered();
std::span<const ParameterCoverage> ParametersCovered();

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_COVERAGE_H_
