// Pages and orders of the searches of REST v2: record_offset, record_size, sort_options.
#ifndef TQLKIT_MOCKSERVER_REST_V2_PAGE_H_
#define TQLKIT_MOCKSERVER_REST_V2_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mockserver/rest/fields.h"
#include "mockserver/rest/objects.h"
#include "proto/base/json_writer.h"
#include "tql/status.h"

namespace tql::rest::v2 {

/// The rows that a search asks for.
struct SliceV2 {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// The documented number of records of a search that does not name one.
inline constexpr std::int64_t kDefaultRecords = 10;

/// Reads record_offset, from 0, and record_size, from 1 or -1 for everything.
StatusOr<SliceV2> SliceOfV2(const Fields& fields, std::size_t total,
                            std::int64_t default_size = kDefaultRecords);

/// Sorts by sort_options, an object with field_name and order.
Status SortV2(const Fields& fields, Objects& objects);

/// Whether the object has a tag of one of the identifiers.
bool HasTagV2(const world::Header& header, const std::vector<std::string>& identifiers);

/// An answer with one page of the objects, an array.
using WriteRowV2 = std::function<void(const Objects& all, const Row& row, base::JsonWriter& json)>;
StatusOr<Answer> PageAnswer(const Fields& fields, ObjectsPtr objects, WriteRowV2 write);

}  // namespace tql::rest::v2

#endif  // TQLKIT_MOCKSERVER_REST_V2_PAGE_H_
