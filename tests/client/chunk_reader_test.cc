#include "client/src/chunk_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tql {
namespace {

using testing::ElementsAre;

/// Reads `text` in pieces of up to `piece` bytes.
LoadRequest RequestFor(std::string text, std::size_t chunk_bytes, std::size_t piece) {
  LoadRequest request;
  request.chunk_bytes = chunk_bytes;
  request.source = [text = std::move(text), piece, at = std::size_t{0}](
                       char* into, std::size_t size) mutable -> StatusOr<std::size_t> {
    const std::size_t count = text.copy(into, std::min(size, piece), at);
    at += count;
    return count;
  };
  return request;
}

std::vector<std::string> ChunksOf(const LoadRequest& request) {
  ChunkReader chunks(request);
  std::vector<std::string> all;
  do {
    const StatusOr<std::string_view> chunk = chunks.Next();
    EXPECT_TRUE(chunk.ok());
    if (!chunk.ok()) break;
    all.emplace_back(*chunk);
  } while (!chunks.last());
  return all;
}

TEST(ChunkReaderTest, EndAtRecordEnds) {
  for (const std::size_t piece : {1, 3, 100}) {
    EXPECT_THAT(ChunksOf(RequestFor("1,a\n2,b\n3,c\n", 6, piece)),
                ElementsAre("1,a\n", "2,b\n", "3,c\n"));
    EXPECT_THAT(ChunksOf(RequestFor("1,a\n2,b\n3,c", 9, piece)), ElementsAre("1,a\n2,b\n", "3,c"));
    EXPECT_THAT(ChunksOf(RequestFor("1,\"\n\"\n2,b\n", 8, piece)),
                ElementsAre("1,\"\n\"\n", "2,b\n"));
  }
}

TEST(ChunkReaderTest, ATextOfOneChunk) {
  EXPECT_THAT(ChunksOf(RequestFor("1,a\n2,b", 100, 100)), ElementsAre("1,a\n2,b"));
  EXPECT_THAT(ChunksOf(RequestFor("", 100, 100)), ElementsAre(""));
}

// Whether the text has ended is only known after another read.
TEST(ChunkReaderTest, ATextThatFillsItsChunks) {
  EXPECT_THAT(ChunksOf(RequestFor("1,a\n2,b\n", 4, 100)), ElementsAre("1,a\n", "2,b\n", ""));
}

TEST(ChunkReaderTest, ALongRecordIsCut) {
  EXPECT_THAT(ChunksOf(RequestFor("1,abcdef\n2\n", 4, 100)), ElementsAre("1,ab", "cdef", "\n2\n"));
  EXPECT_THAT(ChunksOf(RequestFor("1\n", 0, 100)), ElementsAre("1", "\n", ""));
}

TEST(ChunkReaderTest, TheFormatDecidesWhatIsARecord) {
  LoadRequest request = RequestFor("1\\\nx\n2\n", 4, 100);
  request.format.type = "delimited";
  EXPECT_THAT(ChunksOf(request), ElementsAre("1\\\n", "x\n2\n", ""));
  request = RequestFor("1\\\nx\n2\n", 4, 100);
  request.format.type = "DELIMITED";
  request.format.escape_character = "\\";
  EXPECT_THAT(ChunksOf(request), ElementsAre("1\\\nx", "\n2\n"));
  request = RequestFor("1'\n'\n2\n", 6, 100);
  request.format.enclosing_character = "'";
  EXPECT_THAT(ChunksOf(request), ElementsAre("1'\n'\n", "2\n"));
  request = RequestFor("1'\n'\n2\n", 4, 100);
  request.format.enclosing_character = "";
  EXPECT_THAT(ChunksOf(request), ElementsAre("1'\n", "'\n2\n", ""));
}

TEST(ChunkReaderTest, AnErrorOfTheSource) {
  LoadRequest request;
  request.source = [](char*, std::size_t) -> StatusOr<std::size_t> {
    return DataLossError("the disk is broken");
  };
  ChunkReader chunks(request);
  EXPECT_EQ(chunks.Next().status(), DataLossError("the disk is broken"));
}

}  // namespace
}  // namespace tql
