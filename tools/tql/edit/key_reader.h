// Bytes of a terminal -> keys and pastes.
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
    kText,   ///< `text` is the character; with `control` or `alt` the key's letter, in lower case.
    kPaste,  ///< `text` is what was pasted.
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
  std::string text;  ///< Valid UTF-8: what is not becomes U+FFFD.

  bool operator==(const Key&) const = default;
};

/// Knows the sequences of xterm and of those that follow it, which today is all terminals, of rxvt
/// and of the Linux console. Thread safety: none.
class KeyReader {
 public:
  void Feed(std::string_view bytes) { bytes_ += bytes; }
  /// The next key; nullopt when more bytes are needed. `idle`: no more will come for now, so an
  /// escape that begins nothing is the key Escape, and a Ctrl-C at the end of a paste that does not
  /// end is Ctrl-C: its end got lost.
  std::optional<Key> Next(bool idle = false);
  /// The next character is text, whatever it is.
  void QuoteNext() { quoting_ = true; }

  /// Whether bytes are held that are not a whole key yet.
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
  std::size_t searched_ = 0;  // of the bytes of a paste, for its end
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_KEY_READER_H_
