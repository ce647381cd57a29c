// Child processes: peers and the server under test, and their use of resources.
#ifndef TOOLS_TQLBENCH_PROCESS_H_
#define TOOLS_TQLBENCH_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tql/status.h"

namespace tqlbench {

/// A child process. The destructor kills it if it still runs. It shares our standard error.
class Process {
 public:
  enum class Output : std::uint8_t { kPipe, kNull };

  /// `argv[0]` is looked up in PATH. `environment` adds NAME=VALUE entries. Standard input is a
  /// pipe if `input`, else /dev/null.
  static tql::StatusOr<Process> Start(const std::vector<std::string>& argv, Output output,
                                      const std::vector<std::string>& environment = {},
                                      bool input = false);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  pid_t pid() const { return pid_; }

  /// Returns the next line of its output without the newline. DEADLINE_EXCEEDED after `timeout`,
  /// UNAVAILABLE at the end of the output.
  tql::StatusOr<std::string> ReadLine(std::chrono::milliseconds timeout);
  /// Writes a line to its input.
  tql::Status WriteLine(std::string_view line);
  /// Reads and discards the rest of its output; returns the number of bytes.
  std::uint64_t Drain();
  void Signal(int signal) const;
  /// Waits for the end and returns an error unless the exit status (128 + signal if killed) is 0.
  tql::Status Wait();

 private:
  Process(pid_t pid, int input, int output) : pid_(pid), input_(input), output_(output) {}
  void Close();

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string pending_;
};

/// VmRSS and VmHWM of a process in bytes; 0 if they cannot be read.
struct MemoryUse {
  std::uint64_t resident = 0;
  std::uint64_t peak = 0;
};
MemoryUse MemoryOf(pid_t pid);
/// Resets the peak to the current resident size.
tql::Status ResetPeak(pid_t pid);

/// The folder of the running program, and its path.
std::string ProgramPath();
std::string ProgramFolder();

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_PROCESS_H_
