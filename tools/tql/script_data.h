// Data that stand in a script, behind the command that takes them.
#ifndef TQLKIT_TOOLS_TQL_SCRIPT_DATA_H_
#define TQLKIT_TOOLS_TQL_SCRIPT_DATA_H_

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>

#include "tools/tql/copy_source.h"
#include "tql/status.h"

namespace tql::shell {

/// The lines of standard input up to one that is \. alone, or the end. Thread safety: none.
class ScriptData {
 public:
  /// `take_rest` gives what has been read of the script already; called at most once, when somebody
  /// claims the data.
  explicit ScriptData(std::function<std::string()> take_rest) : take_rest_(std::move(take_rest)) {}

  /// Says that the lines behind the command are its data; the script goes on behind them.
  Status Claim();
  /// Up to `size` bytes; 0 at the end. The errors are CopySource's.
  StatusOr<std::size_t> Read(char* into, std::size_t size, const std::stop_token& stop);
  /// Passes by what has not been read of data that were claimed; the script that stands behind
  /// them.
  std::string Rest();

 private:
  /// Reads until there are lines that are whole, or the end.
  Status Fill(const std::stop_token& stop);
  void FindLines(bool last);

  std::function<std::string()> take_rest_;  // empty: it has been asked
  CopySource source_;
  std::string buffer_;
  std::size_t at_ = 0;     // what was handed out
  std::size_t ready_ = 0;  // behind the data that have been found
  std::size_t end_ = 0;    // behind the line that ends them, when `ended_`
  bool ended_ = false;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_SCRIPT_DATA_H_
