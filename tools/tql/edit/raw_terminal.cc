#include "tools/tql/edit/raw_terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>

namespace tql::shell {
namespace {

constexpr std::string_view kMarkPastes = "\x1b[?2004h";
constexpr std::string_view kLeavePastes = "\x1b[?2004l";
constexpr std::array kChanges = {SIGWINCH, SIGCONT};

// The state that signal handlers use.
std::atomic<bool> is_raw{false};
termios usual{};
std::array<int, 2> changed = {-1, -1};

void Put(std::string_view bytes) { (void)!write(STDOUT_FILENO, bytes.data(), bytes.size()); }

void EnterRaw() {
  if (tcgetattr(STDIN_FILENO, &usual) != 0) return;
  termios raw = usual;
  raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IGNCR | ISTRIP | IXON);
  raw.c_oflag |= OPOST | ONLCR;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  raw.c_cc[VINTR] = raw.c_cc[VSUSP] = raw.c_cc[VQUIT] = _POSIX_VDISABLE;
  is_raw = true;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  Put(kMarkPastes);
}

/// Async-signal-safe.
void LeaveRaw() {
  if (!is_raw.exchange(false)) return;
  Put(kLeavePastes);
  tcsetattr(STDIN_FILENO, TCSADRAIN, &usual);
}

void OnChange(int signal) {
  const int error = errno;
  const char kind = signal == SIGCONT ? 'c' : 'w';
  (void)!write(changed[1], &kind, 1);
  errno = error;
}

std::array<struct sigaction, kChanges.size()> before_changes;

}  // namespace

RawTerminal::RawTerminal() : guard_(LeaveRaw) {
  if (pipe2(changed.data(), O_CLOEXEC | O_NONBLOCK) != 0) changed = {-1, -1};
  struct sigaction action {};
  action.sa_handler = OnChange;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < kChanges.size(); ++i) {
    sigaction(kChanges[i], &action, &before_changes[i]);
  }
  EnterRaw();
}

RawTerminal::~RawTerminal() {
  LeaveRaw();
  for (std::size_t i = 0; i < kChanges.size(); ++i) {
    sigaction(kChanges[i], &before_changes[i], nullptr);
  }
  for (int& fd : changed) {
    if (fd >= 0) close(fd);
    fd = -1;
  }
}

int RawTerminal::changed_fd() const { return changed[0]; }

bool RawTerminal::TakeChange() {
  char kinds[64];
  const ssize_t count = read(changed[0], kinds, sizeof kinds);
  const bool stopped =
      count > 0 &&
      std::string_view(kinds, static_cast<std::size_t>(count)).find('c') != std::string_view::npos;
  if (stopped) {
    // Another program may have changed the mode while this one was stopped.
    LeaveRaw();
    EnterRaw();
  }
  return stopped;
}

void RawTerminal::Suspend() {
  // Otherwise the handler would report this stop as one from another process.
  struct sigaction ours {};
  struct sigaction plain {};
  plain.sa_handler = SIG_DFL;
  sigaction(SIGCONT, &plain, &ours);
  LeaveRaw();
  raise(SIGTSTP);
  EnterRaw();
  sigaction(SIGCONT, &ours, nullptr);
}

Size RawTerminal::size() {
  winsize window{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0;
  Size size;
  if (known && window.ws_row > 0) size.rows = window.ws_row;
  if (known && window.ws_col > 0) size.columns = window.ws_col;
  return size;
}

void RawTerminal::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (count < 0 && errno == EAGAIN) {
      pollfd wait{STDOUT_FILENO, POLLOUT, 0};
      poll(&wait, 1, -1);
      continue;
    }
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace tql::shell
