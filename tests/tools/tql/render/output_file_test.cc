#include "tools/tql/render/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tql::shell {
namespace {

namespace fs = std::filesystem;

class OutputFileTest : public testing::Test {
 protected:
  OutputFileTest() {
    std::string name = testing::TempDir() + "/output-XXXXXX";
    folder_ = mkdtemp(name.data());
    path_ = folder_ / "result.csv";
  }
  ~OutputFileTest() override { fs::remove_all(folder_); }

  std::string Contents() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }
  std::size_t Files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
  fs::path path_;
};

TEST_F(OutputFileTest, AppearsOnCommit) {
  auto file = OutputFile::Create(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  (*file)->out().Write("data\n");
  (*file)->out().Flush();
  EXPECT_FALSE(fs::exists(path_));
  EXPECT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(Contents(), "data\n");
  file->reset();
  EXPECT_EQ(Files(), 1U);
}

TEST_F(OutputFileTest, NothingChangesWithoutCommit) {
  std::ofstream(path_) << "old";
  auto file = OutputFile::Create(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  (*file)->out().Write("new");
  file->reset();
  EXPECT_EQ(Contents(), "old");
  EXPECT_EQ(Files(), 1U);
}

TEST_F(OutputFileTest, KeepsModeAndFollowsLink) {
  std::ofstream(path_) << "old";
  chmod(path_.c_str(), 0640);
  const fs::path link = folder_ / "link";
  fs::create_symlink(path_, link);
  auto file = OutputFile::Create(link);
  ASSERT_TRUE(file.ok()) << file.status();
  (*file)->out().Write("new");
  EXPECT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(Contents(), "new");
  EXPECT_TRUE(fs::is_symlink(link));
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0640U);
}

TEST_F(OutputFileTest, RejectsOtherFileTypes) {
  for (const std::string& path : {std::string("/dev/null"), folder_.string()}) {
    const auto file = OutputFile::Create(path);
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.status().message(), "cannot write " + path + ": it is not a regular file");
  }
  const auto nowhere = OutputFile::Create("/no/such/place");
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.status().message(), "cannot write /no/such/place: No such file or directory");
}

}  // namespace
}  // namespace tql::shell
