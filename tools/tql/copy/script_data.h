// Data that stand in a script, behind the command that takes them.
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

/// The lines of a script up to one that is \. alone, even within quotes, or the end. Thread safety:
/// none.
class ScriptData {
 public:
  /// `take_rest` gives what has been read of the script already, whose descriptor this is; called
  /// at most once, when somebody claims the data.
  ScriptData(int fd, std::function<std::string()> take_rest)
      : fd_(fd), take_rest_(std::move(take_rest)) {}

  bool of_standard_input() const { return fd_ == STDIN_FILENO; }

  /// Says that the lines behind the command are its data; the script goes on behind them.
  Status Claim();
  /// Up to `size` bytes; 0 at the end. The errors are CopySource's.
  StatusOr<std::size_t> Read(char* into, std::size_t size, const std::stop_token& stop);
  /// Passes by what has not been read of data that were claimed. A newline for each of their lines,
  /// so that others keep their numbers, and the script that stands behind them.
  std::string Rest();

 private:
  /// Reads until there are lines that are whole, or the end.
  Status Fill(const std::stop_token& stop);
  void FindLines(bool last);

  const int fd_;
  std::function<std::string()> take_rest_;  // empty: it has been asked
  std::optional<CopySource> source_;        // when the data are claimed
  std::string buffer_;
  std::size_t at_ = 0;        // what was handed out
  std::size_t ready_ = 0;     // behind the data that have been found
  std::size_t end_ = 0;       // behind the line that ends them, when `ended_`
  bool within_line_ = false;  // whose beginning is found
  std::size_t lines_ = 0;
  bool ended_ = false;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_SCRIPT_DATA_H_
