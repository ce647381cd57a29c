#include "tools/tqlconform/client/http_message.h"

#include <gtest/gtest.h>

namespace tqlconform {
namespace {

TEST(HttpMessageTest, FieldsHaveNoCase) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type:  text/plain \r\nX-A: b:c\r\n\r\n";
  EXPECT_EQ(FieldOf(head, "content-TYPE"), "text/plain");
  EXPECT_EQ(FieldOf(head, "x-a"), "b:c");
  EXPECT_EQ(FieldOf(head, "content"), std::nullopt);
}

TEST(HttpMessageTest, ReadsByteByByte) {
  const std::string bytes =
      "POST /q HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n";
  MessageReader reader;
  std::vector<HttpMessage> messages;
  for (const char byte : bytes) {
    ASSERT_TRUE(reader.Add(std::string_view(&byte, 1)));
    while (auto message = reader.Next()) messages.push_back(*std::move(message));
  }
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].path(), "/q");
  EXPECT_EQ(messages[0].body, "abc");
  EXPECT_EQ(messages[1].path(), "/");
  EXPECT_EQ(messages[1].body, "");
}

TEST(HttpMessageTest, DecodesChunks) {
  MessageReader reader;
  ASSERT_TRUE(
      reader.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "2;x=\"y\"\r\nab\r\nA\r\n0123456789\r\n0\r\nExpires: 0\r\n\r\nrest"));
  const auto message = reader.Next();
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->body, "ab0123456789");
  EXPECT_EQ(reader.rest(), "rest");
}

TEST(HttpMessageTest, BytesThatAreNotHttpAreNoMessage) {
  for (const char* const bytes :
       {"\x16\x03\x01", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx"}) {
    MessageReader reader;
    ASSERT_TRUE(reader.Add(bytes));
    EXPECT_FALSE(reader.Next().has_value()) << bytes;
  }
}

TEST(HttpMessageTest, SizeIsBounded) {
  MessageReader reader;
  EXPECT_TRUE(reader.Add(std::string(MessageReader::kMaxBytes, 'x')));
  EXPECT_FALSE(reader.Add("x"));
}

}  // namespace
}  // namespace tqlconform
