/// \file
/// The iterator of the ranges that results are read as.
#ifndef TQL_INPUT_ITERATOR_H_
#define TQL_INPUT_ITERATOR_H_

#include "tql/cxx20.h"

#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include "tql/status.h"

namespace tql {

/// An input iterator over a source that can be read once, through the source's member function
/// `StatusOr<std::optional<T>> Next()`. An empty optional ends the range; an error is its last
/// element. The source must outlive the iterator. QueryResult and PageRange are such sources.
///
/// Elements are StatusOr<T>, and mutable, so that a loop can move from them:
///
/// ```cpp
/// for (auto& page : client.Pages("select sale_id from sales order by sale_id;", 100)) {
///   if (!page) return page.status();
///   std::cout << page->size() << " rows\n";
/// }
/// ```
///
/// Algorithms that require a forward iterator do not work: all copies share the source's position.
///
/// Thread safety: as the source; usually one thread.
template <typename Source, typename T>
class InputIterator {
 public:
  using value_type = StatusOr<T>;  ///< An element, or the error that ended the range.
  using reference = value_type&;
  using pointer = value_type*;
  using difference_type = std::ptrdiff_t;
  using iterator_category = std::input_iterator_tag;

  /// Reads the first element. Each increment reads the next one, which may block, and invalidates
  /// the previous one.
  explicit InputIterator(Source* source) : source_(source) { ++*this; }

  reference operator*() { return current_; }
  pointer operator->() { return &current_; }
  InputIterator& operator++() {
    at_end_ = !current_.ok();
    if (at_end_) return *this;
    StatusOr<std::optional<T>> next = source_->Next();
    if (!next) {
      current_ = next.status();
    } else if (*next) {
      current_ = **std::move(next);
    } else {
      at_end_ = true;
    }
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const InputIterator& it, std::default_sentinel_t) { return it.at_end_; }

 private:
  Source* source_;
  value_type current_ = T();
  bool at_end_ = false;
};

}  // namespace tql

#endif  // TQL_INPUT_ITERATOR_H_
