#include "tools/tqlconform/client/program.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tools/process.h"
#include "tools/tqlconform/client/leftovers.h"

// The header of glibc 2.36 does not declare its functions as those of C.
extern "C" {
#include <sys/pidfd.h>
}

namespace tqlconform {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kReadBytes = 65536;
// How often a requested stop is looked for.
constexpr std::chrono::milliseconds kStopInterval{50};
// A process that exits closes its output first. One that has not exited after this time only closed
// it.
constexpr std::chrono::seconds kExitTime{1};

tql::Status SystemError(const char* what) {
  return tql::InternalError(std::string(what) + ": " + std::generic_category().message(errno));
}

/// A pipe; the end of this process does not block.
struct Pipe {
  Descriptor ours;
  Descriptor theirs;
};
bool Open(Pipe* pipe, bool is_input) {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return false;
  pipe->ours = Descriptor(fds[is_input ? 1 : 0]);
  pipe->theirs = Descriptor(fds[is_input ? 0 : 1]);
  return fcntl(pipe->ours.get(), F_SETFL, O_NONBLOCK) == 0;
}

int Milliseconds(steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
  return static_cast<int>(std::clamp(left, std::chrono::milliseconds(0), kStopInterval).count());
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Descriptor::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

tql::StatusOr<std::unique_ptr<Program>> Program::Start(const std::vector<std::string>& argv,
                                                       std::vector<std::string> environment) {
  Pipe input;
  Pipe output;
  Pipe error;
  if (!Open(&input, true) || !Open(&output, false) || !Open(&error, false)) {
    return SystemError("pipe2");
  }
  tql::tools::Program start{.argv = argv,
                            .input = input.theirs.get(),
                            .output = output.theirs.get(),
                            .environment = std::move(environment),
                            .error = error.theirs.get()};
  const tql::StatusOr<pid_t> pid = Leftovers::Get().Start(std::move(start));
  if (!pid.ok()) return pid.status();
  std::unique_ptr<Program> program(new Program);
  program->pid_ = *pid;
  program->process_ = Descriptor(pidfd_open(*pid, 0));
  program->input_ = std::move(input.ours);
  program->output_ = std::move(output.ours);
  program->error_ = std::move(error.ours);
  if (!program->process_.is_open()) return SystemError("pidfd_open");
  return program;
}

Program::~Program() {
  if (pid_ >= 0 && !reaped_) static_cast<void>(Leftovers::Get().End(pid_));
}

bool Program::Write(std::string_view* input) {
  while (!input->empty()) {
    const ssize_t n = write(input_.get(), input->data(), input->size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EAGAIN;
    input->remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool Program::Read(const Descriptor& from, std::string* into) {
  char buffer[kReadBytes];
  const ssize_t n = read(from.get(), buffer, sizeof buffer);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  into->append(buffer, static_cast<std::size_t>(n));
  return n > 0;
}

/// Reads what the process has written before it exited. Others may still have the streams open.
void Program::ReadAll() {
  for (auto [stream, text] : {std::pair(&output_, &out_), std::pair(&error_, &errors_)}) {
    while (stream->is_open() && text->size() <= kMostOutput) {
      const std::size_t before = text->size();
      if (!Read(*stream, text)) stream->Close();
      if (text->size() == before) break;
    }
  }
}

void Program::Reap(Output* output) {
  const tql::StatusOr<tql::tools::Ending> ending = Leftovers::Get().End(pid_);
  reaped_ = true;
  process_.Close();
  if (!ending.ok()) return;
  output->status = ending->status;
  output->signal = ending->signal;
}

Program::Output Program::Converse(std::string_view input, Until until,
                                  steady_clock::time_point deadline, const std::stop_token& stop) {
  Output output;
  steady_clock::time_point exit_deadline = deadline;
  std::size_t searched = 0;  // Bytes of out_ without a line feed.
  while (true) {
    if (until == Until::kLine) {
      if (const std::size_t end = out_.find('\n', searched); end != out_.npos) {
        output.end = End::kLine;
        output.text = out_.substr(0, end);
        out_.erase(0, end + 1);
        break;
      }
      searched = out_.size();
    }
    if (out_.size() > kMostOutput) {
      output.end = End::kTooMuch;
      break;
    }
    if (!process_.is_open()) {
      output.end = End::kExited;
      output.text = std::exchange(out_, {});
      break;
    }
    if (until == Until::kLine && !output_.is_open()) {
      exit_deadline = std::min(exit_deadline, steady_clock::now() + kExitTime);
      if (steady_clock::now() >= exit_deadline) {
        output.end = End::kClosed;
        break;
      }
    }
    if (stop.stop_requested() || steady_clock::now() >= deadline) {
      output.end = stop.stop_requested() ? End::kStopped : End::kTimeout;
      output.text = out_;
      break;
    }
    if (input_.is_open() && input.empty() && until == Until::kEnd) input_.Close();
    // poll() ignores descriptors below zero.
    pollfd ends[] = {{output_.get(), POLLIN, 0},
                     {error_.get(), POLLIN, 0},
                     {process_.get(), POLLIN, 0},
                     {input.empty() ? -1 : input_.get(), POLLOUT, 0}};
    if (poll(ends, std::size(ends), Milliseconds(deadline)) <= 0) continue;
    if (ends[0].revents != 0 && !Read(output_, &out_)) output_.Close();
    if (ends[1].revents != 0 && !Read(error_, &errors_)) error_.Close();
    if (errors_.size() > kMostErrors) errors_.erase(0, errors_.size() - kMostErrors);
    if (ends[3].revents != 0 && !Write(&input)) input_.Close();
    if (ends[2].revents != 0) {
      ReadAll();
      Reap(&output);
    }
  }
  output.took_all_input = input.empty();
  output.errors = errors_;
  return output;
}

std::string EndOf(const Program::Output& output) {
  if (output.signal == 0) return "exited with status " + std::to_string(output.status);
  const char* const name = strsignal(output.signal);
  return "was ended by signal " + std::to_string(output.signal) +
         (name == nullptr ? "" : " (" + std::string(name) + ")");
}

std::string EndOfErrors(const Program::Output& output) {
  constexpr std::size_t kMostShown = 200;
  std::string_view errors = tql::base::Trim(output.errors);
  if (errors.empty()) return "";
  errors.remove_prefix(errors.size() - std::min(errors.size(), kMostShown));
  return "; its standard error ends with \"" + tql::base::Excerpt(errors, kMostShown) + '"';
}

}  // namespace tqlconform
