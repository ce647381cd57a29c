// Which statements may be forwarded to a service whose data must not change.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_READ_ONLY_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_READ_ONLY_H_

#include "mockserver/service/response_sink.h"

namespace tql::upstream {

/// Whether the statement only reads: SELECT without INTO, SHOW, SCRIPT, USE, HELP and EXIT. A text
/// that is not a statement of TQL, but may be one for another service, is judged by its words: it
/// must begin with SELECT, SHOW, SCRIPT or USE and have no word INTO and no semicolon.
bool OnlyReads(const service::ResponseSink::PendingStatement& pending);

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_READ_ONLY_H_
