// The history of the prompt: whole statements and commands.
#ifndef TQLKIT_TOOLS_TQL_EDIT_HISTORY_H_
#define TQLKIT_TOOLS_TQL_EDIT_HISTORY_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/edit/history_file.h"

namespace tql::shell {

/// The most recent 1000 entries, without duplicates. Thread safety: one thread.
class History {
 public:
  static constexpr std::size_t kMost = 1000;

  /// Reads the entries of `file`; new entries are appended to it. Empty: the history is not stored.
  explicit History(std::string file) : file_(std::move(file)), entries_(file_.Read(kMost)) {}

  /// Adds an entry at the end. An equal earlier entry is removed.
  void Add(const std::string& entry);
  /// The entries, oldest first.
  const std::vector<std::string>& entries() const { return entries_; }

  /// The result of a search: an entry and an offset in it.
  struct Found {
    std::size_t entry = 0;
    std::size_t at = 0;
  };
  /// Returns the entry nearest to `from`, inclusive, that contains `text`, searching towards older
  /// or newer entries. ASCII letters match in either case.
  std::optional<Found> Find(std::string_view text, std::size_t from, bool older) const;

 private:
  HistoryFile file_;
  std::vector<std::string> entries_;
};

/// Navigates the history while a text is being edited; the text itself is the position after the
/// newest entry. Edits of entries are kept while navigating. Thread safety: one thread.
class HistoryWalk {
 public:
  /// `history` must outlive this object and must not change.
  explicit HistoryWalk(const History& history)
      : history_(history), place_(history.entries().size()) {}

  /// Moves by one entry. `text` is the displayed text; returns the text to display, or nullopt at
  /// the end of the history.
  std::optional<std::string> Step(bool older, const std::string& text);
  /// Moves to the oldest entry, or back to the text that was being edited.
  std::optional<std::string> Leap(bool older, const std::string& text);
  /// Moves to an entry without returning its text.
  void GoTo(std::size_t entry, const std::string& text);
  std::size_t place() const { return place_; }

 private:
  std::string At(std::size_t place) const;

  const History& history_;
  std::size_t place_;
  std::map<std::size_t, std::string> changed_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_HISTORY_H_
