#include "tools/tql/home.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "proto/base/environment.h"

namespace tql::shell {
namespace {

std::string Home() { return base::Environment("HOME"); }

/// Returns the home folder in the password database; empty for an unknown user. `find` is one of
/// the getpw…_r functions with the user bound.
template <typename Find>
std::string HomeIn(const Find& find) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(16 * 1024);
  find(&entry, buffer.data(), buffer.size(), &found);
  return found == nullptr || found->pw_dir == nullptr ? "" : found->pw_dir;
}

std::string HomeOf(const std::string& user) {
  if (user.empty() && !Home().empty()) return Home();
  return HomeIn([&](passwd* entry, char* buffer, std::size_t size, passwd** found) {
    user.empty() ? getpwuid_r(getuid(), entry, buffer, size, found)
                 : getpwnam_r(user.c_str(), entry, buffer, size, found);
  });
}

}  // namespace

std::string ExpandTilde(const std::string& path) {
  if (!path.starts_with('~')) return path;
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string home = HomeOf(path.substr(1, end - 1));
  return home.empty() ? path : home + path.substr(end);
}

std::string HistoryPath() {
  const std::string state = base::Environment("XDG_STATE_HOME");
  // The XDG specification requires that relative paths are ignored.
  if (state.starts_with('/')) return state + "/tql/history";
  return Home().empty() ? "" : Home() + "/.local/state/tql/history";
}

void MakeStateFolder(const std::string& folder) {
  namespace fs = std::filesystem;
  const fs::path home = fs::path(Home() + "/").lexically_normal();
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path each = folder; !each.empty() && !fs::exists(each, error);) {
    if (error || (each / "").lexically_normal() == home) return;
    missing.push_back(each);
    if (each == each.parent_path()) break;
    each = each.parent_path();
  }
  for (auto each = missing.rbegin(); each != missing.rend(); ++each) {
    if (mkdir(each->c_str(), 0700) != 0) return;
  }
}

}  // namespace tql::shell
