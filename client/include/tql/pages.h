/// \file
/// A large result in pages: one statement for each.
#ifndef TQL_PAGES_H_
#define TQL_PAGES_H_

#include "tql/cxx20.h"

#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

#include "tql/input_iterator.h"
#include "tql/options.h"
#include "tql/result.h"
#include "tql/status.h"

namespace tql {

class Client;

/// The pages of a SELECT: an input range of `StatusOr<Table>`, each made by a statement of its own
/// that skips the rows before it (pagination_start, pagination_size).
///
/// ```cpp
/// for (auto& page : client.Pages("select sale_id from sales order by sale_id;", 100)) {
///   if (!page) return page.status();
///   std::cout << page->size() << " rows\n";
/// }
/// ```
///
/// The service keeps nothing between pages: without an ORDER BY over a unique key, or when rows are
/// changed meanwhile, rows may be missed or come twice. A result that need not be cut is better
/// read with Client::Query, which streams it in one go. TOP for a SELECT that has none is switched
/// off unless the request sets it. An error is the last element; the range is read once.
///
/// Thread safety: one thread. It has a copy of the client, with the context of its start.
class PageRange {
 public:
  /// Over its pages.
  using Iterator = InputIterator<PageRange, Table>;

  /// `size`: rows of a page, at least 1, else the range is one INVALID_ARGUMENT. A pagination_start
  /// of the request is where the first page begins; its timeout is that of each page.
  PageRange(Client client, std::string statement, std::int64_t size, RequestOptions request);
  PageRange(PageRange&&) noexcept;
  PageRange& operator=(PageRange&&) noexcept;
  ~PageRange();

  /// Asks for the first page. Once only.
  Iterator begin() { return Iterator(this); }
  /// Behind the last page.
  std::default_sentinel_t end() const { return {}; }

  /// The next page, with one row at least; an empty optional behind the last. What the iterators
  /// are made of.
  StatusOr<std::optional<Table>> Next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tql

#endif  // TQL_PAGES_H_
