// The body of an HTTP answer that is an error: {"error":{"code":401,"message":"…"}}.
#ifndef TQL_WIRE_ERROR_BODY_H_
#define TQL_WIRE_ERROR_BODY_H_

#include <optional>
#include <string>
#include <string_view>

namespace tql {

/// The message in such a body; nothing when the text is no such JSON. Thread safety: keeps no
/// state.
std::optional<std::string> MessageOfErrorBody(std::string_view body);

}  // namespace tql

#endif  // TQL_WIRE_ERROR_BODY_H_
