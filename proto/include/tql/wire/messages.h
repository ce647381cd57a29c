// The generated messages of the service, under the namespace tql::pb that the project uses.
#ifndef TQL_WIRE_MESSAGES_H_
#define TQL_WIRE_MESSAGES_H_

#include "tqlkit/tql.pb.h"

namespace tql {
namespace pb = tqlkit::v1;
}  // namespace tql

#endif  // TQL_WIRE_MESSAGES_H_
