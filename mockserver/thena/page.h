// Pages of a list: the parameters of a request for one, and the cursor of the next one.
#ifndef TQLKIT_MOCKSERVER_THENA_PAGE_H_
#define TQLKIT_MOCKSERVER_THENA_PAGE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/thena/object_list.h"
#include "tql/status.h"

namespace tql::thena {

/// The number of objects of a page, by default and at most.
inline constexpr std::size_t kDefaultLimit = 100;
inline constexpr std::size_t kMostLimit = 1000;

/// The query parameters of a request for a page; nullopt: not given.
struct PageRequest {
  std::optional<std::string> limit = std::nullopt;
  std::optional<std::string> cursor = std::nullopt;
};

/// A part of a list.
struct Page {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::optional<std::string> next_cursor = std::nullopt;  // nullopt: this is the last page
};

/// The cursor of the page after the object with this id: base64 of "id:" and the id.
std::string CursorAfter(std::string_view id);

/// The service has not published its errors for invalid parameters. INVALID_ARGUMENT for a limit
/// that is not a number from 1 to kMostLimit, and for a cursor that does not follow an object of
/// the list. An empty cursor is that of the first page.
StatusOr<Page> PageOf(const ObjectList& list, const PageRequest& request);

}  // namespace tql::thena

#endif  // TQLKIT_MOCKSERVER_THENA_PAGE_H_
