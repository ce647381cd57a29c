#include "proto/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stop_token>
#include <string>
#include <thread>

namespace tql::base {
namespace {

class FileTest : public ::testing::Test {
 protected:
  FileTest() : folder_(::testing::TempDir() + "file_test_XXXXXX") {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
  }
  ~FileTest() override { std::filesystem::remove_all(folder_); }
  std::string Path() const { return folder_ + "/file"; }
  void Write(const std::string& text) const { std::ofstream(Path(), std::ios::binary) << text; }

 private:
  std::string folder_;
};

TEST_F(FileTest, GivesTheBytes) {
  const std::string text = std::string(200'000, 'x') + std::string("\0\n\xFF", 3);
  Write(text);
  EXPECT_EQ(ReadFile(Path(), text.size()).value(), text);
  Write("");
  EXPECT_EQ(ReadFile(Path(), 0).value(), "");
}

TEST_F(FileTest, IsBounded) {
  Write(std::string(200'000, 'x'));
  EXPECT_EQ(ReadFile(Path(), 199'999).status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(ReadFile("/dev/zero", 1000, FileKind::kAny).status().code(),
            StatusCode::kResourceExhausted);
}

TEST_F(FileTest, NamesTheReason) {
  EXPECT_EQ(ReadFile(Path(), 9).status(), NotFoundError("No such file or directory"));
  EXPECT_EQ(ReadFile("/", 9).status(), FailedPreconditionError("a directory, not a file"));
  EXPECT_EQ(ReadFile("/", 9, FileKind::kAny).status(), FailedPreconditionError("Is a directory"));
}

TEST_F(FileTest, WaitsForAPipeOnlyWhenAsked) {
  ASSERT_EQ(mkfifo(Path().c_str(), 0600), 0);
  EXPECT_EQ(ReadFile(Path(), 9).status(), FailedPreconditionError("not a regular file"));
  std::jthread writer([this] { Write("through"); });
  EXPECT_EQ(ReadFile(Path(), 9, FileKind::kAny).value(), "through");
}

TEST_F(FileTest, AWaitForAPipeCanBeCancelled) {
  ASSERT_EQ(mkfifo(Path().c_str(), 0600), 0);
  std::jthread reader([this](const std::stop_token& stop) {
    EXPECT_EQ(ReadFile(Path(), 9, FileKind::kAny, stop).status().code(), StatusCode::kCancelled);
  });
  reader.request_stop();  // nobody ever writes
}

TEST_F(FileTest, ReadsTrustedFile) {
  Write("text");
  for (const mode_t mode : {0600, 0400, 0644, 0755, 0611}) {
    ASSERT_EQ(chmod(Path().c_str(), mode), 0);
    EXPECT_EQ(ReadTrustedFile(Path(), 10, S_IWGRP | S_IWOTH).value(), "text") << mode;
  }
  for (const mode_t mode : {0620, 0602, 0666}) {
    ASSERT_EQ(chmod(Path().c_str(), mode), 0);
    EXPECT_EQ(ReadTrustedFile(Path(), 10, S_IWGRP | S_IWOTH).status(),
              PermissionDeniedError("other users can write it; run: chmod go-w " + Path()));
  }
  for (const mode_t mode : {0640, 0601, 0604, 0610, 0620, 0602}) {
    ASSERT_EQ(chmod(Path().c_str(), mode), 0);
    EXPECT_EQ(ReadTrustedFile(Path(), 10, S_IRWXG | S_IRWXO).status(),
              PermissionDeniedError("other users have access to it; run: chmod 600 " + Path()));
  }
  ASSERT_EQ(chmod(Path().c_str(), 0600), 0);
  EXPECT_EQ(ReadTrustedFile(Path(), 3, S_IRWXG | S_IRWXO).status().code(),
            StatusCode::kResourceExhausted);
  EXPECT_EQ(ReadTrustedFile(Path() + "-", 3, 0).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(ReadTrustedFile("/dev/null", 3, 0).status().code(), StatusCode::kFailedPrecondition);
}

TEST_F(FileTest, RejectsFileOfOtherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  Write("text");
  constexpr uid_t kSomebody = 12345;
  ASSERT_EQ(chown(Path().c_str(), kSomebody, 0), 0);
  EXPECT_EQ(ReadTrustedFile(Path(), 10, 0).status(),
            PermissionDeniedError("it belongs to another user"));
}

}  // namespace
}  // namespace tql::base
