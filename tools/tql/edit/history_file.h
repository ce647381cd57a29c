// The file that keeps the history of the prompt.
#ifndef TQLKIT_TOOLS_TQL_EDIT_HISTORY_FILE_H_
#define TQLKIT_TOOLS_TQL_EDIT_HISTORY_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tql::shell {

/// An entry a line, behind a first line that names the format, which is libedit's. Several shells
/// may use one file at once: each appends what it adds. What cannot be read or written is left out:
/// a history is not worth an error. Nor is anything but a
/// regular file touched.
class HistoryFile {
 public:
  /// Longer entries stay out of the file.
  static constexpr std::size_t kLongestEntry = 64 * 1024;

  /// Empty: there is no file.
  explicit HistoryFile(const std::string& path);

  /// The entries, the oldest first, each once, where it was last; at most the `most` youngest of
  /// them. Writes the file again when it holds many more.
  std::vector<std::string> Read(std::size_t most);
  /// The file and its folder are made when they do not exist, for their owner alone.
  void Append(std::string_view entry);

 private:
  std::string path_;
};

/// An entry as a line of the file, and back; the latter knows all forms in which libedit wrote it.
std::string EncodeEntry(std::string_view entry);
std::string DecodeEntry(std::string_view line);

/// Leaves of equal entries the last, and of those at most the `most` last.
void KeepLast(std::vector<std::string>* entries, std::size_t most);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_HISTORY_FILE_H_
