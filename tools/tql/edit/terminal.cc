#include "tools/tql/edit/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string_view>

#include "tools/tql/edit/signal_guard.h"
#include "tools/tql/render/characters.h"

namespace tql::shell {
namespace {

std::atomic<bool> is_hidden{false};
termios usual{};  // the saved mode while the echo is off

void HideTyping(int fd) {
  if (tcgetattr(fd, &usual) != 0) return;
  termios hidden = usual;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  hidden.c_cc[VSUSP] = _POSIX_VDISABLE;  // a stopped shell would leave the echo off
  is_hidden = true;
  tcsetattr(fd, TCSAFLUSH, &hidden);
}

void ShowTyping(int fd) {
  if (is_hidden.exchange(false)) tcsetattr(fd, TCSAFLUSH, &usual);
}

/// Switches the echo on again if a password prompt switched it off. Async-signal-safe.
void RestoreTerminal() {
  if (!is_hidden) return;
  const int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  ShowTyping(fd);
  close(fd);
}

/// During its lifetime, the terminal echoes input and provides it line by line, regardless of the
/// mode of an editor. Earlier input is not lost.
class LineMode {
 public:
  explicit LineMode(int fd) : fd_(fd) {
    if (tcgetattr(fd_, &before_) != 0) return;
    termios lines = before_;
    lines.c_lflag |= ICANON | ECHO;
    is_set_ = lines.c_lflag != before_.c_lflag && tcsetattr(fd_, TCSADRAIN, &lines) == 0;
  }
  ~LineMode() {
    if (is_set_) tcsetattr(fd_, TCSADRAIN, &before_);
  }
  LineMode(const LineMode&) = delete;
  LineMode& operator=(const LineMode&) = delete;

 private:
  const int fd_;
  termios before_{};
  bool is_set_ = false;
};

class Terminal {
 public:
  Terminal() : fd_(open("/dev/tty", O_RDWR | O_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC)) {}
  ~Terminal() {
    if (fd_ >= 0) close(fd_);
    if (wake_ >= 0) close(wake_);
  }
  bool ok() const { return fd_ >= 0; }

  void Write(std::string_view text) { (void)!write(fd_, text.data(), text.size()); }

  /// Reads one line without its end. CANCELLED at the end of input or if `stop` is requested.
  StatusOr<std::string> ReadLine(const std::stop_token& stop = {}) {
    const std::stop_callback wake(stop, [this] { (void)!eventfd_write(wake_, 1); });
    constexpr std::size_t kLongest = 4096;
    std::string line;
    char c = 0;
    while (line.size() < kLongest) {
      pollfd wait[2] = {{fd_, POLLIN, 0}, {wake_, POLLIN, 0}};
      if (poll(wait, 2, -1) < 0 && errno == EINTR) continue;
      if (wait[1].revents != 0) return CancelledError("cancelled");
      if (read(fd_, &c, 1) != 1) return CancelledError("no answer was given");
      if (c == '\n') break;
      line += c;
    }
    return line;
  }

  int fd() const { return fd_; }

 private:
  const int fd_;
  const int wake_;
};

}  // namespace

StatusOr<std::string> AskPassword(const std::string& user, const std::stop_token& stop) {
  Terminal terminal;
  if (!terminal.ok()) {
    return FailedPreconditionError(
        "no password is set: set TQL_PASSWORD, give --password-file, or run on a terminal");
  }
  const SignalGuard guard(RestoreTerminal);
  const LineMode line_mode(terminal.fd());
  terminal.Write("Password for " + user + ": ");
  HideTyping(terminal.fd());
  StatusOr<std::string> password = terminal.ReadLine(stop);
  ShowTyping(terminal.fd());
  terminal.Write("\n");
  return password;
}

Status NobodyAnswers(const Question& question) {
  return FailedPreconditionError("the service asks a question that nobody can answer here: " +
                                 question.banner + " " + question.prompt);
}

StatusOr<std::string> AskQuestion(const Question& question, const std::stop_token& stop) {
  Terminal terminal;
  if (!terminal.ok()) return NobodyAnswers(question);
  const LineMode line_mode(terminal.fd());
  if (!question.banner.empty()) terminal.Write(VisibleLines(question.banner) + "\n");
  std::string options;
  for (const std::string& option : question.options) {
    options += (options.empty() ? " [" : "/") + option;
  }
  if (!options.empty()) options += "]";
  for (;;) {
    terminal.Write(VisibleLines(question.prompt + options) + " ");
    StatusOr<std::string> answer = terminal.ReadLine(stop);
    if (!answer.ok() || question.options.empty()) return answer;
    const auto& known = question.options;
    if (std::find(known.begin(), known.end(), *answer) != known.end()) return answer;
    terminal.Write("'" + *answer + "' is not one of the answers.\n");
  }
}

}  // namespace tql::shell
