// A file that appears when it is whole.
#ifndef TQLKIT_TOOLS_TQL_RENDER_OUTPUT_FILE_H_
#define TQLKIT_TOOLS_TQL_RENDER_OUTPUT_FILE_H_

#include <memory>
#include <string>

#include "tools/tql/render/output.h"
#include "tql/status.h"

namespace tql::shell {

/// Collects what is written in a temporary file beside `path`, which takes its place at Commit().
/// Without one the temporary is removed, and what was at `path` stays as it was.
class OutputFile {
 public:
  /// FAILED_PRECONDITION when something that is no regular file stands there; UNAVAILABLE when the
  /// temporary cannot be made. A symbolic link is followed.
  static StatusOr<std::unique_ptr<OutputFile>> Create(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  Output& out() { return out_; }
  /// UNAVAILABLE when not everything could be written.
  Status Commit();

 private:
  OutputFile(int fd, std::string path, std::string temporary)
      : fd_(fd), path_(std::move(path)), temporary_(std::move(temporary)), out_(fd) {}

  const int fd_;
  const std::string path_;
  std::string temporary_;  // empty when it is no more
  Output out_;
};

/// Opens what is written in its place and never replaced: a descriptor that is open, by its name
/// (/dev/stdout, /dev/fd/5), a device, a pipe that somebody reads. -1: `path` is none of these.
StatusOr<int> OpenInPlace(const std::string& path);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_OUTPUT_FILE_H_
