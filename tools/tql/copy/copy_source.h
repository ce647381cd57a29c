// What \copy reads: a file, a program or standard input, none of which Ctrl-C need wait for.
#ifndef TQLKIT_TOOLS_TQL_COPY_COPY_SOURCE_H_
#define TQLKIT_TOOLS_TQL_COPY_COPY_SOURCE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>

#include "tql/status.h"

namespace tql::shell {

/// Thread safety: none.
class CopySource {
 public:
  CopySource();
  ~CopySource();
  CopySource(const CopySource&) = delete;
  CopySource& operator=(const CopySource&) = delete;

  /// Empty: standard input. FAILED_PRECONDITION when it cannot be read.
  Status Open(const std::string& path);
  /// The descriptor, which is borrowed.
  Status Open(int fd);
  /// What the command writes, which has nothing to read.
  Status OpenProgram(const std::string& command);
  /// After the end: whether the program, if there is one, says that this was all.
  Status Close();
  /// Up to `size` bytes; 0 at the end. CANCELLED when `stop` is requested, also while it waits.
  StatusOr<std::size_t> Read(char* into, std::size_t size, const std::stop_token& stop);
  /// Of the file; 0 when it has none, as a pipe.
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
