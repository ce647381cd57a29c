// What every parser of statements does before it parses, and how it reports an error.
#ifndef TQLKIT_MOCKSERVER_DIALECT_SOURCE_TEXT_H_
#define TQLKIT_MOCKSERVER_DIALECT_SOURCE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "mockserver/dialect/parser.h"
#include "tql/status.h"

namespace tql::dialect {

/// The place in a script of a place in a statement whose text begins at `origin`.
TextPlace InScript(TextPlace place, const TextPlace& origin);

/// kInvalidArgument with `message`, at the byte `offset` of `text`, which stands at `origin`.
Status ErrorAt(std::string_view text, std::size_t offset, const TextPlace& origin,
               std::string message);

/// The error of a text that is longer than options.max_bytes, is not valid UTF-8 or holds a NUL
/// byte, at the first such place.
Status CheckSource(std::string_view text, const ParseOptions& options);

/// What the error says when a statement is nested too deeply.
std::string TooDeepText(int max_depth);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_SOURCE_TEXT_H_
