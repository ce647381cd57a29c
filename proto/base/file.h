// Reading whole files.
#ifndef TQLKIT_PROTO_BASE_FILE_H_
#define TQLKIT_PROTO_BASE_FILE_H_

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>

#include "tql/status.h"

namespace tql::base {

/// The kinds of files that ReadFile accepts.
enum class FileKind : std::uint8_t {
  kRegular,  ///< Only regular files: a pipe or a device might block or never end.
  kAny,
};

/// Returns the contents of a file. NOT_FOUND if it cannot be opened; FAILED_PRECONDITION if it is
/// not of this kind or cannot be read; RESOURCE_EXHAUSTED if it has more than `most` bytes. The
/// messages have the reason, but not the path.
/// A pipe is read until its last writer has closed it; the first writer is waited for. CANCELLED
/// when `stop` is requested meanwhile.
StatusOr<std::string> ReadFile(const std::string& path, std::size_t most,
                               FileKind kind = FileKind::kRegular,
                               const std::stop_token& stop = {});

/// Returns the contents of a regular file that belongs to this user or to root, and that grants its
/// group and others none of the permissions `forbidden`, e.g. S_IWGRP | S_IWOTH. The check is of
/// the open file, so it cannot be replaced in between. Other files: PERMISSION_DENIED, whose
/// message says what to do. Otherwise the same errors.
StatusOr<std::string> ReadTrustedFile(const std::string& path, std::size_t most, mode_t forbidden);

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_FILE_H_
