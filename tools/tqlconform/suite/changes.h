// What a step may change on the server.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_CHANGES_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_CHANGES_H_

#include "tools/tqlconform/suite/messages.h"

namespace tqlconform {

/// Whether what the step sends has a word of a statement that changes data or definitions, or
/// starts a load. A case that is READ_ONLY must not have such a step. JSON is read without its
/// escapes; JSON that has escapes and cannot be read may hide such a word.
bool MayChange(const confpb::Step& step);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_CHANGES_H_
