// Checks that every parser makes before parsing, and the errors it reports.
#ifndef TQLKIT_MOCKSERVER_DIALECT_SOURCE_TEXT_H_
#define TQLKIT_MOCKSERVER_DIALECT_SOURCE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "mockserver/dialect/parser.h"
#include "tql/status.h"

namespace tql::dialect {

/// Converts a place in a statement that begins at `origin` into a place in the script.
TextPlace InScript(TextPlace place, const TextPlace& origin);

/// kInvalidArgument with `message` at byte `offset` of `text`, which begins at `origin`.
Status ErrorAt(std::string_view text, std::size_t offset, const TextPlace& origin,
               std::string message);

/// Returns an error if the text is longer than options.max_bytes, is not valid UTF-8 or contains a
/// NUL byte, at the first such place.
Status CheckSource(std::string_view text, const ParseOptions& options);

/// The message for a statement that is nested too deeply.
std::string TooDeepText(int max_depth);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_SOURCE_TEXT_H_
