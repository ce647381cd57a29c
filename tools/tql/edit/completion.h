// Completion: keywords and names of the catalog that are possible after the text before the cursor.
#ifndef TQLKIT_TOOLS_TQL_EDIT_COMPLETION_H_
#define TQLKIT_TOOLS_TQL_EDIT_COMPLETION_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/mutex.h"

namespace tql::shell {

/// Thread safety: tokens may be set while another thread completes.
class Completer {
 public:
  struct Completion {
    std::size_t replaced = 0;  ///< Bytes before the cursor that `text` replaces.
    std::string text;          ///< The common prefix of all candidates; empty if there are none.
    std::vector<std::string> candidates;  ///< At most kMost, sorted.
  };
  static constexpr std::size_t kMost = 30;

  /// Starts with the keywords of the language; SetWords replaces them by those of the service.
  Completer();
  void SetWords(std::vector<std::string> words);
  void SetNames(std::vector<std::string> names);

  /// Completes the word at the end of `text`, which has the statements up to the cursor. Keywords
  /// take the case of the last typed letter; names keep theirs and are quoted if necessary. Nothing
  /// is completed in strings and comments; only names are completed within quotes and after a dot,
  /// FROM, USE and similar words.
  Completion Complete(std::string_view text) const;

 private:
  mutable base::Mutex mutex_;
  std::vector<std::string> words_ TQL_GUARDED_BY(mutex_);
  std::vector<std::string> names_ TQL_GUARDED_BY(mutex_);
};

/// Returns the completion for candidates that begin with `prefix`; sorts them and removes
/// duplicates.
Completer::Completion CompletionOf(std::string_view prefix, std::vector<std::string> candidates);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_COMPLETION_H_
