#include "tools/tql/render/output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tools/process.h"
#include "tools/tql/child.h"
#include "tools/tql/render/characters.h"
#include "tools/tql/render/output_file.h"

namespace tql::shell {

Output::Output(int fd) : fd_(fd), terminal_(isatty(fd) == 1) {}

void Output::WriteText(std::string_view text) {
  if (terminal_) return Write(VisibleLines(text));
  Write(text);
}

std::size_t Output::columns() const {
  winsize size{};
  return terminal_ && ioctl(fd_, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::size_t Output::rows() const {
  winsize size{};
  return terminal_ && ioctl(fd_, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

void Output::Divert(int fd) {
  diverted_ = fd;
  broken_ = false;
  error_ = 0;
}

FileOutput::~FileOutput() {
  out_.Flush();
  close(fd_);
  if (reader_ != 0) (void)tools::WaitFor(reader_);
}

namespace {

StatusOr<std::unique_ptr<FileOutput>> OpenCommand(const std::string& command) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return UnavailableError(std::strerror(errno));
  const pid_t reader = SpawnShell(command, "", ends[0]);
  close(ends[0]);
  if (reader != 0) return std::make_unique<FileOutput>(ends[1], reader);
  close(ends[1]);
  return UnavailableError("cannot run " + command);
}

}  // namespace

StatusOr<std::unique_ptr<FileOutput>> OpenTarget(const std::string& target) {
  if (target.empty()) return std::unique_ptr<FileOutput>();
  if (target.starts_with('|')) return OpenCommand(target.substr(1));
  const StatusOr<int> in_place = OpenInPlace(target);
  if (!in_place.ok()) return in_place.status();
  if (*in_place >= 0) return std::make_unique<FileOutput>(*in_place);
  const int fd = open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd >= 0) return std::make_unique<FileOutput>(fd);
  return UnavailableError("cannot write " + target + ": " + std::strerror(errno));
}

void Output::Flush() {
  // Call a copy, because the gate may remove itself.
  if (const Gate gate = gate_; gate && !gate(buffer_)) return;
  if (filter_) filter_(&buffer_);
  const int fd = diverted_ >= 0 ? diverted_ : fd_;
  std::string_view rest = buffer_;
  while (!rest.empty() && !broken_) {
    const ssize_t written = write(fd, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd wait{fd, POLLOUT, 0};
      poll(&wait, 1, -1);
    } else if (errno != EINTR) {
      broken_ = true;
      error_ = errno;
    }
  }
  buffer_.clear();
}

}  // namespace tql::shell
