// The body of an HTTP error response: {"error":{"code":401,"message":"…"}}, or that of the REST API
// v1:
// {"code":10000,"debug":"[\"…Error Message: …\"]",…}.
#ifndef TQL_WIRE_ERROR_BODY_H_
#define TQL_WIRE_ERROR_BODY_H_

#include <optional>
#include <string>
#include <string_view>

namespace tql {

/// Extracts the message from an error body. nullopt if `body` is not JSON of this form. Thread
/// safety: stateless.
std::optional<std::string> MessageOfErrorBody(std::string_view body);

}  // namespace tql

#endif  // TQL_WIRE_ERROR_BODY_H_
