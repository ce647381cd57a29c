#include "tools/signals.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <vector>

#include "proto/base/mutex.h"

namespace tql::tools {
namespace {

constexpr int kEndWatcher = SIGUSR1;

/// A program started under nohup must outlive its terminal.
bool HangupIsIgnored() {
  struct sigaction action = {};
  return sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t SetOf(std::span<const int> at_once) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, kEndWatcher}) sigaddset(&signals, signal);
  for (const int signal : at_once) sigaddset(&signals, signal);
  if (!HangupIsIgnored()) sigaddset(&signals, SIGHUP);
  return signals;
}

void Watch(sigset_t signals, std::vector<int> at_once, std::stop_source stop,
           const std::atomic<bool>& ends) {
  int signal = 0;
  while (sigwait(&signals, &signal) == 0) {
    if (signal == kEndWatcher) {
      if (ends) return;
      continue;  // From another process: it must not leave the other signals without a handler.
    }
    if (std::ranges::find(at_once, signal) != at_once.end() || !stop.request_stop()) {
      std::quick_exit(128 + signal);
    }
  }
}

}  // namespace

Signals::Signals(std::span<const int> at_once) {
  ::signal(SIGPIPE, SIG_IGN);
  const sigset_t signals = SetOf(at_once);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  watcher_ = std::thread(Watch, signals, std::vector<int>(at_once.begin(), at_once.end()), stop_,
                         std::cref(ends_));
}

Signals::~Signals() {
  ends_ = true;
  pthread_kill(watcher_.native_handle(), kEndWatcher);
  watcher_.join();
}

void Signals::Wait() const {
  base::Mutex mutex;
  std::condition_variable_any stopped;
  base::MutexLock lock(mutex);
  stopped.wait(lock, stop_.get_token(), [] { return false; });
}

}  // namespace tql::tools
