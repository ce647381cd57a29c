// Texts of a request that are no UTF-8. JSON cannot carry them, and to send something else in their
// place would change data in silence: they are refused before anything is sent.
#ifndef TQLKIT_CLIENT_SRC_REQUEST_UTF8_H_
#define TQLKIT_CLIENT_SRC_REQUEST_UTF8_H_

#include <string_view>

#include "tql/status.h"
#include "tql/transport.h"

namespace tql {

/// INVALID_ARGUMENT with the place and the byte that was found when `text` is no UTF-8; `what`
/// begins the message.
Status CheckUtf8(std::string_view what, std::string_view text);

/// The same for every text of a request: the statement or script, names in the context, options,
/// answers. The status has a place when it is the statement's or script's.
Status CheckUtf8(const QueryParams& params);
Status CheckUtf8(const ScriptParams& params);

/// The same for user and password. Nothing is said of the password but that.
Status CheckUtf8(const LoginParams& params);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_REQUEST_UTF8_H_
