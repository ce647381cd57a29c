// The file in which the history is stored.
#ifndef TQLKIT_TOOLS_TQL_EDIT_HISTORY_FILE_H_
#define TQLKIT_TOOLS_TQL_EDIT_HISTORY_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tql::shell {

/// A file in libedit's format: a first line that identifies the format, then one entry per line.
/// Several shells may use a file at the same time; each appends its entries. Failures to read or
/// write are ignored, because a history does not justify an error. Only regular files are used.
class HistoryFile {
 public:
  /// Longer entries are not stored.
  static constexpr std::size_t kLongestEntry = 64 * 1024;

  /// An empty path means that there is no file.
  explicit HistoryFile(const std::string& path);

  /// Returns the most recent `most` entries, oldest first, without earlier duplicates. Rewrites the
  /// file if it has many more.
  std::vector<std::string> Read(std::size_t most);
  /// Appends an entry. Creates the file and its folder if necessary, accessible only to their
  /// owner.
  void Append(std::string_view entry);

 private:
  std::string path_;
};

/// Convert an entry to a line of the file and back. DecodeEntry accepts all forms that versions of
/// libedit have written.
std::string EncodeEntry(std::string_view entry);
std::string DecodeEntry(std::string_view line);

/// Removes earlier duplicates, and then all but the last `most` entries.
void KeepLast(std::vector<std::string>* entries, std::size_t most);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_HISTORY_FILE_H_
