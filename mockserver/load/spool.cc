#include "mockserver/load/spool.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "proto/base/free_memory.h"
#include "proto/base/status_macros.h"

namespace tql::load {
namespace {

constexpr std::size_t kPendingBytes = std::size_t{64} << 10;

Status Failed(const std::filesystem::path& folder) {
  return UnavailableError("cannot keep the data in " + folder.string() + ": " +
                          std::generic_category().message(errno));
}

int OpenWithoutName(const std::filesystem::path& folder) {
  const int fd = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) return fd;
  std::string name = folder / "tqlmockd.XXXXXX";  // the file system has no files without a name
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) unlink(name.c_str());
  return named;
}

}  // namespace

Spool::~Spool() {
  if (fd_ >= 0) close(fd_);
}

StatusOr<std::uint64_t> Spool::Allocate() {
  const base::MutexLock lock(mutex_);
  if (fd_ < 0) fd_ = OpenWithoutName(folder_);
  if (fd_ < 0) return Failed(folder_);
  if (free_.empty()) {
    end_ += kExtentBytes;
    return end_ - kExtentBytes;
  }
  const std::uint64_t position = free_.back();
  free_.pop_back();
  return position;
}

void Spool::Release(std::span<const std::uint64_t> extents) {
  if (extents.empty()) return;
  for (const std::uint64_t position : extents) {
    // A file system without holes keeps the space until all extents are free.
    (void)fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(position),
                    kExtentBytes);
  }
  const base::MutexLock lock(mutex_);
  free_.insert(free_.end(), extents.begin(), extents.end());
  if (free_.size() * kExtentBytes < end_ || ftruncate(fd_, 0) != 0) return;
  free_ = std::vector<std::uint64_t>();
  end_ = 0;
}

Status Spool::Write(std::uint64_t position, std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(position));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed(folder_);
    bytes.remove_prefix(static_cast<std::size_t>(n));
    position += static_cast<std::uint64_t>(n);
  }
  return Status();
}

StatusOr<std::size_t> Spool::Read(std::uint64_t position, char* into, std::size_t size) const {
  for (;;) {
    const ssize_t n = pread(fd_, into, size, static_cast<off_t>(position));
    if (n > 0) return static_cast<std::size_t>(n);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed(folder_);
    return InternalError("the data in " + folder_.string() + " end early");
  }
}

Status SpooledBytes::Append(std::string_view bytes) {
  if (pending_.capacity() < kPendingBytes) pending_.reserve(kPendingBytes);
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPendingBytes - pending_.size());
    pending_ += piece;
    bytes.remove_prefix(piece.size());
    if (pending_.size() == kPendingBytes) TQL_RETURN_IF_ERROR(Flush());
  }
  return Status();
}

Status SpooledBytes::Finish() {
  Status status = Flush();
  base::FreeMemory(&pending_);
  return status;
}

Status SpooledBytes::Flush() {
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const std::size_t at = written_ % Spool::kExtentBytes;
    if (written_ == extents_.size() * Spool::kExtentBytes) {
      TQL_ASSIGN_OR_RETURN(const std::uint64_t position, spool_.Allocate());
      extents_.push_back(position);
    }
    const std::string_view piece = rest.substr(0, Spool::kExtentBytes - at);
    TQL_RETURN_IF_ERROR(spool_.Write(extents_.back() + at, piece));
    rest.remove_prefix(piece.size());
    written_ += piece.size();
  }
  pending_.clear();
  return Status();
}

StatusOr<std::size_t> SpooledBytes::Read(std::uint64_t offset, char* into, std::size_t size) const {
  if (offset >= written_) return std::size_t{0};
  const std::size_t at = offset % Spool::kExtentBytes;
  const std::uint64_t there = std::min<std::uint64_t>(Spool::kExtentBytes - at, written_ - offset);
  return spool_.Read(extents_[offset / Spool::kExtentBytes] + at, into,
                     std::min<std::uint64_t>(size, there));
}

}  // namespace tql::load
