#include "tools/tql/interrupts.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "tools/tql/edit/signal_guard.h"

namespace tql::shell {
namespace {

constexpr int kInterruptedStatus = 130;

sigset_t InterruptSet() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGUSR2);  // ends the thread
  return set;
}

}  // namespace

Interrupts::Interrupts() {
  signal(SIGPIPE, SIG_IGN);
  const sigset_t set = InterruptSet();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  if (pipe2(pipe_, O_CLOEXEC | O_NONBLOCK) != 0) pipe_[0] = pipe_[1] = -1;
  thread_ = std::thread([this] { Run(); });
}

Interrupts::~Interrupts() {
  {
    const base::MutexLock lock(mutex_);
    ending_ = true;
  }
  pthread_kill(thread_.native_handle(), SIGUSR2);
  thread_.join();
  for (const int fd : pipe_) {
    if (fd >= 0) close(fd);
  }
}

void Interrupts::Run() {
  const sigset_t set = InterruptSet();
  for (;;) {
    int signal = 0;
    sigwait(&set, &signal);
    const base::MutexLock lock(mutex_);
    if (ending_) return;
    if (signal != SIGINT) continue;
    if (running_ != nullptr && !running_->stop_requested()) {
      running_->request_stop();
    } else if (paging_) {
      continue;
    } else if (running_ != nullptr || !prompting_) {
      SignalGuard::RestoreAll();
      _exit(kInterruptedStatus);
    } else {
      (void)!write(pipe_[1], "i", 1);
    }
  }
}

std::stop_token Interrupts::BeginStatement() {
  const base::MutexLock lock(mutex_);
  running_ = std::make_unique<std::stop_source>();
  if (Drain()) running_->request_stop();
  return running_->get_token();
}

bool Interrupts::EndStatement() {
  std::unique_ptr<std::stop_source> ended;
  const base::MutexLock lock(mutex_);
  ended = std::move(running_);
  return ended != nullptr && ended->stop_requested();
}

void Interrupts::SetPrompting(bool prompting) {
  const base::MutexLock lock(mutex_);
  prompting_ = prompting;
}

void Interrupts::SetPaging(bool paging) {
  const base::MutexLock lock(mutex_);
  paging_ = paging;
}

bool Interrupts::Drain() {
  bool any = false;
  char bytes[64];
  while (read(pipe_[0], bytes, sizeof bytes) > 0) any = true;
  return any;
}

bool Interrupts::Wait(int milliseconds) {
  pollfd wait{pipe_[0], POLLIN, 0};
  return poll(&wait, 1, milliseconds) > 0 && Drain();
}

}  // namespace tql::shell
