// Converts the input bytes of a terminal to keys and pastes.
#ifndef TQLKIT_TOOLS_TQL_EDIT_KEY_READER_H_
#define TQLKIT_TOOLS_TQL_EDIT_KEY_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tql::shell {

struct Key {
  enum class Kind : std::uint8_t {
    kText,   ///< `text` is the character; with `control` or `alt`, the key's letter in lower case.
    kPaste,  ///< `text` is the pasted text.
    kEnter,
    kTab,
    kBackTab,
    kBackspace,
    kDelete,
    kEscape,
    kUp,
    kDown,
    kLeft,
    kRight,
    kHome,
    kEnd,
    kPageUp,
    kPageDown,
    kUnknown,
  };
  Kind kind = Kind::kUnknown;
  bool control = false;
  bool alt = false;
  std::string text;  ///< Valid UTF-8; invalid input becomes U+FFFD.

  bool operator==(const Key&) const = default;
};

/// Supports the escape sequences of xterm, which nearly all terminals use today, of rxvt and of the
/// Linux console. Thread safety: one thread.
class KeyReader {
 public:
  void Feed(std::string_view bytes) { bytes_ += bytes; }
  /// Returns the next key, or nullopt if more bytes are needed. `idle` means that no more input is
  /// available: then an incomplete escape sequence is the key Escape, and a Ctrl-C at the end of an
  /// unterminated paste is the key Ctrl-C, because the end of the paste was lost.
  std::optional<Key> Next(bool idle = false);
  /// Makes the next character text, even if it is a control character.
  void QuoteNext() { quoting_ = true; }

  /// Whether there is an incomplete key.
  bool halfway() const { return pasting_ || !bytes_.empty(); }
  bool pasting() const { return pasting_; }
  void Clear();

 private:
  std::optional<Key> Paste(bool idle);
  std::optional<Key> Character(std::size_t at, bool idle);
  std::optional<Key> Escape(bool idle);
  std::optional<Key> Sequence(std::size_t at, bool idle);
  std::optional<Key> Take(std::size_t count, Key key);

  std::string bytes_;
  bool pasting_ = false;
  bool quoting_ = false;
  std::size_t searched_ = 0;  // number of bytes already searched for the end of a paste
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_KEY_READER_H_
