// Whole files.
#ifndef TQLKIT_PROTO_BASE_FILE_H_
#define TQLKIT_PROTO_BASE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "tql/status.h"

namespace tql::base {

enum class FileKind : std::uint8_t {
  kRegular,  ///< Anything else is an error: a pipe or a device might block, or never end.
  kAny,
};

/// The bytes of a file. NOT_FOUND when it cannot be opened, FAILED_PRECONDITION when it is not of
/// the kind or cannot be read, RESOURCE_EXHAUSTED when it has more than `most` bytes. The messages
/// give the reason without the path.
StatusOr<std::string> ReadFile(const std::string& path, std::size_t most,
                               FileKind kind = FileKind::kRegular);

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_FILE_H_
