#include "mockserver/rest/v2_page.h"

#include <algorithm>
#include <utility>

#include "proto/base/status_macros.h"
#include "proto/base/text.h"

namespace tql::rest::v2 {
namespace {

/// The mock has no value for the last six, whose order is therefore that of the world.
constexpr std::string_view kSortFields[] = {
    "NAME",      "DISPLAY_NAME",  "AUTHOR", "CREATED",    "MODIFIED", "VIEWS",
    "FAVORITES", "LAST_ACCESSED", "SYNCED", "USER_STATE", "ROW_COUNT"};
constexpr std::size_t kSorted = 5;
constexpr std::string_view kOrders[] = {"ASC", "DESC"};

}  // namespace

StatusOr<SliceV2> SliceOfV2(const Fields& fields, std::size_t total, std::int64_t default_size) {
  TQL_ASSIGN_OR_RETURN(const std::int64_t offset, fields.Integer("record_offset", 0));
  TQL_ASSIGN_OR_RETURN(const std::int64_t size, fields.Integer("record_size", default_size));
  if (offset < 0) return fields.Error("record_offset", "expected a position from 0");
  if (size < -1 || size == 0) {
    return fields.Error("record_size", "expected -1 or a number from 1");
  }
  const std::size_t first = std::min(static_cast<std::size_t>(offset), total);
  const std::size_t most = size < 0 ? total : static_cast<std::size_t>(size);
  return SliceV2{first, std::min(most, total - first)};
}

Status SortV2(const Fields& fields, Objects& objects) {
  TQL_ASSIGN_OR_RETURN(const Fields options, fields.Object("sort_options"));
  TQL_ASSIGN_OR_RETURN(const std::string by, options.Word("field_name", kSortFields));
  TQL_ASSIGN_OR_RETURN(const std::string order, options.Word("order", kOrders));
  const auto* const known = std::find(kSortFields, kSortFields + kSorted, by);
  if (known == kSortFields + kSorted) return Status();
  return SortBy(by, order != "DESC", objects);
}

bool HasTagV2(const world::Header& header, const std::vector<std::string>& identifiers) {
  return std::ranges::any_of(header.tags, [&](const worldpb::Tag* tag) {
    return std::ranges::any_of(identifiers, [&](const std::string& identifier) {
      return tag->name() == identifier || base::EqualsIgnoreCase(tag->id(), identifier);
    });
  });
}

StatusOr<Answer> PageAnswer(const Fields& fields, ObjectsPtr objects, WriteRowV2 write) {
  TQL_ASSIGN_OR_RETURN(const SliceV2 slice, SliceOfV2(fields, objects->rows.size()));
  return Streamed("[", slice.count, "]",
                  [objects = std::move(objects), first = slice.first, write = std::move(write)](
                      std::size_t row, base::JsonWriter& json) {
                    write(*objects, objects->rows[first + row], json);
                  });
}

}  // namespace tql::rest::v2
