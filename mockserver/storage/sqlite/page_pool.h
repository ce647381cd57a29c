// Memory for the pages of files in memory.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_PAGE_POOL_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_PAGE_POOL_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "proto/base/copy_on_write.h"
#include "proto/base/mutex.h"

namespace tql::storage::sqlite {

/// A page of a file, aligned to its size. It comes from the pool of the process, which counts its
/// owners apart from it.
struct alignas(4096) Page {
  std::array<std::byte, 4096> bytes;

  // The functions of a CopyOnWriteBox. They throw std::bad_alloc.
  static Page* Make();  // zeros
  static Page* Copy(const Page& from);
  static void Delete(Page* page);
  std::atomic<std::uint32_t>& owners();
  Page& value() { return *this; }
};
using SharedPage = base::CopyOnWrite<Page, Page>;

/// Allocates pages in slabs of 2 MiB, and unmaps a slab when all its pages were returned. It keeps
/// one empty slab, so that a page taken and returned in turn does not map a slab each time.
///
/// malloc would request memory from the kernel page by page: the first write to each is a fault,
/// which takes longer than the copy of the contents. A slab can be one huge page, which needs a
/// single fault. The first slabs are ordinary memory, of which only the pages that were taken are
/// resident, so that a small database stays small.
///
/// Thread safety: every method may be called from any thread.
class PagePool {
 public:
  static constexpr std::size_t kSlabBytes = std::size_t{2} << 20;
  static constexpr std::size_t kOrdinarySlabs = 2;

  /// The pool of the process. Never destroyed, because static objects may own pages while the
  /// program ends.
  static PagePool& Instance();
  PagePool() = default;
  PagePool(const PagePool&) = delete;
  PagePool& operator=(const PagePool&) = delete;
  /// All pages must have been returned.
  ~PagePool();

  /// A page of any contents. Throws std::bad_alloc.
  Page* Take();
  void Return(Page* page) noexcept;
  /// The slabs that are mapped.
  std::size_t slabs() const;

 private:
  friend Page;
  struct Slab;

  static Slab* Map(bool huge);
  static void Unmap(Slab* slab);
  static std::size_t IndexOf(const Page* page);
  static Slab& SlabOf(Page* page);
  void Link(Slab* slab) TQL_REQUIRES(mutex_);
  void Unlink(Slab* slab) TQL_REQUIRES(mutex_);

  mutable base::Mutex mutex_;
  /// The slabs that have used and free pages. A slab that was full is put in front: pages are taken
  /// from the fullest slabs, and the others become empty.
  Slab* first_ TQL_GUARDED_BY(mutex_) TQL_PT_GUARDED_BY(mutex_) = nullptr;
  /// The empty slab that is kept, or null.
  Slab* reserve_ TQL_GUARDED_BY(mutex_) TQL_PT_GUARDED_BY(mutex_) = nullptr;
  std::size_t slabs_ TQL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_PAGE_POOL_H_
