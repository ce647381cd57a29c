#include "tql/pages.h"

#include <limits>
#include <optional>
#include <utility>

#include "tql/client.h"

namespace tql {

struct PageRange::State {
  Client client;
  std::string statement;
  std::int64_t size;
  RequestOptions request;
  bool ended = false;
};

PageRange::PageRange(Client client, std::string statement, std::int64_t size,
                     RequestOptions request)
    : state_(std::make_unique<State>(
          State{std::move(client), std::move(statement), size, std::move(request)})) {
  StatementOptions& options = state_->request.statement;
  options.pagination_start = options.pagination_start.value_or(0);
  options.pagination_size = size;
  if (!options.query_results_apply_top_row_count) options.query_results_apply_top_row_count = 0;
}

PageRange::PageRange(PageRange&&) noexcept = default;
PageRange& PageRange::operator=(PageRange&&) noexcept = default;
PageRange::~PageRange() = default;

StatusOr<std::optional<Table>> PageRange::Next() {
  State& s = *state_;
  if (s.size < 1) return InvalidArgumentError("a page must have at least one row");
  if (s.ended) return std::optional<Table>();
  StatusOr<Table> page = s.client.QueryTable(s.statement, s.request);
  if (!page) {
    s.ended = true;
    return page.status();
  }
  const auto rows = static_cast<std::int64_t>(page->size());
  // A short page is the last one.
  std::int64_t& start = *s.request.statement.pagination_start;
  s.ended = rows < s.size || rows > std::numeric_limits<std::int64_t>::max() - start;
  if (rows == 0) return std::optional<Table>();
  if (!s.ended) start += rows;
  return std::optional<Table>(*std::move(page));
}

}  // namespace tql
