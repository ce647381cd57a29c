// Child processes: peers, the server under test, and what they used.
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

/// A program that was started. The destructor kills what still runs. Standard error is ours.
class Process {
 public:
  enum class Output : std::uint8_t { kPipe, kNull };

  /// `argv[0]` is looked up in PATH. `environment` adds NAME=VALUE entries. Standard input is a
  /// pipe when `input` is true, else /dev/null.
  static tql::StatusOr<Process> Start(const std::vector<std::string>& argv, Output output,
                                      const std::vector<std::string>& environment = {},
                                      bool input = false);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  pid_t pid() const { return pid_; }

  /// The next line of its output without the newline. DEADLINE_EXCEEDED after `timeout`,
  /// UNAVAILABLE when the output has ended.
  tql::StatusOr<std::string> ReadLine(std::chrono::milliseconds timeout);
  /// Writes a line to its input.
  tql::Status WriteLine(std::string_view line);
  /// Reads and drops its output to the end; the number of bytes.
  std::uint64_t Drain();
  void Signal(int signal) const;
  /// The exit status (128 + signal when killed); OK only for 0.
  tql::Status Wait();

 private:
  Process(pid_t pid, int input, int output) : pid_(pid), input_(input), output_(output) {}
  void Close();

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string pending_;
};

/// VmRSS and VmHWM of a process, in bytes; 0 when it cannot be read.
struct MemoryUse {
  std::uint64_t resident = 0;
  std::uint64_t peak = 0;
};
MemoryUse MemoryOf(pid_t pid);
/// Sets the peak to what is resident now.
tql::Status ResetPeak(pid_t pid);

/// The folder of the running program, and its path.
std::string ProgramPath();
std::string ProgramFolder();

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_PROCESS_H_
