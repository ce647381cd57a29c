// A file that is replaced only when its new contents are complete.
#ifndef TQLKIT_TOOLS_TQL_RENDER_OUTPUT_FILE_H_
#define TQLKIT_TOOLS_TQL_RENDER_OUTPUT_FILE_H_

#include <memory>
#include <string>

#include "tools/tql/render/output.h"
#include "tql/status.h"

namespace tql::shell {

/// Writes to a temporary file in the same folder as `path`; Commit() renames it to `path`. Without
/// Commit() the temporary file is removed and the file at `path` is unchanged.
class OutputFile {
 public:
  /// FAILED_PRECONDITION if `path` exists and is not a regular file; UNAVAILABLE if the temporary
  /// file cannot be created. Symbolic links are followed.
  static StatusOr<std::unique_ptr<OutputFile>> Create(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  Output& out() { return out_; }
  /// Completes the file. UNAVAILABLE if not everything could be written.
  Status Commit();

 private:
  OutputFile(int fd, std::string path, std::string temporary)
      : fd_(fd), path_(std::move(path)), temporary_(std::move(temporary)), out_(fd) {}

  const int fd_;
  const std::string path_;
  std::string temporary_;  // empty after Commit
  Output out_;
};

/// Opens a target that is written directly and never replaced: an open descriptor by its name
/// (/dev/stdout, /dev/fd/5), a device, or a pipe with a reader. Returns -1 if `path` is another
/// kind of file.
StatusOr<int> OpenInPlace(const std::string& path);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_OUTPUT_FILE_H_
