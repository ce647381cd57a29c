// Reads and changes the clock of a namespace by the message of the control interface.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_CLOCK_MESSAGE_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_CLOCK_MESSAGE_H_

#include "mockserver/engine/adjustable_clock.h"
#include "mockserver/testdouble/messages.h"
#include "tql/status.h"

namespace tql::testdouble {

/// INVALID_ARGUMENT with the path of the field.
Status Adjust(const mockpb::Clock& change, engine::AdjustableClock& clock);
mockpb::Clock ToMessage(const engine::AdjustableClock& clock);

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_CLOCK_MESSAGE_H_
