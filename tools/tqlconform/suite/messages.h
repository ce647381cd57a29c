// The messages of cases and reports.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_MESSAGES_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_MESSAGES_H_

#include "tqlkit/conform.pb.h"  // IWYU pragma: export

namespace tqlconform {

namespace confpb = tqlkit::conform::v1;

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_MESSAGES_H_
