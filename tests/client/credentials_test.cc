#include "tql/credentials.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace tql {
namespace {

class PasswordFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    file_ = ::testing::TempDir() + "/password-XXXXXX";
    const int fd = mkstemp(file_.data());  // 0600
    ASSERT_GE(fd, 0);
    close(fd);
  }
  void TearDown() override { std::filesystem::remove(file_); }
  StatusOr<std::string> Read(std::string_view text) {
    std::ofstream(file_) << text;
    return Credentials::FromFile(file_).password();
  }
  std::string file_;
};

TEST_F(PasswordFileTest, PasswordIsFirstLine) {
  for (const char* text : {"secret", "secret\n", "secret\r\n", "secret\nnotes\n"}) {
    EXPECT_EQ(Read(text).value(), "secret");
  }
  EXPECT_EQ(Read(" with blanks \n").value(), " with blanks ");
}

TEST_F(PasswordFileTest, RejectsAccessByOthers) {
  for (const mode_t mode : {0640, 0620, 0604, 0602, 0610, 0601, 0644, 0666}) {
    ASSERT_EQ(chmod(file_.c_str(), 0600), 0);
    ASSERT_TRUE(Read("secret").ok());
    ASSERT_EQ(chmod(file_.c_str(), mode), 0);
    EXPECT_EQ(Credentials::FromFile(file_).password().status(),
              FailedPreconditionError("password file " + file_ +
                                      ": other users have access to it; run: chmod 600 " + file_))
        << mode;
  }
}

TEST_F(PasswordFileTest, RejectsFileOfOtherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_TRUE(Read("secret").ok());
  constexpr uid_t kSomebody = 12345;
  ASSERT_EQ(chown(file_.c_str(), kSomebody, 0), 0);
  EXPECT_EQ(Credentials::FromFile(file_).password().status(),
            FailedPreconditionError("password file " + file_ + ": it belongs to another user"));
}

TEST_F(PasswordFileTest, ReportsUnusableFile) {
  EXPECT_EQ(Read("").status().message(), "password file " + file_ + ": its first line is empty");
  EXPECT_EQ(Read("\nsecret").status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(Read(std::string(5000, 'x')).status().message(),
            "password file " + file_ + ": its first line is too long");
  EXPECT_EQ(Credentials::FromFile(::testing::TempDir()).password().status().code(),
            StatusCode::kFailedPrecondition);
  EXPECT_EQ(Credentials::FromFile("/nonexistent").password().status().code(),
            StatusCode::kNotFound);
}

TEST(Credentials, ErrorsNameMissingSource) {
  unsetenv("TQL_PASSWORD");
  EXPECT_EQ(Credentials::FromEnvironment().password().status(),
            FailedPreconditionError("the environment variable TQL_PASSWORD is not set"));
  EXPECT_TRUE(Credentials().empty());
  EXPECT_EQ(Credentials().password().status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(Credentials::Password("secret").password().value(), "secret");
}

}  // namespace
}  // namespace tql
