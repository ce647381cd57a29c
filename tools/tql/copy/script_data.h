// Data in a script after the command that reads it.
#ifndef TQLKIT_TOOLS_TQL_COPY_SCRIPT_DATA_H_
#define TQLKIT_TOOLS_TQL_COPY_SCRIPT_DATA_H_

#include <unistd.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "tools/tql/copy/copy_source.h"
#include "tql/status.h"

namespace tql::shell {

/// The lines of a script up to a line "\.", even within quotes, or up to the end. Thread safety:
/// one thread.
class ScriptData {
 public:
  /// `fd` is the script. `take_rest` returns the part of the script that was already read; it is
  /// called at most once, by Claim.
  ScriptData(int fd, std::function<std::string()> take_rest)
      : fd_(fd), take_rest_(std::move(take_rest)) {}

  bool of_standard_input() const { return fd_ == STDIN_FILENO; }

  /// Declares that the lines after the command are data; the script continues after them.
  Status Claim();
  /// Reads up to `size` bytes; returns 0 at the end. Errors are those of CopySource.
  StatusOr<std::size_t> Read(char* into, std::size_t size, const std::stop_token& stop);
  /// Skips the unread part of claimed data. Returns a newline for each line of the data, so that
  /// later lines keep their numbers, followed by the script after the data.
  std::string Rest();

 private:
  /// Reads until there is a complete line, or the end.
  Status Fill(const std::stop_token& stop);
  void FindLines(bool last);

  const int fd_;
  std::function<std::string()> take_rest_;  // empty after its call
  std::optional<CopySource> source_;        // set when the data is claimed
  std::string buffer_;
  std::size_t at_ = 0;        // number of bytes already returned
  std::size_t ready_ = 0;     // end of the data found so far
  std::size_t end_ = 0;       // if ended_: the position after the line that ends the data
  bool within_line_ = false;  // the start of the current line was already recognised as data
  std::size_t lines_ = 0;
  bool ended_ = false;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_SCRIPT_DATA_H_
