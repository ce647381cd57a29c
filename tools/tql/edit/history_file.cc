#include "tools/tql/edit/history_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <unordered_set>

#include "proto/base/utf8.h"
#include "tools/tql/home.h"

namespace tql::shell {
namespace {

constexpr std::string_view kFirstLine = "_HiStOrY_V2_";
constexpr off_t kMostBytes = off_t{64} << 20;
/// The maximum size of an encoded entry.
constexpr std::size_t kLongestLine = 4 * HistoryFile::kLongestEntry;

/// A file that is locked against other shells.
class LockedFile {
 public:
  /// While waiting for the lock, another shell may have replaced the file.
  explicit LockedFile(const std::string& path) {
    do {
      if (fd_ >= 0) close(fd_);
      fd_ = open(path.c_str(), kFlags | O_CREAT, 0600);
      if (fd_ < 0 || !IsOwnFile()) return;
      while (flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
      }
    } while (IsReplaced(path));
    fchmod(fd_, 0600);
  }
  /// A file that did not exist; a link at `path` is not followed.
  static LockedFile New(const std::string& path) {
    return LockedFile(open(path.c_str(), kFlags | O_CREAT | O_EXCL, 0600));
  }
  ~LockedFile() {
    if (fd_ >= 0) close(fd_);
  }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;

  bool ok() const { return fd_ >= 0; }
  /// Reads the last kMostBytes of the file.
  std::string Read() const {
    const off_t size = lseek(fd_, 0, SEEK_END);
    lseek(fd_, std::max<off_t>(size - kMostBytes, 0), SEEK_SET);
    std::string text;
    char block[16 * 1024];
    for (ssize_t count = 0; (count = read(fd_, block, sizeof block)) > 0;) {
      text.append(block, static_cast<std::size_t>(count));
    }
    if (size > kMostBytes) text.erase(0, text.find('\n'));  // drop an incomplete entry
    return text;
  }
  bool Write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t count = write(fd_, text.data(), text.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  bool empty() const {
    struct stat info {};
    return fstat(fd_, &info) == 0 && info.st_size == 0;
  }

 private:
  static constexpr int kFlags = O_RDWR | O_APPEND | O_NONBLOCK | O_CLOEXEC;
  explicit LockedFile(int fd) : fd_(fd) {}
  /// Whether it is a regular file. Devices and pipes, also behind links, are not used.
  bool IsOwnFile() {
    struct stat info {};
    if (fstat(fd_, &info) == 0 && S_ISREG(info.st_mode)) return true;
    close(fd_);
    fd_ = -1;
    return false;
  }
  bool IsReplaced(const std::string& path) const {
    struct stat here {};
    struct stat there {};
    return fstat(fd_, &here) == 0 && stat(path.c_str(), &there) == 0 &&
           (here.st_ino != there.st_ino || here.st_dev != there.st_dev);
  }
  int fd_ = -1;
};

std::vector<std::string> EntriesOf(std::string_view text) {
  std::vector<std::string> entries;
  for (bool first = true; !text.empty(); first = false) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.size() > kLongestLine || (first && line == kFirstLine)) continue;
    entries.push_back(DecodeEntry(line));
  }
  return entries;
}

/// Replaces the locked file by a new one with these entries.
void Rewrite(const std::string& path, const std::vector<std::string>& entries) {
  const std::string name = path + ".new";
  unlink(name.c_str());
  std::string text = std::string(kFirstLine) + "\n";
  for (const std::string& entry : entries) text += EncodeEntry(entry) + "\n";
  const LockedFile file = LockedFile::New(name);
  const bool written = file.ok() && file.Write(text);
  if (!written || rename(name.c_str(), path.c_str()) != 0) unlink(name.c_str());
}

}  // namespace

std::string EncodeEntry(std::string_view entry) {
  std::string line;
  for (const char c : entry) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      line += "\\\\";
    } else if (c == '\n') {
      line += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      line += {'\\', '0', static_cast<char>('0' + (byte >> 3U & 7U)),
               static_cast<char>('0' + (byte & 7U))};
      if (byte == 0x7F) line[line.size() - 3] = '1';
    } else {
      line += c;
    }
  }
  return line;
}

std::string DecodeEntry(std::string_view line) {
  constexpr std::string_view kLetters = "nrtabvfsE0";
  constexpr std::string_view kMeanings("\n\r\t\a\b\v\f \x1b\0", 10);
  const auto digit = [&](std::size_t i) {
    return i < line.size() && line[i] >= '0' && line[i] < '8';
  };
  std::string entry;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      entry += line[i];
      continue;
    }
    const char kind = line[++i];
    if (digit(i) && digit(i + 1) && digit(i + 2)) {
      entry +=
          static_cast<char>((line[i] - '0') * 64 + (line[i + 1] - '0') * 8 + line[i + 2] - '0');
      i += 2;
    } else if (kind == '^' && i + 1 < line.size()) {
      entry += line[++i] == '?' ? '\x7f' : static_cast<char>(line[i] & 0x1f);
    } else if (kind == 'M' && i + 2 < line.size()) {
      const bool control = line[i + 1] == '^';
      const char c = line[i += 2];
      const int low = !control ? c : c == '?' ? 0x7f : c & 0x1f;
      entry += static_cast<char>(low | 0x80);
    } else if (const std::size_t at = kLetters.find(kind); at != kLetters.npos) {
      entry += kMeanings[at];
    } else if (kind != '$') {  // \$ encodes nothing
      entry += kind;
    }
  }
  return base::SanitizeUtf8(entry);
}

void KeepLast(std::vector<std::string>* entries, std::size_t most) {
  std::unordered_set<std::string_view> seen;
  std::vector<std::string> kept;
  for (auto entry = entries->rbegin(); entry != entries->rend() && kept.size() < most; ++entry) {
    if (seen.insert(*entry).second) kept.push_back(*entry);
  }
  std::ranges::reverse(kept);
  *entries = std::move(kept);
}

HistoryFile::HistoryFile(const std::string& path) : path_(path) {
  // Replace the target of a symbolic link, not the link.
  std::error_code unknown;
  if (const auto target = std::filesystem::canonical(path, unknown); !unknown) path_ = target;
}

std::vector<std::string> HistoryFile::Read(std::size_t most) {
  if (path_.empty() || access(path_.c_str(), R_OK | W_OK) != 0) return {};
  const LockedFile file(path_);
  if (!file.ok()) return {};
  std::vector<std::string> entries = EntriesOf(file.Read());
  const bool many = entries.size() > 2 * most;
  KeepLast(&entries, most);
  if (many) Rewrite(path_, entries);
  return entries;
}

void HistoryFile::Append(std::string_view entry) {
  if (path_.empty() || entry.size() > kLongestEntry) return;
  MakeStateFolder(std::filesystem::path(path_).parent_path());
  const LockedFile file(path_);
  if (!file.ok()) return;
  const std::string first = file.empty() ? std::string(kFirstLine) + "\n" : "";
  file.Write(first + EncodeEntry(entry) + "\n");
}

}  // namespace tql::shell
