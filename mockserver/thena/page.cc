#include "mockserver/thena/page.h"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>

#include "proto/base/status_macros.h"
#include "proto/base/utf8.h"

namespace tql::thena {
namespace {

constexpr std::string_view kCursorPrefix = "id:";
constexpr std::size_t kCursorLength = 36;  // base64 of the prefix and 24 digits, without padding
constexpr std::size_t kMostShown = 60;     // characters of a parameter in an error

StatusOr<std::size_t> LimitOf(const std::optional<std::string>& text) {
  if (!text) return kDefaultLimit;
  std::size_t limit = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, limit);
  if (error == std::errc() && rest == end && limit >= 1 && limit <= kMostLimit) return limit;
  return InvalidArgumentError("limit: found \"" + base::Excerpt(*text, kMostShown) +
                              "\", expected a number from 1 to " + std::to_string(kMostLimit));
}

/// The id in a cursor; empty for another text.
std::string IdOfCursor(std::string_view cursor) {
  if (cursor.size() != kCursorLength) return {};
  std::string text(kCursorLength / 4 * 3, '\0');
  const int decoded = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      reinterpret_cast<const unsigned char*>(cursor.data()),
                                      static_cast<int>(cursor.size()));
  if (decoded != static_cast<int>(text.size()) || !text.starts_with(kCursorPrefix)) return {};
  return text.substr(kCursorPrefix.size());
}

}  // namespace

std::string CursorAfter(std::string_view id) {
  const std::string text = std::string(kCursorPrefix) + std::string(id);
  std::string cursor((text.size() + 2) / 3 * 4 + 1, '\0');  // with the NUL that the library adds
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(cursor.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  cursor.resize(static_cast<std::size_t>(length));
  return cursor;
}

StatusOr<Page> PageOf(const ObjectList& list, const PageRequest& request) {
  TQL_ASSIGN_OR_RETURN(const std::size_t limit, LimitOf(request.limit));
  Page page;
  if (request.cursor && !request.cursor->empty()) {
    const std::optional<std::size_t> last = list.Find(IdOfCursor(*request.cursor));
    if (!last) {
      return InvalidArgumentError("cursor: found \"" + base::Excerpt(*request.cursor, kMostShown) +
                                  "\", expected the next_cursor of a page");
    }
    page.begin = *last + 1;
  }
  page.end = std::min(page.begin + limit, list.size());
  if (page.end < list.size()) page.next_cursor = CursorAfter(list.IdOf(page.end - 1));
  return page;
}

}  // namespace tql::thena
