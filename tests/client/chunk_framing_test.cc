#include "client/src/chunk_framing.h"

#include <gtest/gtest.h>

#include <string>

namespace tql {
namespace {

/// The position after which the trailer begins; npos if it never does.
std::size_t TrailerOf(const std::string& bytes, std::size_t piece) {
  ChunkFraming chunks;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    chunks.Pass(std::string_view(bytes).substr(at, piece));
    if (chunks.in_trailer()) return std::min(at + piece, bytes.size());
  }
  return std::string::npos;
}

TEST(ChunkFramingTest, FindsTheTrailer) {
  for (const char* const body : {"0\r\n", "000;x=\"1\"\r\n", "1\r\n0\r\n0\r\n",
                                 "3\r\n0\r\n\r\n0\r\n", "A;0\r\n0123456789\r\n0\r\n"}) {
    EXPECT_EQ(TrailerOf(body, 1), std::string_view(body).size()) << body;
  }
}

TEST(ChunkFramingTest, WhatIsNotTheLastChunkIsNoTrailer) {
  for (const char* const body :
       {"\r\n0\r\n", "1\r\n0\r\n", "10\r\n", "x\r\n", "ffffffffffffffff\r\n0\r\n"}) {
    for (const std::size_t piece : {1, 100}) {
      EXPECT_EQ(TrailerOf(body, piece), std::string::npos) << body;
    }
  }
}

}  // namespace
}  // namespace tql
