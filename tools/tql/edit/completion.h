// What Tab completes: words of the language and names of the catalog, as the text before the cursor
// allows them.
#ifndef TQLKIT_TOOLS_TQL_EDIT_COMPLETION_H_
#define TQLKIT_TOOLS_TQL_EDIT_COMPLETION_H_

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tql::shell {

/// Thread safety: tokens may be set while another thread completes.
class Completer {
 public:
  struct Completion {
    std::size_t replaced = 0;             ///< Bytes before the cursor that `text` replaces.
    std::string text;                     ///< What all candidates begin with; empty: nothing fits.
    std::vector<std::string> candidates;  ///< At most kMost, sorted.
  };
  static constexpr std::size_t kMost = 30;

  /// Knows the words of the language; a service may know others.
  Completer();
  void SetWords(std::vector<std::string> words);
  void SetNames(std::vector<std::string> names);

  /// `text`: the statements so far, up to the cursor. Words take the case of the letter before the
  /// cursor, names keep their own, and get quotes where they need them. There is nothing to
  /// complete in strings and comments; in quotes, behind a dot, FROM, USE and the like there are
  /// names alone.
  Completion Complete(std::string_view text) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> words_;
  std::vector<std::string> names_;
};

/// The candidates, all of which begin with `prefix`, sorted and each once.
Completer::Completion CompletionOf(std::string_view prefix, std::vector<std::string> candidates);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_COMPLETION_H_
