#include "tools/signals.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <condition_variable>

#include "proto/base/mutex.h"

namespace tql::tools {
namespace {

constexpr int kEndWatcher = SIGUSR1;

/// A program started under nohup must outlive its terminal.
bool HangupIsIgnored() {
  struct sigaction action = {};
  return sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t Watched() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, kEndWatcher}) sigaddset(&signals, signal);
  if (!HangupIsIgnored()) sigaddset(&signals, SIGHUP);
  return signals;
}

void Watch(std::stop_source stop) {
  const sigset_t signals = Watched();
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal != kEndWatcher) {
    // The second signal ends the process at once.
    if (!stop.request_stop()) _exit(128 + signal);
  }
}

}  // namespace

Signals::Signals() {
  ::signal(SIGPIPE, SIG_IGN);
  const sigset_t signals = Watched();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  watcher_ = std::thread(Watch, stop_);
}

Signals::~Signals() {
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
