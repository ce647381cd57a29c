#include "proto/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

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

}  // namespace
}  // namespace tql::base
