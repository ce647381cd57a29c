// The messages of Thena's world, under the name that the mock server uses.
#ifndef TQLKIT_MOCKSERVER_THENA_MESSAGES_H_
#define TQLKIT_MOCKSERVER_THENA_MESSAGES_H_

#include "tqlkit/thena_world.pb.h"

namespace tql {
namespace mockpb = tqlkit::mock::v1;
}  // namespace tql

#endif  // TQLKIT_MOCKSERVER_THENA_MESSAGES_H_
