#include "tools/tqlbench/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include "tools/process.h"

namespace tqlbench {
namespace {

tql::Status SystemError(std::string_view what, int error) {
  return tql::InternalError(std::string(what) + ": " + std::strerror(error));
}

}  // namespace

tql::StatusOr<Process> Process::Start(const std::vector<std::string>& argv, Output output,
                                      const std::vector<std::string>& environment, bool input) {
  int in[2] = {-1, -1};
  int out[2] = {-1, -1};
  if (input && ::pipe2(in, O_CLOEXEC) != 0) return SystemError("pipe", errno);
  if (output == Output::kPipe && ::pipe2(out, O_CLOEXEC) != 0) return SystemError("pipe", errno);

  const tql::StatusOr<pid_t> pid = tql::tools::Spawn(
      {.argv = argv, .input = in[0], .output = out[1], .environment = environment});
  if (in[0] >= 0) ::close(in[0]);
  if (out[1] >= 0) ::close(out[1]);
  Process process(pid.ok() ? *pid : -1, in[1], out[0]);
  if (!pid.ok()) return pid.status();
  return process;
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)),
      pending_(std::move(other.pending_)) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this == &other) return *this;
  Close();
  pid_ = std::exchange(other.pid_, -1);
  input_ = std::exchange(other.input_, -1);
  output_ = std::exchange(other.output_, -1);
  pending_ = std::move(other.pending_);
  return *this;
}

Process::~Process() { Close(); }

void Process::Close() {
  for (int* fd : {&input_, &output_}) {
    if (*fd >= 0) ::close(std::exchange(*fd, -1));
  }
  if (pid_ > 0) {
    Signal(SIGKILL);
    (void)Wait();
  }
}

tql::StatusOr<std::string> Process::ReadLine(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    if (const std::size_t end = pending_.find('\n'); end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd poll = {output_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&poll, 1, static_cast<int>(left.count())) == 0) {
      return tql::DeadlineExceededError("no line within the time given");
    }
    std::array<char, 4096> block;
    const ssize_t size = ::read(output_, block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return tql::UnavailableError("the program has ended its output");
    pending_.append(block.data(), static_cast<std::size_t>(size));
  }
}

tql::Status Process::WriteLine(std::string_view line) {
  std::string text(line);
  text.push_back('\n');
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t size = ::write(input_, text.data() + done, text.size() - done);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return SystemError("write", errno);
    done += static_cast<std::size_t>(size);
  }
  return {};
}

std::uint64_t Process::Drain() {
  constexpr std::size_t kBlock = 256 * 1024;
  const auto block = std::make_unique<char[]>(kBlock);
  std::uint64_t total = 0;
  for (;;) {
    const ssize_t size = ::read(output_, block.get(), kBlock);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return total;
    total += static_cast<std::uint64_t>(size);
  }
}

void Process::Signal(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);
}

tql::Status Process::Wait() {
  const pid_t pid = std::exchange(pid_, -1);
  if (pid <= 0) return tql::FailedPreconditionError("no process");
  const tql::StatusOr<tql::tools::Ending> ending = tql::tools::WaitFor(pid);
  if (!ending.ok()) return ending.status();
  if (ending->ok()) return {};
  const int code = ending->signal != 0 ? 128 + ending->signal : ending->status;
  return tql::AbortedError("exit status " + std::to_string(code));
}

MemoryUse MemoryOf(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  MemoryUse use;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    std::uint64_t kib = 0;
    words >> name >> kib;
    if (name == "VmRSS:") use.resident = kib * 1024;
    if (name == "VmHWM:") use.peak = kib * 1024;
  }
  return use;
}

tql::Status ResetPeak(pid_t pid) {
  std::ofstream file("/proc/" + std::to_string(pid) + "/clear_refs");
  file << "5" << std::flush;
  if (!file) return tql::PermissionDeniedError("cannot reset the peak memory of a process");
  return {};
}

std::string ProgramPath() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

std::string ProgramFolder() { return std::filesystem::path(ProgramPath()).parent_path().string(); }

}  // namespace tqlbench
