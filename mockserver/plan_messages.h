// The structs of tql/mock/plan.h as messages of the control interface.
#ifndef TQLKIT_MOCKSERVER_PLAN_MESSAGES_H_
#define TQLKIT_MOCKSERVER_PLAN_MESSAGES_H_

#include "mockserver/testdouble/messages.h"
#include "tql/mock/plan.h"
#include "tql/status.h"

namespace tql::mock {

mockpb::Settings ToMessage(const Settings& settings);
// INVALID_ARGUMENT for what a message cannot have, with the path of its field, e.g.
// "rule[3].match: …". The messages are checked by those who use them.
StatusOr<mockpb::Plan> ToMessage(const Plan& plan);
StatusOr<mockpb::VerifyRequest> ToMessage(const Verification& verification);

}  // namespace tql::mock

#endif  // TQLKIT_MOCKSERVER_PLAN_MESSAGES_H_
