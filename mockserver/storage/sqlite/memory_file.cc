#include "mockserver/storage/sqlite/memory_file.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace tql::storage::sqlite {

bool MemoryBytes::Read(void* out, std::size_t size, std::uint64_t offset) const {
  auto* to = static_cast<std::byte*>(out);
  const std::shared_lock lock(mutex_);
  const std::uint64_t available =
      offset >= size_ ? 0 : std::min<std::uint64_t>(size, size_ - offset);
  for (std::uint64_t done = 0; done < available;) {
    const std::uint64_t at = offset + done;
    const std::uint64_t in_chunk = at % kChunk;
    const std::uint64_t n = std::min(available - done, kChunk - in_chunk);
    std::memcpy(to + done, chunks_[at / kChunk].get() + in_chunk, n);
    done += n;
  }
  if (available < size) std::memset(to + available, 0, size - available);
  return available == size;
}

bool MemoryBytes::Write(const void* data, std::size_t size, std::uint64_t offset) {
  const auto* from = static_cast<const std::byte*>(data);
  const std::unique_lock lock(mutex_);
  const std::uint64_t end = offset + size;
  try {
    while (chunks_.size() * kChunk < end) chunks_.push_back(std::make_unique<std::byte[]>(kChunk));
  } catch (const std::bad_alloc&) {
    return false;
  }
  for (std::uint64_t done = 0; done < size;) {
    const std::uint64_t at = offset + done;
    const std::uint64_t in_chunk = at % kChunk;
    const std::uint64_t n = std::min(size - done, kChunk - in_chunk);
    std::memcpy(chunks_[at / kChunk].get() + in_chunk, from + done, n);
    done += n;
  }
  size_ = std::max(size_, end);
  return true;
}

void MemoryBytes::Truncate(std::uint64_t size) {
  const std::unique_lock lock(mutex_);
  if (size >= size_) return;
  chunks_.resize((size + kChunk - 1) / kChunk);
  if (size % kChunk != 0) {  // what a later write may uncover is zero
    std::memset(chunks_.back().get() + size % kChunk, 0, kChunk - size % kChunk);
  }
  size_ = size;
}

std::uint64_t MemoryBytes::size() const {
  const std::shared_lock lock(mutex_);
  return size_;
}

bool FileLock::Raise(Level* held, Level wanted) {
  const std::lock_guard guard(mutex_);
  if (*held >= wanted) return true;
  if (*held == kNone) {
    // While somebody waits for the file alone, or has it, nobody comes in.
    if (writer_ != nullptr && *writer_ >= kPending) return false;
    ++shared_;
    *held = kShared;
    if (wanted == kShared) return true;
  }
  if (writer_ != nullptr && writer_ != held) return false;
  writer_ = held;
  *held = std::max(*held, std::min(wanted, kPending));
  if (wanted < kExclusive) return true;
  if (shared_ > 1) return false;
  *held = kExclusive;
  return true;
}

void FileLock::Lower(Level* held, Level wanted) {
  const std::lock_guard guard(mutex_);
  if (*held <= wanted) return;
  if (writer_ == held) writer_ = nullptr;
  if (wanted == kNone) --shared_;
  *held = wanted;
}

bool FileLock::reserved() const {
  const std::lock_guard guard(mutex_);
  return writer_ != nullptr;
}

bool SharedIndex::Map(int index, std::size_t size, bool extend, volatile void** region) {
  const std::lock_guard guard(mutex_);
  const auto wanted = static_cast<std::size_t>(index);
  *region = nullptr;
  if (wanted >= regions_.size()) {
    if (!extend) return true;
    try {
      while (regions_.size() <= wanted) regions_.push_back(std::make_unique<std::byte[]>(size));
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
  *region = regions_[wanted].get();
  return true;
}

bool SharedIndex::Lock(Held* held, int first, int count, bool exclusive) {
  const auto mask = static_cast<std::uint8_t>(((1 << count) - 1) << first);
  const std::lock_guard guard(mutex_);
  if (exclusive ? (held->exclusive & mask) == mask : (held->shared & mask) == mask) return true;
  for (int i = first; i < first + count; ++i) {
    const int state = locks_[static_cast<std::size_t>(i)];
    if (exclusive ? state != 0 : state < 0) return false;
  }
  for (int i = first; i < first + count; ++i) {
    int& state = locks_[static_cast<std::size_t>(i)];
    state = exclusive ? -1 : state + 1;
  }
  std::uint8_t& bits = exclusive ? held->exclusive : held->shared;
  bits = static_cast<std::uint8_t>(bits | mask);
  return true;
}

void SharedIndex::Unlock(Held* held, int first, int count) {
  const std::lock_guard guard(mutex_);
  for (int i = first; i < first + count; ++i) {
    const auto bit = static_cast<std::uint8_t>(1 << i);
    int& state = locks_[static_cast<std::size_t>(i)];
    if (held->exclusive & bit) {
      state = 0;
    } else if (held->shared & bit) {
      --state;
    }
    held->exclusive = static_cast<std::uint8_t>(held->exclusive & ~bit);
    held->shared = static_cast<std::uint8_t>(held->shared & ~bit);
  }
}

void SharedIndex::UnlockAll(Held* held) { Unlock(held, 0, kLocks); }

void SharedIndex::Barrier() {
  __sync_synchronize();
  const std::lock_guard guard(mutex_);
}

void SharedIndex::Clear() {
  const std::lock_guard guard(mutex_);
  regions_.clear();
}

}  // namespace tql::storage::sqlite
