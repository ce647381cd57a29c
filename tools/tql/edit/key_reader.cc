#include "tools/tql/edit/key_reader.h"

#include <algorithm>
#include <utility>

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::shell {
namespace {

using Kind = Key::Kind;

constexpr char kEscape = '\x1b';
constexpr std::string_view kPasteEnd = "\x1b[201~";
constexpr std::size_t kLongestSequence = 32;

unsigned char Byte(char c) { return static_cast<unsigned char>(c); }

/// Returns the length of the character with this first byte; 1 if it is invalid.
std::size_t LengthBy(char lead) {
  const unsigned char byte = Byte(lead);
  return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1;
}

Key ControlKey(char c) {
  switch (c) {
    case '\r':
    case '\n':
      return {Kind::kEnter, false, false, ""};
    case '\t':
      return {Kind::kTab, false, false, ""};
    case '\x7f':
    case '\b':
      return {Kind::kBackspace, false, false, ""};
    default: {
      const char letter = base::ToLower(static_cast<char>(Byte(c) ^ 0x40U));
      return {Kind::kText, true, false, std::string(1, letter)};
    }
  }
}

Kind KindByLetter(char final) {
  switch (final) {
    case 'A':
      return Kind::kUp;
    case 'B':
      return Kind::kDown;
    case 'C':
      return Kind::kRight;
    case 'D':
      return Kind::kLeft;
    case 'H':
      return Kind::kHome;
    case 'F':
      return Kind::kEnd;
    case 'Z':
      return Kind::kBackTab;
    default:
      return Kind::kUnknown;
  }
}

Kind KindByNumber(int number) {
  switch (number) {
    case 1:
    case 7:
      return Kind::kHome;
    case 3:
      return Kind::kDelete;
    case 4:
    case 8:
      return Kind::kEnd;
    case 5:
      return Kind::kPageUp;
    case 6:
      return Kind::kPageDown;
    default:
      return Kind::kUnknown;
  }
}

/// Parses the parameters of a sequence, e.g. "3;5" of "\x1b[3;5~".
struct Parameters {
  int first = 0;
  int second = 0;
};
Parameters ParametersOf(std::string_view text) {
  Parameters found;
  int* number = &found.first;
  for (const char c : text) {
    if (c == ';' && number == &found.second) break;
    if (c == ';') number = &found.second;
    if (c >= '0' && c <= '9') *number = std::min(*number, 1000) * 10 + (c - '0');
  }
  return found;
}

/// Converts all kinds of line ends to newlines.
std::string WithNewlines(std::string_view text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    lines += text[i] == '\r' ? '\n' : text[i];
  }
  return lines;
}

}  // namespace

void KeyReader::Clear() {
  bytes_.clear();
  pasting_ = quoting_ = false;
}

std::optional<Key> KeyReader::Take(std::size_t count, Key key) {
  bytes_.erase(0, count);
  return key;
}

std::optional<Key> KeyReader::Next(bool idle) {
  if (pasting_) return Paste(idle);
  if (bytes_.empty()) return std::nullopt;
  const char c = bytes_.front();
  if (quoting_) {
    std::optional<Key> key = Character(0, idle);
    if (key) quoting_ = false;
    return key;
  }
  if (c == kEscape) return Escape(idle);
  if (Byte(c) < 0x20 || c == '\x7f') return Take(1, ControlKey(c));
  return Character(0, idle);
}

std::optional<Key> KeyReader::Character(std::size_t at, bool idle) {
  const std::size_t expected = LengthBy(bytes_[at]);
  const std::string_view so_far = std::string_view(bytes_).substr(at + 1, expected - 1);
  const bool more =
      so_far.size() + 1 < expected && std::ranges::all_of(so_far, base::IsUtf8Continuation);
  if (more && !idle) return std::nullopt;
  const std::size_t length = base::DecodeUtf8(bytes_, at).length;
  return Take(at + length, {Kind::kText, false, at > 0,
                            base::SanitizeUtf8(std::string_view(bytes_).substr(at, length))});
}

std::optional<Key> KeyReader::Escape(bool idle) {
  const Key escape{Kind::kEscape, false, false, ""};
  if (bytes_.size() == 1) return idle ? Take(1, escape) : std::nullopt;
  const char next = bytes_[1];
  if (next == kEscape) return Take(1, escape);
  if (next == '[' || next == 'O') return Sequence(1, idle);
  if (Byte(next) < 0x20 || next == '\x7f') {
    Key key = ControlKey(next);
    key.alt = true;
    return Take(2, key);
  }
  std::optional<Key> key = Character(1, idle);
  if (key && key->text.size() == 1) key->text[0] = base::ToLower(key->text[0]);
  return key;
}

/// Parses "\x1b[…" and "\x1bO…".
std::optional<Key> KeyReader::Sequence(std::size_t at, bool idle) {
  const bool short_form = bytes_[at] == 'O';
  std::size_t end = at + 1;
  const bool console = bytes_.substr(at).starts_with("[[");  // function keys of Linux
  if (console) ++end;
  while (end < bytes_.size() && Byte(bytes_[end]) >= 0x20 && Byte(bytes_[end]) < 0x40) ++end;
  if (end == bytes_.size() && end <= kLongestSequence) {
    if (!idle) return std::nullopt;
    if (end > at + 1) return Take(end, {});
    const bool opens = bytes_[at] == '[';  // Alt-[ and Alt-O themselves
    return Take(end, {Kind::kText, false, true, opens ? "[" : "o"});
  }
  if (end == bytes_.size() || Byte(bytes_[end]) < 0x20 || Byte(bytes_[end]) > 0x7E) {
    return Take(end, {});
  }
  const char final = bytes_[end];
  const Parameters numbers = ParametersOf(std::string_view(bytes_).substr(at + 1, end - at - 1));
  if (final == '~' && numbers.first == 200) {
    pasting_ = true;
    searched_ = 0;
    bytes_.erase(0, end + 1);
    return Paste(false);
  }
  Key key;
  const unsigned modifiers = numbers.second > 0 ? static_cast<unsigned>(numbers.second - 1) : 0;
  key.kind = final == '~' ? KindByNumber(numbers.first) : KindByLetter(final);
  if (console || (key.kind == Kind::kUnknown && !short_form)) return Take(end + 1, {});
  key.alt = (modifiers & 2U) != 0;
  key.control = (modifiers & 4U) != 0;
  if (short_form && final >= 'a' && final <= 'd') {  // rxvt
    key.kind = KindByLetter(static_cast<char>(final - 32));
    key.control = true;
  }
  return Take(end + 1, key);
}

std::optional<Key> KeyReader::Paste(bool idle) {
  const std::size_t end = bytes_.find(kPasteEnd, searched_);
  if (end == std::string::npos) {
    searched_ = bytes_.size() - std::min(bytes_.size(), kPasteEnd.size() - 1);
    if (!idle || !bytes_.ends_with('\x03')) return std::nullopt;
    pasting_ = false;
    return Take(bytes_.size(), ControlKey('\x03'));
  }
  pasting_ = false;
  Key key{Kind::kPaste, false, false,
          base::SanitizeUtf8(WithNewlines(std::string_view(bytes_).substr(0, end)))};
  return Take(end + kPasteEnd.size(), std::move(key));
}

}  // namespace tql::shell
