// The text that is being edited: its cursor, what was killed, what can be undone. Knows no
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

/// UTF-8, perhaps of several lines. Positions are bytes, always between two characters.
/// Thread safety: none.
class EditBuffer {
 public:
  enum class Unit : std::uint8_t {
    kCharacter,
    kWord,       ///< Letters, digits, _ and all that is not ASCII.
    kBlankWord,  ///< What blanks do not divide.
    kLine,
    kText,
  };
  enum class Case : std::uint8_t { kUpper, kLower, kCapital };

  const std::string& text() const { return text_; }
  std::size_t cursor() const { return cursor_; }

  /// Begins anew with this text, the cursor at its end: nothing can be undone. What was killed
  /// stays.
  void Reset(std::string text);

  /// Where the unit begins that lies before the cursor, or ends behind it; the cursor at the ends
  /// of the text and, for kLine, of the line.
  std::size_t Back(Unit unit) const;
  std::size_t Forward(Unit unit) const;

  void MoveTo(std::size_t place);
  /// To the same column of the next line, or of the one before; false: there is none.
  bool MoveLine(bool down);

  /// One character as it is typed: undone together with others of its word.
  void Type(std::string_view character);
  void Insert(std::string_view text);
  /// Puts `text` in the place of that many bytes before the cursor.
  void ReplaceBefore(std::size_t bytes, std::string_view text);
  /// What lies between the cursor and `place` goes away; or into the kill buffer, joined to what
  /// the command before put there.
  void EraseTo(std::size_t place);
  void KillTo(std::size_t place);
  void Yank() { Insert(killed_); }
  /// Swaps the characters around the cursor, at the end of a line the last two, and steps behind.
  void Transpose();
  /// Of the word behind the cursor, ASCII alone; steps behind it.
  void ChangeCase(Case to);
  /// Takes the last change back; false: there is none.
  bool Undo();

 private:
  struct Change {
    std::size_t at = 0;
    std::string removed;
    std::string inserted;
    std::size_t cursor = 0;  // before it
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
  bool killing_ = false;             // the last command killed
  std::optional<std::size_t> goal_;  // the column that moves from line to line keep
  std::deque<Change> changes_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_EDIT_BUFFER_H_
