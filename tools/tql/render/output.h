// Where results go: a file descriptor behind a large buffer.
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

/// Thread safety: none.
class Output {
 public:
  explicit Output(int fd);
  ~Output() { Flush(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Append to it, then call Filled().
  std::string& buffer() { return buffer_; }
  void Filled() {
    if (buffer_.size() >= kFlushAt) Flush();
  }
  void Write(std::string_view text) {
    buffer_ += text;
    Filled();
  }
  /// The same for a text of the service: lines and tabs stay, and nothing else in it can steer a
  /// terminal.
  void WriteText(std::string_view text);
  void Flush();
  /// What is written goes to this descriptor, which is borrowed; -1: to the own one again, where
  /// nothing is broken.
  void Divert(int fd);
  /// Asked at each Flush with what would be written: false keeps it. Empty: nothing is asked.
  using Gate = std::function<bool(std::string_view held)>;
  void SetGate(Gate gate) { gate_ = std::move(gate); }
  /// Changes at each Flush what is written. Empty: nothing does. What stands in the buffer is
  /// flushed first, so that it concerns only what is written from now on.
  using Filter = std::function<void(std::string* text)>;
  void SetFilter(Filter filter) {
    Flush();
    filter_ = std::move(filter);
  }
  /// Whether a person reads.
  bool terminal() const { return terminal_; }
  /// The width of the terminal; 0 where there is none.
  std::size_t columns() const;
  /// Its height.
  std::size_t rows() const;
  /// Nobody reads any more (EPIPE), or the disk is full: nothing more is written.
  bool broken() const { return broken_; }
  /// Why; 0 while not broken.
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

/// An Output on a descriptor that it owns. When it ends, it waits for the program that reads it, if
/// there is one.
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

/// A file, made or emptied, or, behind a '|', a command that reads what is written; null for an
/// empty target.
StatusOr<std::unique_ptr<FileOutput>> OpenTarget(const std::string& target);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_OUTPUT_H_
