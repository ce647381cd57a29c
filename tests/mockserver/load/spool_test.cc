#include "mockserver/load/spool.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "mockserver/load/text_source.h"

namespace tql::load {
namespace {

/// `size` bytes that differ from place to place.
std::string Bytes(std::size_t size, unsigned seed) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>((seed = seed * 1103515245 + 12345) >> 16);
  return bytes;
}

std::string ReadAll(TextSource& source) {
  std::string text;
  std::string block(100'000, '\0');
  for (;;) {
    const StatusOr<std::size_t> got = source.Read(block.data(), block.size());
    EXPECT_TRUE(got.ok()) << got.status();
    if (!got.ok() || *got == 0) return text;
    text.append(block, 0, *got);
  }
}

TEST(SpoolTest, BytesOfSeveralUploadsAreKeptApartAndSpaceIsUsedAgain) {
  Spool spool(std::filesystem::temp_directory_path());
  const std::string a = Bytes(3 * Spool::kExtentBytes + 17, 1);
  const std::string b = Bytes(Spool::kExtentBytes, 2);
  for (int round = 0; round < 3; ++round) {
    const auto first = std::make_shared<SpooledBytes>(spool);
    const auto second = std::make_shared<SpooledBytes>(spool);
    for (std::size_t at = 0; at < a.size(); at += 10'000) {
      ASSERT_TRUE(first->Append(std::string_view(a).substr(at, 10'000)).ok());
      if (at < b.size()) {
        ASSERT_TRUE(second->Append(std::string_view(b).substr(at, 10'000)).ok());
      }
    }
    ASSERT_TRUE(first->Finish().ok());
    ASSERT_TRUE(second->Finish().ok());
    EXPECT_EQ(first->size(), a.size());
    TextSource both({{first}, {second}});
    EXPECT_TRUE(ReadAll(both) == a + b) << "round " << round;
  }
}

TEST(SpoolTest, AFolderThatCannotBeWrittenIsAnError) {
  Spool spool("/nonexistent");
  SpooledBytes bytes(spool);
  ASSERT_TRUE(bytes.Append("x").ok());
  const Status status = bytes.Finish();
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_NE(status.message().find("/nonexistent"), std::string::npos) << status;
}

}  // namespace
}  // namespace tql::load
