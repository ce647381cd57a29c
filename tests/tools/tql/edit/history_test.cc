#include "tools/tql/edit/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace tql::shell {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() {
    folder_ = testing::TempDir() + "/history-XXXXXX";
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    file_ = folder_ + "/made/too/history";
  }
  ~HistoryTest() override { std::filesystem::remove_all(folder_); }

  std::string Contents() const {
    std::ifstream stream(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void Write(const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(file_).parent_path());
    std::ofstream(file_, std::ios::binary) << text;
  }

  std::string folder_;
  std::string file_;
};

TEST_F(HistoryTest, EntriesAreUniqueAndPersistent) {
  History history(file_);
  EXPECT_THAT(history.entries(), IsEmpty());
  for (const char* entry : {"one;", "two\n\tlines;", "one;", "one;", ""}) history.Add(entry);
  EXPECT_THAT(history.entries(), ElementsAre("two\n\tlines;", "one;"));
  EXPECT_THAT(History(file_).entries(), ElementsAre("two\n\tlines;", "one;"));
}

TEST_F(HistoryTest, TheFileIsPrivate) {
  Write("");
  std::filesystem::permissions(file_, std::filesystem::perms::all);
  History(file_).Add("one;");
  struct stat info {};
  ASSERT_EQ(stat(file_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(HistoryTest, ConcurrentShellsKeepAllEntries) {
  History one(file_);
  History other(file_);
  one.Add("one;");
  other.Add("other;");
  one.Add("last;");
  EXPECT_THAT(other.entries(), ElementsAre("other;"));
  EXPECT_THAT(History(file_).entries(), ElementsAre("one;", "other;", "last;"));
}

TEST_F(HistoryTest, KeepsTheLatestThousand) {
  History history(file_);
  for (int i = 0; i < 2500; ++i) history.Add("entry " + std::to_string(i) + ";");
  EXPECT_THAT(history.entries(), SizeIs(1000));
  EXPECT_EQ(history.entries().front(), "entry 1500;");
  const std::string before = Contents();
  const History again(file_);
  EXPECT_EQ(again.entries(), history.entries());
  EXPECT_LT(Contents().size(), before.size());
  EXPECT_EQ(History(file_).entries(), history.entries());
}

TEST_F(HistoryTest, LibeditsFilesAreRead) {
  // As its strvis() encodes whitespace, newlines, backslashes, control characters and non-ASCII
  // bytes.
  Write(
      "_HiStOrY_V2_\n"
      "select\\0401;\n"
      "two\\012lines\\011tab;\n"
      "select\\040'a\\\\b';\n"
      "bell\\^G\\^?;\n"
      "\\M-C\\M-)t\\M-C\\M-)\\M^C;\n"
      "caf\xC3\xA9;\n");
  EXPECT_THAT(History(file_).entries(),
              ElementsAre("select 1;", "two\nlines\ttab;", "select 'a\\b';", "bell\a\x7f;",
                          "été\uFFFD;", "café;"));
}

TEST_F(HistoryTest, FileWithoutFirstLine) {
  Write("one;\n\ntwo");
  EXPECT_THAT(History(file_).entries(), ElementsAre("one;", "two"));
}

TEST_F(HistoryTest, EntriesRoundTrip) {
  std::string all;
  for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
  for (const std::string& entry : {all, std::string("\\n\\012 \\M-C\\^G"), std::string("漢\n\\")}) {
    EXPECT_EQ(EncodeEntry(entry).find('\n'), std::string::npos);
    EXPECT_EQ(DecodeEntry(EncodeEntry(entry)), entry);
  }
}

TEST_F(HistoryTest, VeryLongEntryIsNotSaved) {
  History history(file_);
  history.Add(std::string(HistoryFile::kLongestEntry + 1, 'x'));
  history.Add("one;");
  EXPECT_THAT(history.entries(), SizeIs(2));
  EXPECT_THAT(History(file_).entries(), ElementsAre("one;"));
}

TEST_F(HistoryTest, ALinkStaysOne) {
  const std::string link = folder_ + "/link";
  std::filesystem::create_symlink(file_, link);
  std::string many = "_HiStOrY_V2_\n";
  for (int i = 0; i < 3000; ++i) many += std::to_string(i) + ";\n";  // Enough for a rewrite.
  Write(many);
  EXPECT_THAT(History(link).entries(), SizeIs(1000));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_LT(std::filesystem::file_size(file_), many.size());
}

TEST_F(HistoryTest, IgnoresOtherFileTypes) {
  const std::string pipe = folder_ + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0640), 0);
  chmod(pipe.c_str(), 0640);
  const std::string link = folder_ + "/link";
  std::filesystem::create_symlink(pipe, link);
  for (const std::string& path : {pipe, link, folder_}) {
    History history(path);
    history.Add("one;");
    EXPECT_THAT(history.entries(), ElementsAre("one;"));
  }
  struct stat info {};
  ASSERT_EQ(stat(pipe.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640U);
}

TEST_F(HistoryTest, SkipsForeignLines) {
  Write("_HiStOrY_V2_\none;\n" + std::string(50 << 20, 'x') + "\ntwo;\n");
  EXPECT_THAT(History(file_).entries(), ElementsAre("one;", "two;"));
}

TEST_F(HistoryTest, WriteFailuresAreIgnored) {
  History history("/proc/nothing/history");
  history.Add("one;");
  EXPECT_THAT(history.entries(), ElementsAre("one;"));
}

TEST_F(HistoryTest, FindIsBidirectionalAndIgnoresCase) {
  History history("");
  for (const char* entry : {"select one;", "use retail;", "SELECT two;"}) history.Add(entry);
  auto found = history.Find("select", 2, true);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->entry, 2U);
  found = history.Find("ONE", 1, true);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->entry, 0U);
  EXPECT_EQ(found->at, 7U);
  EXPECT_FALSE(history.Find("two", 1, true).has_value());
  EXPECT_EQ(history.Find("two", 0, false)->entry, 2U);
  EXPECT_FALSE(history.Find("x", 3, false).has_value());
}

TEST_F(HistoryTest, KeepsEditsWhileBrowsing) {
  History history("");
  history.Add("one;");
  history.Add("two;");
  HistoryWalk walk(history);
  EXPECT_EQ(walk.Step(false, "draft"), std::nullopt);
  EXPECT_EQ(walk.Step(true, "draft"), "two;");
  EXPECT_EQ(walk.Step(true, "two changed;"), "one;");
  EXPECT_EQ(walk.Step(true, "one;"), std::nullopt);
  EXPECT_EQ(walk.Step(false, "one;"), "two changed;");
  EXPECT_EQ(walk.Step(false, "two changed;"), "draft");
  EXPECT_EQ(walk.Leap(true, "draft"), "one;");
  EXPECT_EQ(walk.Leap(false, "one;"), "draft");
  EXPECT_EQ(history.entries().back(), "two;");
}

}  // namespace
}  // namespace tql::shell
