// Environment variables.
#ifndef TQLKIT_PROTO_BASE_ENVIRONMENT_H_
#define TQLKIT_PROTO_BASE_ENVIRONMENT_H_

#include <cstdlib>
#include <string>

namespace tql::base {

/// Returns the value of an environment variable; empty if it is not set.
inline std::string Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_ENVIRONMENT_H_
