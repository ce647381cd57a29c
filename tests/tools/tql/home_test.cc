#include "tools/tql/home.h"

#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace tql::shell {
namespace {

namespace fs = std::filesystem;

class HomeTest : public testing::Test {
 protected:
  HomeTest() {
    std::string name = testing::TempDir() + "/home-XXXXXX";
    folder_ = mkdtemp(name.data());
    setenv("HOME", (folder_ / "home").c_str(), 1);
    unsetenv("XDG_STATE_HOME");
  }
  ~HomeTest() override {
    fs::remove_all(folder_);
    setenv("HOME", home_.c_str(), 1);
  }

  static int ModeOf(const fs::path& path) {
    struct stat info {};
    return stat(path.c_str(), &info) == 0 ? static_cast<int>(info.st_mode & 07777) : -1;
  }

  fs::path folder_;

 private:
  const std::string home_ = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
};

TEST_F(HomeTest, ExpandsTilde) {
  const std::string home = folder_ / "home";
  EXPECT_EQ(ExpandTilde("~"), home);
  EXPECT_EQ(ExpandTilde("~/a b/c"), home + "/a b/c");
  EXPECT_EQ(ExpandTilde("~//"), home + "//");
  const passwd* const root = getpwuid(0);
  ASSERT_NE(root, nullptr);
  EXPECT_EQ(ExpandTilde("~" + std::string(root->pw_name) + "/a"), std::string(root->pw_dir) + "/a");
  for (const char* path : {"", "a", "a/~", "./~", "~no such user/a", "|~", "/~/a"}) {
    EXPECT_EQ(ExpandTilde(path), path);
  }
  // Without the variable, the user's home directory from the password database.
  const passwd* const user = getpwuid(getuid());
  unsetenv("HOME");
  EXPECT_EQ(ExpandTilde("~/a"), user == nullptr ? "~/a" : std::string(user->pw_dir) + "/a");
}

TEST_F(HomeTest, HistoryIsInStateFolder) {
  EXPECT_EQ(HistoryPath(), folder_ / "home/.local/state/tql/history");
  setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_EQ(HistoryPath(), "/state/tql/history");
  setenv("XDG_STATE_HOME", "state", 1);
  EXPECT_EQ(HistoryPath(), folder_ / "home/.local/state/tql/history");
  unsetenv("HOME");
  EXPECT_EQ(HistoryPath(), "");
}

TEST_F(HomeTest, StateFoldersArePrivate) {
  fs::create_directory(folder_ / "home");
  const mode_t before = umask(0);
  MakeStateFolder(folder_ / "home/.local/state/tql");
  MakeStateFolder(folder_ / "home/.local/state/tql");
  umask(before);
  for (const char* name : {"home/.local", "home/.local/state", "home/.local/state/tql"}) {
    EXPECT_EQ(ModeOf(folder_ / name), 0700) << name;
  }
}

TEST_F(HomeTest, DoesNotCreateHome) {
  MakeStateFolder(folder_ / "home/.local/state/tql");
  EXPECT_FALSE(fs::exists(folder_ / "home"));
  setenv("HOME", (folder_ / "home//").c_str(), 1);
  MakeStateFolder(folder_ / "home/.local/state/tql");
  EXPECT_FALSE(fs::exists(folder_ / "home"));
  MakeStateFolder(folder_ / "elsewhere/tql");  // As $XDG_STATE_HOME may be.
  EXPECT_EQ(ModeOf(folder_ / "elsewhere"), 0700);
  setenv("HOME", "/dev/null/home", 1);
  MakeStateFolder("/dev/null/home/.local/state/tql");
}

}  // namespace
}  // namespace tql::shell
