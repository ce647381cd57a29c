// What was entered at the prompt before: whole statements and commands.
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

/// Each entry once, the youngest 1000. Thread safety: none.
class History {
 public:
  static constexpr std::size_t kMost = 1000;

  /// Begins with the entries of the file, and adds to it; empty: kept nowhere.
  explicit History(std::string file) : file_(std::move(file)), entries_(file_.Read(kMost)) {}

  /// An entry that was there moves to the end.
  void Add(const std::string& entry);
  /// The oldest first.
  const std::vector<std::string>& entries() const { return entries_; }

  /// A place where a search found its text.
  struct Found {
    std::size_t entry = 0;
    std::size_t at = 0;
  };
  /// The entry nearest to `from`, itself included, towards the oldest or else the youngest, that
  /// holds the text; letters of ASCII in either case.
  std::optional<Found> Find(std::string_view text, std::size_t from, bool older) const;

 private:
  HistoryFile file_;
  std::vector<std::string> entries_;
};

/// A walk through the history from what is being typed, which stands behind the youngest entry.
/// What is changed on the way is there again when the walk comes back to it. Thread safety: none.
class HistoryWalk {
 public:
  /// `history` is borrowed and must not change while this lives.
  explicit HistoryWalk(const History& history)
      : history_(history), place_(history.entries().size()) {}

  /// One step from `text`, which shows now; what shows then. nullopt: there is nothing further.
  std::optional<std::string> Step(bool older, const std::string& text);
  /// The same, to the oldest entry or back to what was being typed.
  std::optional<std::string> Leap(bool older, const std::string& text);
  /// To an entry, as it is there.
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
