// Helpers for tql/status.h.
#ifndef TQLKIT_PROTO_BASE_STATUS_H_
#define TQLKIT_PROTO_BASE_STATUS_H_

#include "tql/status.h"

namespace tql::base {

/// Returns the status of a Status or a StatusOr, for templates.
inline const Status& StatusOf(const Status& status) { return status; }
template <typename T>
Status StatusOf(const StatusOr<T>& result) {
  return result.status();
}

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_STATUS_H_
