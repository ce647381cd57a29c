#include "wire/json_reader.h"

#include <algorithm>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "proto/base/json_writer.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "wire/json_escape.h"

namespace tql::wire {
namespace {

bool IsBareChar(char c) {
  return base::IsDigit(c) || base::IsLetter(c) || c == '_' || c == '+' || c == '-' || c == '.';
}

/// From this size on, the memory for a text is allocated at once.
constexpr std::size_t kLongText = 4096;

/// The position of the quote that ends the string whose rest begins at `at`, or the end.
std::size_t EndOfString(std::string_view text, std::size_t at) {
  for (std::size_t quote = text.find('"', at); quote != text.npos; quote = text.find('"', at)) {
    std::size_t plain = quote;
    while (plain > at && text[plain - 1] == '\\') --plain;
    if ((quote - plain) % 2 == 0) return quote;
    at = quote + 1;
  }
  return text.size();
}

/// The position of the first quote, backslash or control character from `at` on, or the end.
std::size_t EndOfPlain(std::string_view text, std::size_t at) {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1F);
  for (; text.size() - at >= sizeof(__m128i); at += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    __m128i stop = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
    stop = _mm_or_si128(stop, _mm_cmpeq_epi8(bytes, quote));
    stop = _mm_or_si128(stop, _mm_cmpeq_epi8(bytes, backslash));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(stop));
    if (mask != 0) return at + static_cast<std::size_t>(__builtin_ctz(mask));
  }
#endif
  while (at < text.size() && text[at] != '"' && text[at] != '\\' &&
         static_cast<unsigned char>(text[at]) >= 0x20) {
    ++at;
  }
  return at;
}

}  // namespace

bool JsonReader::Expect(char c, std::string_view where) {
  if (Take(c)) return true;
  return FailExpected("'" + std::string(1, c) + "' " + std::string(where));
}

std::string JsonReader::Found() {
  SkipBlanks();
  if (at_ == text_.size()) return "the end";
  // Quote a whole word, but never a byte that may not be printable.
  const auto c = static_cast<unsigned char>(text_[at_]);
  if (c < 0x20 || c >= 0x7F) return "byte " + std::to_string(c);
  std::size_t end = at_ + 1;
  while (IsBareChar(text_[at_]) && end < text_.size() && IsBareChar(text_[end]) && end - at_ < 32) {
    ++end;
  }
  return "'" + std::string(text_.substr(at_, end - at_)) + "'";
}

// Keeps the first error: later ones are consequences of it.
bool JsonReader::FailAt(std::size_t offset, std::string message) {
  if (!status_.ok()) return false;
  const TextPlace place = PlaceOf(text_, offset);
  status_ = Status(StatusCode::kInvalidArgument,
                   "line " + std::to_string(place.line) + ", column " +
                       std::to_string(place.column) + ": " + message,
                   place);
  return false;
}

bool JsonReader::Enter() {
  if (depth_ == max_depth_) {
    const TextPlace place = PlaceOf(text_, at_);
    status_ =
        Status(StatusCode::kResourceExhausted,
               "line " + std::to_string(place.line) + ", column " + std::to_string(place.column) +
                   ": more than " + std::to_string(max_depth_) + " nested objects and arrays",
               place);
    return false;
  }
  ++depth_;
  return true;
}

bool JsonReader::ReadEscape(std::string* out) {
  const JsonEscape escape = ReadJsonEscape(text_.substr(at_));
  switch (escape.error) {
    case JsonEscape::Error::kUnknown:
      return FailAt(at_, "found an unknown escape, expected one of \"\\/bfnrtu");
    case JsonEscape::Error::kHalfSurrogatePair:
      return FailAt(at_, "found an unpaired surrogate");
    case JsonEscape::Error::kNoHexDigit:
      at_ += escape.length;
      return Fail("found " + Found() + ", expected four hexadecimal digits after \\u");
    case JsonEscape::Error::kNone:
      break;
  }
  base::AppendUtf8(escape.code_point, out);
  at_ += escape.length;
  return true;
}

// Copies runs of plain characters, and unescapes what lies between them.
bool JsonReader::ReadString(std::string* out) {
  out->clear();
  if (Peek() != '"') return FailExpected("a string");
  const std::size_t start = at_++;
  for (;;) {
    const std::size_t end = EndOfPlain(text_, at_);
    const std::string_view plain = text_.substr(at_, end - at_);
    const std::size_t valid = base::ValidUtf8Prefix(plain);
    if (valid != plain.size()) return FailAt(at_ + valid, "found invalid UTF-8");
    // A long text with escapes is read in pieces.
    if (out->size() >= kLongText && out->capacity() - out->size() < plain.size()) {
      out->reserve(out->size() + EndOfString(text_, at_) - at_);
    }
    *out += plain;
    at_ = end;
    if (at_ == text_.size()) return FailAt(start, "this string is not terminated");
    if (text_[at_] == '"') {
      ++at_;
      return true;
    }
    if (text_[at_] != '\\') return Fail("found a control character in a string, expected \\u00XX");
    if (!ReadEscape(out)) return false;
  }
}

bool JsonReader::ReadBare(std::string_view* out) {
  SkipBlanks();
  const std::size_t start = at_;
  while (at_ < text_.size() && IsBareChar(text_[at_])) ++at_;
  if (at_ == start) return FailExpected("a value");
  *out = text_.substr(start, at_ - start);
  return true;
}

// Skips the rest of an object or array, starting at its opening bracket.
bool JsonReader::SkipMembers(char close) {
  ++at_;
  if (Take(close)) return true;
  for (;;) {
    std::string key;
    if (close == '}' && !(ReadString(&key) && Expect(':', "after a key"))) return false;
    if (!SkipValue()) return false;
    if (Take(close)) return true;
    if (!Take(',')) return FailExpected("',' or '" + std::string(1, close) + "'");
  }
}

bool JsonReader::SkipValue() {
  const char c = Peek();
  if (c == '"') {
    std::string ignored;
    return ReadString(&ignored);
  }
  if (c == '{' || c == '[') {
    if (!Enter() || !SkipMembers(c == '{' ? '}' : ']')) return false;
    Leave();
    return true;
  }
  // A word without quotes is only permitted as an enum value, which is never skipped.
  const std::size_t start = at_;
  std::string_view bare;
  if (!ReadBare(&bare)) return false;
  if (bare == "true" || bare == "false" || bare == "null" || base::IsJsonNumber(bare)) return true;
  return FailAt(start, "found '" + std::string(bare.substr(0, 32)) + "', expected a value");
}

}  // namespace tql::wire
