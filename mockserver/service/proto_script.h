// Scripts of the type PROTO_SCRIPT.
#ifndef TQLKIT_MOCKSERVER_SERVICE_PROTO_SCRIPT_H_
#define TQLKIT_MOCKSERVER_SERVICE_PROTO_SCRIPT_H_

#include "tql/status.h"
#include "tql/wire/messages.h"

namespace tql::service {

/// Parses a PROTO_SCRIPT: an ExecuteSqlScriptRequest in protobuf text format, whose `script` is
/// TQL. Its options and context take precedence over those of the outer request. INVALID_ARGUMENT
/// with the place of the error.
StatusOr<pb::ExecuteSqlScriptRequest> UnwrapProtoScript(const pb::ExecuteSqlScriptRequest& outer);

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_PROTO_SCRIPT_H_
