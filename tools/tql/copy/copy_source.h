// The source of \copy: a file, a program or standard input. Ctrl-C interrupts reading from all of
// them.
#ifndef TQLKIT_TOOLS_TQL_COPY_COPY_SOURCE_H_
#define TQLKIT_TOOLS_TQL_COPY_COPY_SOURCE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>

#include "tql/status.h"

namespace tql::shell {

/// Thread safety: one thread.
class CopySource {
 public:
  CopySource();
  ~CopySource();
  CopySource(const CopySource&) = delete;
  CopySource& operator=(const CopySource&) = delete;

  /// Opens a file; an empty path is standard input. FAILED_PRECONDITION if it cannot be read.
  Status Open(const std::string& path);
  /// Reads from a descriptor, which is not owned.
  Status Open(int fd);
  /// Reads the output of a command, whose input is empty.
  Status OpenProgram(const std::string& command);
  /// To be called at the end. Returns an error if the program has failed.
  Status Close();
  /// Reads up to `size` bytes; returns 0 at the end. CANCELLED if `stop` is requested, also while
  /// it waits.
  StatusOr<std::size_t> Read(char* into, std::size_t size, const std::stop_token& stop);
  /// Size of the file; 0 if it is unknown, e.g. of a pipe.
  std::uint64_t size() const { return size_; }

 private:
  std::string path_ = "standard input";
  int fd_ = -1;
  bool owns_fd_ = false;
  const int wake_;
  std::uint64_t size_ = 0;
  pid_t program_ = 0;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_COPY_SOURCE_H_
