// A program under test, or an adapter: a process. Writing its input and reading its output are
// bounded in time and size.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_PROGRAM_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_PROGRAM_H_

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tql/status.h"

namespace tqlconform {

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { Close(); }
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void Close();

 private:
  int fd_;
};

/// Every process that it has started ends with it, at the latest in the destructor (Leftovers). The
/// caller ignores SIGPIPE.
class Program {
 public:
  /// The most bytes of output, and of errors that are kept (their end).
  static constexpr std::size_t kMostOutput = std::size_t{16} << 20;
  static constexpr std::size_t kMostErrors = std::size_t{64} << 10;

  /// Looks argv[0] up in PATH. `environment` has NAME=VALUE, before the entries of this process.
  static tql::StatusOr<std::unique_ptr<Program>> Start(const std::vector<std::string>& argv,
                                                       std::vector<std::string> environment);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Where reading the output ends.
  enum class Until : std::uint8_t {
    kLine,  // the end of a line; standard input stays open
    kEnd,   // the end of the process; standard input is closed after the input
  };
  enum class End : std::uint8_t { kLine, kExited, kClosed, kTimeout, kTooMuch, kStopped };
  struct Output {
    End end = End::kTimeout;
    std::string text = {};    // Of standard output: a line without its end, or all of it.
    std::string errors = {};  // Of standard error so far.
    int status = 0;           // If it has exited.
    int signal = 0;
    bool took_all_input = true;
  };
  Output Converse(std::string_view input, Until until,
                  std::chrono::steady_clock::time_point deadline, const std::stop_token& stop);

 private:
  Program() = default;
  bool Write(std::string_view* input);
  /// Returns whether the stream is still open.
  static bool Read(const Descriptor& from, std::string* into);
  void ReadAll();
  void Reap(Output* output);

  pid_t pid_ = -1;
  bool reaped_ = false;
  Descriptor process_;  // readable when the process has exited
  Descriptor input_;
  Descriptor output_;
  Descriptor error_;
  std::string out_;
  std::string errors_;
};

/// "exited with status 3", "was ended by signal 9 (Killed)"
std::string EndOf(const Program::Output& output);
/// `; its standard error ends with "…"`; empty if nothing was written to it.
std::string EndOfErrors(const Program::Output& output);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_PROGRAM_H_
