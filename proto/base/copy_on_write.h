// A pointer whose copies share one object until one of them changes it.
#ifndef TQLKIT_PROTO_BASE_COPY_ON_WRITE_H_
#define TQLKIT_PROTO_BASE_COPY_ON_WRITE_H_

#include <atomic>
#include <cstdint>
#include <utility>

namespace tql::base {

/// The object of a CopyOnWrite with the number of its owners, on the heap. A class with the same
/// functions can replace it, to allocate objects elsewhere or to count their owners elsewhere.
template <typename T>
struct CopyOnWriteBox {
  /// One owner.
  template <typename... Args>
  static CopyOnWriteBox* Make(Args&&... args) {
    return new CopyOnWriteBox{{1}, T{std::forward<Args>(args)...}};
  }
  static CopyOnWriteBox* Copy(const T& from) { return new CopyOnWriteBox{{1}, from}; }
  static void Delete(CopyOnWriteBox* box) { delete box; }
  std::atomic<std::uint32_t>& owners() { return count; }
  T& value() { return object; }

  std::atomic<std::uint32_t> count;
  T object;
};

/// Null, or one of the owners of a T.
///
/// Thread safety: owners of the same object may be used by different threads; one owner belongs to
/// one thread at a time. std::shared_ptr would not do: use_count() is a relaxed load, so a count of
/// one does not mean that the reads of the last other owner happened before.
template <typename T, typename Box = CopyOnWriteBox<T>>
class CopyOnWrite {
 public:
  CopyOnWrite() = default;
  /// The only owner of a new T.
  template <typename... Args>
  static CopyOnWrite Make(Args&&... args) {
    return CopyOnWrite(Box::Make(std::forward<Args>(args)...));
  }
  CopyOnWrite(const CopyOnWrite& other) : box_(other.box_) {
    if (box_ != nullptr) box_->owners().fetch_add(1, std::memory_order_relaxed);
  }
  CopyOnWrite(CopyOnWrite&& other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  CopyOnWrite& operator=(CopyOnWrite other) noexcept {
    std::swap(box_, other.box_);
    return *this;
  }
  ~CopyOnWrite() {
    if (box_ != nullptr && box_->owners().fetch_sub(1, std::memory_order_acq_rel) == 1) {
      Box::Delete(box_);
    }
  }

  explicit operator bool() const { return box_ != nullptr; }
  // For statistics: how many own the object, and whether this is the only owner, as far as this
  // thread knows.
  std::uint32_t owners() const {
    return box_ != nullptr ? box_->owners().load(std::memory_order_relaxed) : 0;
  }
  bool alone() const { return owners() == 1; }
  const T& operator*() const { return box_->value(); }
  const T* operator->() const { return &box_->value(); }

  /// The object, to be changed: replaced by a copy of it when others own it, too. Not null.
  T& Mutable() {
    if (box_->owners().load(std::memory_order_acquire) != 1) {
      *this = CopyOnWrite(Box::Copy(box_->value()));
    }
    return box_->value();
  }

 private:
  explicit CopyOnWrite(Box* box) : box_(box) {}

  Box* box_ = nullptr;
};

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_COPY_ON_WRITE_H_
