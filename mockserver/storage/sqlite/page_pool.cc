#include "mockserver/storage/sqlite/page_pool.h"

#include <sanitizer/asan_interface.h>
#include <sys/mman.h>

#include <cstring>
#include <new>
#include <utility>

namespace tql::storage::sqlite {

/// The first page of a slab, which is aligned to its size; the others have the indexes from 1. The
/// mutex of the pool guards all but `owners`.
struct PagePool::Slab {
  static constexpr std::size_t kEnd = kSlabBytes / sizeof(Page);
  static constexpr std::size_t kPages = kEnd - 1;

  bool full() const { return used == kPages; }

  Slab* previous = nullptr;
  Slab* next = nullptr;
  std::size_t used = 0;
  std::size_t untouched = 1;  // the pages from this one on were never taken
  std::size_t returned = 0;   // the last page that was returned, or 0
  std::array<std::uint16_t, kEnd> returned_before{};
  std::array<std::atomic<std::uint32_t>, kEnd> owners{};
};

Page* Page::Make() {
  Page* const page = PagePool::Instance().Take();
  std::memset(page, 0, sizeof(Page));
  page->owners().store(1, std::memory_order_relaxed);
  return page;
}

Page* Page::Copy(const Page& from) {
  Page* const page = PagePool::Instance().Take();
  std::memcpy(page, &from, sizeof(Page));
  page->owners().store(1, std::memory_order_relaxed);
  return page;
}

void Page::Delete(Page* page) { PagePool::Instance().Return(page); }

std::atomic<std::uint32_t>& Page::owners() {
  return PagePool::SlabOf(this).owners[PagePool::IndexOf(this)];
}

PagePool& PagePool::Instance() {
  static auto& instance = *new PagePool;
  return instance;
}

PagePool::~PagePool() {
  if (reserve_ != nullptr) Unmap(reserve_);
}

std::size_t PagePool::IndexOf(const Page* page) {
  return reinterpret_cast<std::uintptr_t>(page) % kSlabBytes / sizeof(Page);
}

PagePool::Slab& PagePool::SlabOf(Page* page) {
  return *reinterpret_cast<Slab*>(page - IndexOf(page));
}

PagePool::Slab* PagePool::Map(bool huge) {
  static_assert(sizeof(Slab) <= sizeof(Page));
  // Twice the size contains an aligned slab; what is before and after it is unmapped again.
  void* const mapped =
      mmap(nullptr, 2 * kSlabBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* const begin = static_cast<std::byte*>(mapped);
  const std::size_t before = -reinterpret_cast<std::uintptr_t>(begin) % kSlabBytes;
  std::byte* const slab = begin + before;
  if (before != 0) munmap(begin, before);
  munmap(slab + kSlabBytes, kSlabBytes - before);
  madvise(slab, kSlabBytes,
          huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);  // Only the speed depends on it.
  ASAN_POISON_MEMORY_REGION(slab + sizeof(Page), kSlabBytes - sizeof(Page));
  return new (slab) Slab;
}

void PagePool::Unmap(Slab* slab) {
  ASAN_UNPOISON_MEMORY_REGION(slab, kSlabBytes);
  munmap(slab, kSlabBytes);
}

void PagePool::Link(Slab* slab) {
  slab->previous = nullptr;
  slab->next = first_;
  if (first_ != nullptr) first_->previous = slab;
  first_ = slab;
}

void PagePool::Unlink(Slab* slab) {
  (slab->previous != nullptr ? slab->previous->next : first_) = slab->next;
  if (slab->next != nullptr) slab->next->previous = slab->previous;
}

Page* PagePool::Take() {
  base::MutexLock lock(mutex_);
  if (first_ == nullptr) {
    Slab* empty = std::exchange(reserve_, nullptr);
    if (empty == nullptr) {
      const bool huge = slabs_ >= kOrdinarySlabs;
      lock.unlock();  // The kernel fills a huge page with zeros.
      empty = Map(huge);
      lock.lock();
      ++slabs_;
    }
    Link(empty);
  }
  Slab& slab = *first_;
  std::size_t index = slab.returned;
  if (index != 0) {
    slab.returned = slab.returned_before[index];
  } else {
    index = slab.untouched++;
  }
  ++slab.used;
  if (slab.full()) Unlink(&slab);
  lock.unlock();
  Page* const page = reinterpret_cast<Page*>(&slab) + index;
  ASAN_UNPOISON_MEMORY_REGION(page, sizeof(Page));
  return page;
}

void PagePool::Return(Page* page) noexcept {
  ASAN_POISON_MEMORY_REGION(page, sizeof(Page));
  Slab& slab = SlabOf(page);
  const std::size_t index = IndexOf(page);
  base::MutexLock lock(mutex_);
  slab.returned_before[index] = static_cast<std::uint16_t>(std::exchange(slab.returned, index));
  if (slab.full()) Link(&slab);
  if (--slab.used != 0) return;
  Unlink(&slab);
  if (reserve_ == nullptr) {
    reserve_ = &slab;
    return;
  }
  --slabs_;
  lock.unlock();
  Unmap(&slab);
}

std::size_t PagePool::slabs() const {
  const base::MutexLock lock(mutex_);
  return slabs_;
}

}  // namespace tql::storage::sqlite
