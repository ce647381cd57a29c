/// \file
/// A large result in pages, with one request per page.
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

/// The pages of a SELECT: an input range of `StatusOr<Table>`. Each page executes the statement
/// again and skips the rows of earlier pages (pagination_start, pagination_size).
///
/// ```cpp
/// for (auto& page : client.Pages("select sale_id from sales order by sale_id;", 100)) {
///   if (!page) return page.status();
///   std::cout << page->size() << " rows\n";
/// }
/// ```
///
/// The service keeps no state between pages. Rows may be missing or repeated if the statement has
/// no ORDER BY over a unique key, or if rows change between pages. To read a whole result, prefer
/// Client::Query, which streams it in one request.
///
/// The service's default TOP (query_results_apply_top_row_count) is switched off unless the request
/// sets it. An error is the last element. The range can be read once.
///
/// Thread safety: one thread. The range owns a copy of the client, with the context that the client
/// had when the range was created.
class PageRange {
 public:
  /// Iterates over the pages.
  using Iterator = InputIterator<PageRange, Table>;

  /// `size` is the number of rows per page; if it is less than 1, the range has one element, the
  /// error INVALID_ARGUMENT. The first page begins at the request's pagination_start; the request's
  /// timeout applies to each page.
  PageRange(Client client, std::string statement, std::int64_t size, RequestOptions request);
  PageRange(PageRange&&) noexcept;
  PageRange& operator=(PageRange&&) noexcept;
  ~PageRange();

  /// Requests the first page. May be called once.
  Iterator begin() { return Iterator(this); }
  /// The end of the pages.
  std::default_sentinel_t end() const { return {}; }

  /// Returns the next page, which has at least one row, or an empty optional after the last page.
  /// The iterators are built on it.
  StatusOr<std::optional<Table>> Next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tql

#endif  // TQL_PAGES_H_
