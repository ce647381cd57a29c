// The text that is being edited, with its cursor, kill buffer and undo history. Independent of the
// terminal.
#ifndef TQLKIT_TOOLS_TQL_EDIT_EDIT_BUFFER_H_
#define TQLKIT_TOOLS_TQL_EDIT_EDIT_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace tql::shell {

/// The text is UTF-8 and may have several lines. Positions are byte offsets of character
/// boundaries. Thread safety: one thread.
class EditBuffer {
 public:
  enum class Unit : std::uint8_t {
    kCharacter,
    kWord,       ///< Letters, digits, _ and non-ASCII characters.
    kBlankWord,  ///< Characters other than whitespace.
    kLine,
    kText,
  };
  enum class Case : std::uint8_t { kUpper, kLower, kCapital };

  const std::string& text() const { return text_; }
  std::size_t cursor() const { return cursor_; }

  /// Replaces the text, moves the cursor to its end and clears the undo history. The kill buffer is
  /// kept.
  void Reset(std::string text);

  /// Returns the start of the unit before the cursor, or the end of the unit after it. Returns the
  /// cursor itself at the end of the text or, for kLine, of the line.
  std::size_t Back(Unit unit) const;
  std::size_t Forward(Unit unit) const;

  void MoveTo(std::size_t place);
  /// Moves the cursor to the same column of the next or previous line. Returns false if there is
  /// none.
  bool MoveLine(bool down);

  /// Inserts a typed character. Characters of a word are undone together.
  void Type(std::string_view character);
  void Insert(std::string_view text);
  /// Replaces the given number of bytes before the cursor by `text`.
  void ReplaceBefore(std::size_t bytes, std::string_view text);
  /// Erases the text between the cursor and `place`. KillTo also moves it to the kill buffer, or
  /// adds it there if the previous command was a kill as well.
  void EraseTo(std::size_t place);
  void KillTo(std::size_t place);
  void Yank() { Insert(killed_); }
  /// Swaps the characters around the cursor, or the last two at the end of a line, and moves the
  /// cursor after them.
  void Transpose();
  /// Changes the case of the word after the cursor (ASCII only) and moves the cursor after it.
  void ChangeCase(Case to);
  /// Undoes the last change. Returns false if there is none.
  bool Undo();

 private:
  struct Change {
    std::size_t at = 0;
    std::string removed;
    std::string inserted;
    std::size_t cursor = 0;  // before the change
    bool typed = false;
  };
  static constexpr std::size_t kMostChanges = 1000;

  void Replace(std::size_t at, std::size_t length, std::string_view text, bool typed = false);
  bool JoinsTyping(std::size_t at, std::string_view text) const;
  std::size_t LineBegin(std::size_t at) const;
  std::size_t LineEnd(std::size_t at) const;
  void EndRun();

  std::string text_;
  std::size_t cursor_ = 0;
  std::string killed_;
  bool killing_ = false;             // the last command was a kill
  std::optional<std::size_t> goal_;  // the column that consecutive line moves aim for
  std::deque<Change> changes_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_EDIT_BUFFER_H_
