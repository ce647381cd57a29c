// Buffered output to a file descriptor.
#ifndef TQLKIT_TOOLS_TQL_RENDER_OUTPUT_H_
#define TQLKIT_TOOLS_TQL_RENDER_OUTPUT_H_

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tql/status.h"

namespace tql::shell {

/// Thread safety: one thread.
class Output {
 public:
  explicit Output(int fd);
  ~Output() { Flush(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// The buffer. Callers may append to it directly and must then call Filled().
  std::string& buffer() { return buffer_; }
  void Filled() {
    if (buffer_.size() >= kFlushAt) Flush();
  }
  void Write(std::string_view text) {
    buffer_ += text;
    Filled();
  }
  /// Writes text of the service. Control characters other than line ends and tabs are escaped, so
  /// that they cannot control the terminal.
  void WriteText(std::string_view text);
  void Flush();
  /// Redirects the output to another descriptor, which is not owned, or with -1 back to the own
  /// one. Clears the error in both cases.
  void Divert(int fd);
  /// Called by each Flush with the buffered text; if it returns false, the text stays buffered.
  using Gate = std::function<bool(std::string_view held)>;
  void SetGate(Gate gate) { gate_ = std::move(gate); }
  /// Called by each Flush to modify the text that is written. Setting a filter flushes the buffer
  /// first, so that the filter only applies to later text.
  using Filter = std::function<void(std::string* text)>;
  void SetFilter(Filter filter) {
    Flush();
    filter_ = std::move(filter);
  }
  /// Whether the descriptor is a terminal.
  bool terminal() const { return terminal_; }
  /// The width of the terminal; 0 if it is not a terminal.
  std::size_t columns() const;
  /// The height of the terminal; 0 if it is not a terminal.
  std::size_t rows() const;
  /// Whether writing has failed, because the reader has closed the pipe (EPIPE) or the disk is
  /// full. Further output is discarded.
  bool broken() const { return broken_; }
  /// The errno of that failure; 0 if there is none.
  int error() const { return error_; }

 private:
  static constexpr std::size_t kFlushAt = 256 * 1024;
  const int fd_;
  const bool terminal_;
  int diverted_ = -1;
  Gate gate_;
  Filter filter_;
  std::string buffer_;
  bool broken_ = false;
  int error_ = 0;
};

/// An Output that owns its descriptor. The destructor waits for the program that reads the output,
/// if there is one.
class FileOutput {
 public:
  explicit FileOutput(int fd, pid_t reader = 0) : fd_(fd), reader_(reader), out_(fd) {}
  ~FileOutput();
  FileOutput(const FileOutput&) = delete;
  FileOutput& operator=(const FileOutput&) = delete;
  Output& out() { return out_; }

 private:
  const int fd_;
  const pid_t reader_;
  Output out_;
};

/// Opens a target for writing: a file, which is created or truncated, or, after a '|', a command
/// that reads the output. Returns null for an empty target.
StatusOr<std::unique_ptr<FileOutput>> OpenTarget(const std::string& target);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_OUTPUT_H_
