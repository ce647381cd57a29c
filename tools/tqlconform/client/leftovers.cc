#include "tools/tqlconform/client/leftovers.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "proto/base/file.h"

namespace tqlconform {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using tql::StatusOr;

// A killed process ends within milliseconds, unless the kernel waits for a device.
constexpr milliseconds kPatience{1'000};
constexpr milliseconds kBetweenLooks{1};
constexpr std::size_t kMostBytes = std::size_t{4} << 20;  // Of an environment.

std::string ReadOfProcess(pid_t pid, const char* file) {
  StatusOr<std::string> text =
      tql::base::ReadFile("/proc/" + std::to_string(pid) + '/' + file, kMostBytes);
  return text.ok() ? *std::move(text) : std::string();
}

/// The state and the parent in the text of /proc/PID/stat: "PID (NAME) STATE PARENT …", where the
/// name may contain anything.
struct Stat {
  char state = '?';
  pid_t parent = 0;
};
Stat ParseStat(std::string_view text) {
  Stat stat;
  const std::size_t name_end = text.rfind(')');
  if (name_end == text.npos || text.size() < name_end + 5) return stat;
  stat.state = text[name_end + 2];
  std::from_chars(text.data() + name_end + 4, text.data() + text.size(), stat.parent);
  return stat;
}

struct Child {
  pid_t pid = 0;
  bool is_zombie = false;
};
/// Not every kernel has /proc/PID/task/TID/children.
std::vector<Child> Children() {
  std::vector<Child> children;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename();
    pid_t pid = 0;
    const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (wrong != std::errc() || end != name.data() + name.size()) continue;
    const Stat stat = ParseStat(ReadOfProcess(pid, "stat"));
    if (stat.parent == getpid()) children.push_back({pid, stat.state == 'Z'});
  }
  return children;
}

bool HasChildren() {
  siginfo_t info = {};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

bool HasMark(pid_t pid, std::string_view mark) {
  const std::string environment = '\0' + ReadOfProcess(pid, "environ");
  return environment.find('\0' + std::string(mark) + '\0') != std::string::npos;
}

void RemoveTree(const std::string& path) {
  // A process that is about to end may still add files.
  constexpr int kTries = 3;
  std::error_code error;
  for (int i = 0; i < kTries; ++i) {
    std::filesystem::remove_all(path, error);
    if (!error) return;
  }
}

}  // namespace

Leftovers& Leftovers::Get() {
  static Leftovers* const leftovers = new Leftovers;
  return *leftovers;
}

Leftovers::Leftovers() {
  // Orphans of the programs become children of this process, not of init.
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  std::at_quick_exit([] { Get().EndAll(); });
}

StatusOr<pid_t> Leftovers::Start(tql::tools::Program program) {
  const tql::base::MutexLock lock(mutex_);
  std::string mark =
      "TQLCONFORM_PROGRAM=" + std::to_string(getpid()) + '-' + std::to_string(++started_);
  program.environment.push_back(mark);
  program.own_group = true;
  StatusOr<pid_t> pid = tql::tools::Spawn(program);
  if (pid.ok()) programs_.emplace(*pid, std::move(mark));
  return pid;
}

StatusOr<tql::tools::Ending> Leftovers::End(pid_t program) {
  // The group has a zombie at least, so that no other process can have its id.
  kill(-program, SIGKILL);
  siginfo_t info = {};
  while (waitid(P_PID, static_cast<id_t>(program), &info, WEXITED | WNOWAIT) < 0) {
    if (errno != EINTR) break;
  }
  const tql::base::MutexLock lock(mutex_);
  StatusOr<tql::tools::Ending> ending = tql::tools::WaitFor(program);
  const std::string mark = std::move(programs_[program]);
  programs_.erase(program);
  EndOrphans(programs_.empty() ? std::string_view() : mark);
  return ending;
}

void Leftovers::EndOrphans(std::string_view mark) {
  const steady_clock::time_point deadline = steady_clock::now() + kPatience;
  std::set<pid_t> spared;  // This process may not end them: they have changed their user.
  while (HasChildren()) {
    bool is_done = true;
    for (const Child& child : Children()) {
      if (programs_.contains(child.pid) || spared.contains(child.pid)) continue;
      if (!child.is_zombie && !mark.empty() && !HasMark(child.pid, mark)) continue;
      // The parent of a child that ends is this process, so that its pid is not taken again.
      if (kill(child.pid, SIGKILL) != 0 && errno == EPERM) {
        spared.insert(child.pid);
        continue;
      }
      is_done = false;  // Its own children become children of this process.
      waitpid(child.pid, nullptr, WNOHANG);
    }
    if (is_done || steady_clock::now() >= deadline) return;
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

StatusOr<std::string> Leftovers::MakeFolder() {
  std::error_code error;
  std::string path = (std::filesystem::temp_directory_path(error) / "tqlconform-XXXXXX").string();
  if (error) return tql::InternalError("temporary folder: " + error.message());
  const tql::base::MutexLock lock(mutex_);
  if (mkdtemp(path.data()) == nullptr) {
    return tql::InternalError(path + ": " + std::generic_category().message(errno));
  }
  folders_.insert(path);
  return path;
}

void Leftovers::RemoveFolder(const std::string& path) {
  RemoveTree(path);
  const tql::base::MutexLock lock(mutex_);
  folders_.erase(path);
}

void Leftovers::EndAll() {
  mutex_.lock();
  for (const auto& [pid, mark] : programs_) kill(-pid, SIGKILL);
  programs_.clear();
  EndOrphans({});
  for (const std::string& folder : folders_) RemoveTree(folder);
}

}  // namespace tqlconform
