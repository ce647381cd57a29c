// UTF-8 validation of requests. JSON cannot carry invalid UTF-8, and replacing it would silently
// change data, so such requests are rejected before anything is sent.
#ifndef TQLKIT_CLIENT_SRC_REQUEST_UTF8_H_
#define TQLKIT_CLIENT_SRC_REQUEST_UTF8_H_

#include <string_view>

#include "tql/status.h"
#include "tql/transport.h"

namespace tql {

/// Returns INVALID_ARGUMENT with the invalid byte and its position if `text` is not valid UTF-8.
/// `what` is the subject of the message.
Status CheckUtf8(std::string_view what, std::string_view text);

/// Checks all strings of a request: the statement or script, the names of the context, options and
/// answers. The status has a position only if the error is in the statement or script.
Status CheckUtf8(const QueryParams& params);
Status CheckUtf8(const ScriptParams& params);

/// Checks user and password. The message does not quote the password.
Status CheckUtf8(const LoginParams& params);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_REQUEST_UTF8_H_
