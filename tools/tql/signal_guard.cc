#include "tools/tql/signal_guard.h"

#include <signal.h>

#include <array>
#include <cstddef>

namespace tql::shell {
namespace {

constexpr std::array kEnds = {SIGTERM, SIGHUP,  SIGQUIT, SIGABRT,   SIGALRM,  SIGUSR1, SIGSEGV,
                              SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP,   SIGSYS,   SIGXCPU, SIGXFSZ,
                              SIGPROF, SIGPOLL, SIGPWR,  SIGVTALRM, SIGSTKFLT};

// What the handler needs.
void (*restore_all)() = nullptr;
std::array<struct sigaction, kEnds.size()> before;

/// Leaves the rest to whoever would have had the signal: when this returns, it comes again.
void OnEnd(int signal) {
  restore_all();
  for (std::size_t i = 0; i < kEnds.size(); ++i) {
    if (kEnds[i] == signal) sigaction(signal, &before[i], nullptr);
  }
  raise(signal);
}

}  // namespace

SignalGuard::SignalGuard(void (*restore)()) {
  restore_all = restore;
  struct sigaction action {};
  action.sa_handler = OnEnd;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < kEnds.size(); ++i) {
    sigaction(kEnds[i], nullptr, &before[i]);
    // Who starts a program may decide that a signal does not end it.
    if (before[i].sa_handler != SIG_IGN) sigaction(kEnds[i], &action, nullptr);
  }
}

SignalGuard::~SignalGuard() {
  for (std::size_t i = 0; i < kEnds.size(); ++i) sigaction(kEnds[i], &before[i], nullptr);
}

}  // namespace tql::shell
