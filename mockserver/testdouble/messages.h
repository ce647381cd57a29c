// The messages of the control interface, under the name that the mock server uses.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_MESSAGES_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_MESSAGES_H_

#include "tqlkit/mock_control.pb.h"

namespace tql {
namespace mockpb = tqlkit::mock::v1;
}  // namespace tql

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_MESSAGES_H_
