#include "tools/tql/terminal.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace tql::shell {
namespace {

class Terminal {
 public:
  Terminal() : fd_(open("/dev/tty", O_RDWR | O_CLOEXEC)) {}
  ~Terminal() {
    if (fd_ >= 0) close(fd_);
  }
  bool ok() const { return fd_ >= 0; }

  void Write(std::string_view text) { (void)!write(fd_, text.data(), text.size()); }

  /// One line without its end; CANCELLED at the end of the input.
  StatusOr<std::string> ReadLine() {
    constexpr std::size_t kLongest = 4096;
    std::string line;
    char c = 0;
    while (line.size() < kLongest) {
      if (read(fd_, &c, 1) != 1) return CancelledError("no answer was given");
      if (c == '\n') break;
      line += c;
    }
    return line;
  }

  /// Whether what is typed shows.
  void SetEcho(bool on) {
    termios settings{};
    if (tcgetattr(fd_, &settings) != 0) return;
    if (on) {
      settings.c_lflag |= ECHO;
    } else {
      settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    }
    tcsetattr(fd_, TCSAFLUSH, &settings);
  }

 private:
  int fd_;
};

}  // namespace

StatusOr<std::string> AskPassword(const std::string& user) {
  Terminal terminal;
  if (!terminal.ok()) {
    return FailedPreconditionError(
        "there is no password: set TQL_PASSWORD, give --password-file, or run on a terminal");
  }
  terminal.Write("Password for " + user + ": ");
  terminal.SetEcho(false);
  StatusOr<std::string> password = terminal.ReadLine();
  terminal.SetEcho(true);
  terminal.Write("\n");
  return password;
}

StatusOr<std::string> AskQuestion(const Question& question) {
  Terminal terminal;
  if (!terminal.ok()) {
    return FailedPreconditionError("the service asks, and there is nobody to answer: " +
                                   question.banner + " " + question.prompt);
  }
  if (!question.banner.empty()) terminal.Write(question.banner + "\n");
  std::string options;
  for (const std::string& option : question.options) {
    options += (options.empty() ? " [" : "/") + option;
  }
  if (!options.empty()) options += "]";
  for (;;) {
    terminal.Write(question.prompt + options + " ");
    StatusOr<std::string> answer = terminal.ReadLine();
    if (!answer.ok() || question.options.empty()) return answer;
    const auto& known = question.options;
    if (std::find(known.begin(), known.end(), *answer) != known.end()) return answer;
    terminal.Write("'" + *answer + "' is none of the answers.\n");
  }
}

}  // namespace tql::shell
