#include "tools/tql/edit/signal_guard.h"

#include <signal.h>

#include <array>
#include <atomic>
#include <cstddef>

namespace tql::shell {
namespace {

constexpr std::array kEnds = {SIGTERM, SIGHUP,  SIGQUIT, SIGABRT,   SIGALRM,  SIGUSR1, SIGSEGV,
                              SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP,   SIGSYS,   SIGXCPU, SIGXFSZ,
                              SIGPROF, SIGPOLL, SIGPWR,  SIGVTALRM, SIGSTKFLT};

// The state that the handler uses.
std::array<std::atomic<void (*)()>, 4> restores;
std::atomic<std::size_t> depth = 0;
std::array<struct sigaction, kEnds.size()> before;

/// Restores the original handler; the signal is delivered again when this returns.
void OnEnd(int signal) {
  SignalGuard::RestoreAll();
  for (std::size_t i = 0; i < kEnds.size(); ++i) {
    if (kEnds[i] == signal) sigaction(signal, &before[i], nullptr);
  }
  raise(signal);
}

}  // namespace

SignalGuard::SignalGuard(void (*restore)()) {
  restores.at(depth) = restore;
  if (depth++ > 0) return;
  struct sigaction action {};
  action.sa_handler = OnEnd;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < kEnds.size(); ++i) {
    sigaction(kEnds[i], nullptr, &before[i]);
    // Do not handle signals that were ignored when the program was started.
    if (before[i].sa_handler != SIG_IGN) sigaction(kEnds[i], &action, nullptr);
  }
}

SignalGuard::~SignalGuard() {
  if (--depth > 0) return;
  for (std::size_t i = 0; i < kEnds.size(); ++i) sigaction(kEnds[i], &before[i], nullptr);
}

void SignalGuard::RestoreAll() {
  for (std::size_t i = depth; i > 0; --i) restores[i - 1].load()();
}

}  // namespace tql::shell
