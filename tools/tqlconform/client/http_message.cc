#include "tools/tqlconform/client/http_message.h"

#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include "proto/base/text.h"

namespace tqlconform {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr int kDecimal = 10;
constexpr int kHexadecimal = 16;

std::optional<std::uint64_t> NumberOf(std::string_view text, int base) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return number;
}

/// Decodes chunks from `at` on. Returns the position after the trailer; nothing if the end has not
/// arrived, or the bytes are not chunks.
std::optional<std::size_t> ReadChunks(std::string_view bytes, std::size_t at, std::string* body) {
  while (true) {
    const std::size_t end = bytes.find(kLineEnd, at);
    if (end == bytes.npos) return std::nullopt;
    const auto size = NumberOf(bytes.substr(at, end - at), kHexadecimal);
    if (!size || *size > MessageReader::kMaxBytes) return std::nullopt;
    at = end + kLineEnd.size();
    if (*size == 0) {
      if (bytes.substr(at).starts_with(kLineEnd)) return at + kLineEnd.size();
      const std::size_t trailer_end = bytes.find(kHeadEnd, at);
      if (trailer_end == bytes.npos) return std::nullopt;
      return trailer_end + kHeadEnd.size();
    }
    if (bytes.size() - at < *size + kLineEnd.size()) return std::nullopt;
    body->append(bytes.substr(at, *size));
    at += *size + kLineEnd.size();
  }
}

}  // namespace

std::optional<std::string> FieldOf(std::string_view head, std::string_view name) {
  std::size_t at = head.find(kLineEnd);
  while (at != head.npos) {
    at += kLineEnd.size();
    const std::size_t end = head.find(kLineEnd, at);
    if (end == head.npos) break;
    const std::string_view line = head.substr(at, end - at);
    const std::size_t colon = line.find(':');
    if (colon != line.npos && tql::base::EqualsIgnoreCase(line.substr(0, colon), name)) {
      return std::string(tql::base::Trim(line.substr(colon + 1)));
    }
    at = end;
  }
  return std::nullopt;
}

std::string_view HttpMessage::path() const {
  const std::string_view line = std::string_view(head).substr(0, head.find('\r'));
  const std::size_t begin = line.find(' ');
  if (begin == line.npos) return {};
  return line.substr(begin + 1, line.rfind(' ') - begin - 1);
}

bool MessageReader::Add(std::string_view bytes) {
  if (bytes_.size() + bytes.size() > kMaxBytes) return false;
  bytes_.append(bytes);
  return true;
}

std::optional<HttpMessage> MessageReader::Next() {
  const std::size_t head_end = bytes_.find(kHeadEnd);
  if (head_end == bytes_.npos) return std::nullopt;
  HttpMessage message{.head = bytes_.substr(0, head_end + kHeadEnd.size()), .body = {}};
  std::size_t end = message.head.size();
  if (FieldOf(message.head, "transfer-encoding").has_value()) {
    const auto after = ReadChunks(bytes_, end, &message.body);
    if (!after) return std::nullopt;
    end = *after;
  } else if (const auto length = FieldOf(message.head, "content-length")) {
    const std::uint64_t size = NumberOf(*length, kDecimal).value_or(0);
    if (bytes_.size() - end < size) return std::nullopt;
    message.body = bytes_.substr(end, size);
    end += size;
  }
  bytes_.erase(0, end);
  return message;
}

}  // namespace tqlconform
