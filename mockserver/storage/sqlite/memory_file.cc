#include "mockserver/storage/sqlite/memory_file.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace tql::storage::sqlite {

MemoryBytes::MemoryBytes(const MemoryBytes& other) {
  const base::ReaderLock lock(other.mutex_);
  size_ = other.size_;
  extents_ = other.extents_;
}

template <typename Visit>
void MemoryBytes::ForEachPage(std::uint64_t begin, std::uint64_t end, const Visit& visit)
    TQL_NO_THREAD_SAFETY_ANALYSIS {  // `visit` may require the mutex, which the caller holds
  while (begin < end) {
    const std::uint64_t page = begin - begin % kPage;
    const std::uint64_t last = std::min(end, page + kPage);
    visit(page, static_cast<std::size_t>(begin - page), static_cast<std::size_t>(last - page));
    begin = last;
  }
}

const std::byte* MemoryBytes::PageAt(std::uint64_t at) const {
  const base::CopyOnWrite<Extent>& extent = extents_[at / kExtent];
  if (!extent) return nullptr;
  const SharedPage& page = extent->pages[at % kExtent / kPage];
  return page ? page->bytes.data() : nullptr;
}

SharedPage& MemoryBytes::EntryAt(std::uint64_t at) {
  if (at / kExtent >= extents_.size()) extents_.resize(at / kExtent + 1);
  base::CopyOnWrite<Extent>& extent = extents_[at / kExtent];
  if (!extent) extent = base::CopyOnWrite<Extent>::Make();
  return extent.Mutable().pages[at % kExtent / kPage];
}

std::byte* MemoryBytes::OwnPageAt(std::uint64_t at, bool whole) {
  SharedPage& page = EntryAt(at);
  if (!page || (whole && !page.alone())) page = SharedPage::Make();
  return page.Mutable().bytes.data();
}

SharedPage MemoryBytes::PageOf(std::uint64_t offset) const {
  const base::ReaderLock lock(mutex_);
  if (offset >= size_ || !extents_[offset / kExtent]) return {};
  return extents_[offset / kExtent]->pages[offset % kExtent / kPage];
}

bool MemoryBytes::Share(SharedPage page, std::uint64_t offset) {
  const base::WriterLock lock(mutex_);
  try {
    EntryAt(offset) = std::move(page);
  } catch (const std::bad_alloc&) {
    return false;
  }
  size_ = std::max(size_, offset + kPage);
  return true;
}

bool MemoryBytes::Read(void* out, std::size_t size, std::uint64_t offset) const {
  auto* to = static_cast<std::byte*>(out);
  const base::ReaderLock lock(mutex_);
  const std::uint64_t available =
      offset >= size_ ? 0 : std::min<std::uint64_t>(size, size_ - offset);
  ForEachPage(offset, offset + available,
              [&](std::uint64_t at, std::size_t begin, std::size_t end)
                  TQL_REQUIRES_SHARED(mutex_) {
                    std::byte* const target = to + (at + begin - offset);
                    if (const std::byte* page = PageAt(at)) {
                      std::memcpy(target, page + begin, end - begin);
                    } else {
                      std::memset(target, 0, end - begin);
                    }
                  });
  if (available < size) std::memset(to + available, 0, size - available);
  return available == size;
}

bool MemoryBytes::Write(const void* data, std::size_t size, std::uint64_t offset) {
  const auto* from = static_cast<const std::byte*>(data);
  if (size == 0) return true;
  const base::WriterLock lock(mutex_);
  const std::uint64_t end = offset + size;
  // A page that is written alone and as a whole needs no copy of what it was.
  const bool whole = size == kPage && offset % kPage == 0;
  try {  // allocate all pages before anything is changed
    ForEachPage(offset, end, [&](std::uint64_t at, std::size_t, std::size_t) TQL_REQUIRES(mutex_) {
      OwnPageAt(at, whole);
    });
  } catch (const std::bad_alloc&) {
    return false;
  }
  ForEachPage(offset, end,
              [&](std::uint64_t at, std::size_t begin, std::size_t last) TQL_REQUIRES(mutex_) {
                std::memcpy(OwnPageAt(at) + begin, from + (at + begin - offset), last - begin);
              });
  size_ = std::max(size_, end);
  return true;
}

bool MemoryBytes::Truncate(std::uint64_t size) {
  const base::WriterLock lock(mutex_);
  if (size >= size_) return true;
  const std::uint64_t extents = (size + kExtent - 1) / kExtent;
  const std::uint64_t pages = (size + kPage - 1) / kPage;
  try {  // a later write beyond the end exposes zeros; only the first step can fail
    if (size % kPage != 0 && PageAt(size) != nullptr) {
      std::memset(OwnPageAt(size) + size % kPage, 0, kPage - size % kPage);
    }
    if (pages % kPagesPerExtent != 0 && extents_[extents - 1]) {
      auto& last = extents_[extents - 1].Mutable().pages;
      std::fill(last.begin() + pages % kPagesPerExtent, last.end(), SharedPage());
    }
  } catch (const std::bad_alloc&) {
    return false;
  }
  extents_.resize(extents);
  size_ = size;
  return true;
}

std::uint64_t MemoryBytes::size() const {
  const base::ReaderLock lock(mutex_);
  return size_;
}

std::uint64_t MemoryBytes::OwnBytes(const std::unordered_set<const Page*>& shared) const {
  const base::ReaderLock lock(mutex_);
  std::uint64_t pages = 0;
  for (const base::CopyOnWrite<Extent>& extent : extents_) {
    if (!extent.alone()) continue;
    pages += static_cast<std::uint64_t>(std::ranges::count_if(extent->pages, [&](const auto& page) {
      return page.alone() || (page.owners() == 2 && shared.contains(&*page));
    }));
  }
  return pages * kPage;
}

std::unordered_set<const Page*> MemoryBytes::SharedPages() const {
  std::unordered_set<const Page*> shared;
  const base::ReaderLock lock(mutex_);
  for (const base::CopyOnWrite<Extent>& extent : extents_) {
    if (!extent.alone()) continue;
    for (const SharedPage& page : extent->pages) {
      if (page && !page.alone()) shared.insert(&*page);
    }
  }
  return shared;
}

namespace {

constexpr std::uint64_t kLogHeader = 32;
constexpr std::uint64_t kFrameHeader = 24;
constexpr std::uint64_t kFrame = kFrameHeader + MemoryBytes::kPage;

}  // namespace

LogBytes::LogBytes(const LogBytes& other)
    : size_(other.size()), headers_(other.headers_), pages_(other.pages_) {}

std::optional<std::uint64_t> LogBytes::PlaceOfPage(std::uint64_t offset) {
  if (offset < kLogHeader || (offset - kLogHeader) % kFrame != kFrameHeader) return std::nullopt;
  return (offset - kLogHeader) / kFrame * MemoryBytes::kPage;
}

template <typename Self, typename Visit>
bool LogBytes::ForEachPart(Self& self, std::uint64_t begin, std::uint64_t end, const Visit& visit) {
  bool all = true;
  while (begin < end) {
    std::uint64_t last = kLogHeader;
    auto* bytes = &self.headers_;
    std::uint64_t there = begin;
    if (begin >= kLogHeader) {
      const std::uint64_t frame = (begin - kLogHeader) / kFrame;
      const std::uint64_t first = kLogHeader + frame * kFrame;
      const std::uint64_t page = first + kFrameHeader;
      const bool in_page = begin >= page;
      last = in_page ? first + kFrame : page;
      bytes = in_page ? &self.pages_ : &self.headers_;
      there = in_page ? frame * MemoryBytes::kPage + (begin - page)
                      : kLogHeader + frame * kFrameHeader + (begin - first);
    }
    last = std::min(last, end);
    all = visit(*bytes, there, begin, static_cast<std::size_t>(last - begin)) && all;
    begin = last;
  }
  return all;
}

bool LogBytes::Read(void* out, std::size_t size, std::uint64_t offset) const {
  const std::uint64_t available =
      offset >= this->size() ? 0 : std::min<std::uint64_t>(size, this->size() - offset);
  auto* const to = static_cast<std::byte*>(out);
  std::memset(to + available, 0, size - available);
  ForEachPart(*this, offset, offset + available,
              [&](const MemoryBytes& bytes, std::uint64_t there, std::uint64_t here,
                  std::size_t part) { return bytes.Read(to + (here - offset), part, there); });
  return available == size;
}

bool LogBytes::Write(const void* data, std::size_t size, std::uint64_t offset) {
  const auto* const from = static_cast<const std::byte*>(data);
  const bool done = ForEachPart(
      *this, offset, offset + size,
      [&](MemoryBytes& bytes, std::uint64_t there, std::uint64_t here, std::size_t part) {
        return bytes.Write(from + (here - offset), part, there);
      });
  if (done) size_.store(std::max(this->size(), offset + size), std::memory_order_release);
  return done;
}

bool LogBytes::Truncate(std::uint64_t size) {
  if (size >= this->size()) return true;
  // The sizes of both parts of a log of `size` bytes.
  const std::uint64_t body = size > kLogHeader ? size - kLogHeader : 0;
  const std::uint64_t frames = body / kFrame;
  const std::uint64_t rest = body % kFrame;
  const std::uint64_t headers =
      std::min(size, kLogHeader) + frames * kFrameHeader + std::min(rest, kFrameHeader);
  const std::uint64_t pages =
      frames * MemoryBytes::kPage + (rest > kFrameHeader ? rest - kFrameHeader : 0);
  if (!headers_.Truncate(headers) || !pages_.Truncate(pages)) return false;
  size_.store(size, std::memory_order_release);
  return true;
}

std::uint64_t OwnBytes(const MemoryFile& database, const MemoryFile* log) {
  if (log == nullptr) return database.bytes.OwnBytes();
  return database.bytes.OwnBytes(log->log.pages().SharedPages()) + log->log.OwnBytes();
}

bool FileLock::Raise(Level* held, Level wanted) {
  const base::MutexLock guard(mutex_);
  if (*held >= wanted) return true;
  if (*held == kNone) {
    // No connection enters while another waits for exclusive access or has it.
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
  const base::MutexLock guard(mutex_);
  if (*held <= wanted) return;
  if (writer_ == held) writer_ = nullptr;
  if (wanted == kNone) --shared_;
  *held = wanted;
}

bool FileLock::reserved() const {
  const base::MutexLock guard(mutex_);
  return writer_ != nullptr;
}

bool SharedIndex::Map(int index, std::size_t size, bool extend, volatile void** region) {
  const base::MutexLock guard(mutex_);
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
  const base::MutexLock guard(mutex_);
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
  const base::MutexLock guard(mutex_);
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
  const base::MutexLock guard(mutex_);
}

void SharedIndex::Clear() {
  const base::MutexLock guard(mutex_);
  regions_.clear();
}

}  // namespace tql::storage::sqlite
