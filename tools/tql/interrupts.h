// Ctrl-C. A thread of its own waits for SIGINT, so that nothing happens in a signal handler.
#ifndef TQLKIT_TOOLS_TQL_INTERRUPTS_H_
#define TQLKIT_TOOLS_TQL_INTERRUPTS_H_

#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace tql::shell {

/// While a statement runs, the first SIGINT cancels it and the second ends the program with 130.
/// While none runs, it makes fd() readable for the prompt; without a prompt it ends the program.
///
/// One object for the program, made before any other thread: it blocks SIGINT and SIGPIPE.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// A statement begins; the token is requested to stop by SIGINT.
  std::stop_token BeginStatement();
  /// It has ended. Whether it was interrupted.
  bool EndStatement();

  /// Whether a prompt waits for fd(); from then on SIGINT never ends the program while idle.
  void SetPrompting(bool prompting);
  /// Whether another program has the terminal and knows Ctrl-C itself: it never ends this one then.
  void SetPaging(bool paging);
  int fd() const { return pipe_[0]; }
  /// Takes what made fd() readable.
  void Drain();
  /// Waits so long for fd() to become readable; then takes what made it so. Whether it was.
  bool Wait(int milliseconds);

 private:
  void Run();

  int pipe_[2] = {-1, -1};
  std::mutex mutex_;
  std::unique_ptr<std::stop_source> running_;
  bool prompting_ = false;
  bool paging_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_INTERRUPTS_H_
