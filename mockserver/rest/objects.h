// The objects of a namespace as the REST API v1 prints them.
#ifndef TQLKIT_MOCKSERVER_REST_OBJECTS_H_
#define TQLKIT_MOCKSERVER_REST_OBJECTS_H_

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/engine/engine.h"
#include "mockserver/rest/caller.h"
#include "mockserver/rest/endpoint.h"
#include "mockserver/world/world.h"
#include "proto/base/json_writer.h"

namespace tql::rest {

/// An object of the world, a table of TQL, or a column.
struct Row {
  const world::Header* header = nullptr;
  const plan::TableDef* table = nullptr;  // of a table or a column of TQL
  const world::Header* owner = nullptr;   // the table of a column
};

/// The objects of a type. Keeps what its rows refer to.
struct Objects {
  std::shared_ptr<const world::World> world;
  std::vector<engine::Engine::TableEntry> tables;  // of TQL
  std::deque<world::Header> made;                  // the headers of tables of TQL and of columns
  std::vector<Row> rows;
};
using ObjectsPtr = std::shared_ptr<Objects>;

/// Returns the objects of a type in the caller's org: "LOGICAL_TABLE", "USER". INTERNAL for an
/// unknown type, as documented; INVALID_ARGUMENT for an empty one.
StatusOr<ObjectsPtr> ObjectsOf(std::string_view type, const Caller& caller);
/// The documented name of the types of a kind.
std::string_view TypeOf(world::Kind kind);

/// Keeps the rows for which `keep` holds.
template <typename Keep>
void Filter(Objects& objects, const Keep& keep) {
  std::erase_if(objects.rows, [&](const Row& row) { return !keep(row); });
}
/// Sorts by NAME, DISPLAY_NAME, AUTHOR, CREATED or MODIFIED; "" and DEFAULT keep the order.
/// INVALID_ARGUMENT for another word.
Status SortBy(std::string_view by, bool ascending, Objects& objects);
/// Filters and sorts by the parameters of metadata/list and connection/list.
Status Select(const Params& params, const Caller& caller, Objects& objects);

/// Whether a user or a group is one of those that every system has.
bool IsSystem(const world::Header& principal);

/// "INT64", "DATE_TIME"; "MEASURE", "ATTRIBUTE".
std::string DataType(const plan::ColumnDef& column);
std::string_view ColumnType(const plan::ColumnDef& column);

/// One object with its details: of metadata/details, without "storables".
void WriteStorable(const world::World& world, const Row& row, base::JsonWriter& json);
/// The visualizations of a Liveboard or an answer, an array; of other objects an empty one.
void WriteVisualizations(const world::World& world, const world::Header& owner,
                         base::JsonWriter& json);
/// {"id":…,"name":…,…}: a header of metadata/list.
void WriteHeader(const Row& row, base::JsonWriter& json);
/// The members of a header without braces.
void WriteHeaderMembers(const Row& row, base::JsonWriter& json);
void WriteUser(const world::World& world, const world::Header& user, base::JsonWriter& json);
void WriteGroup(const world::World& world, const world::Header& group, base::JsonWriter& json);
/// A user or a group of user/list.
void WritePrincipal(const world::World& world, const world::Header& principal,
                    base::JsonWriter& json);
/// The object of admin/configinfo.
std::string ConfigInfo(const world::World& world);

/// The object of admin/configinfo/overrides.
std::string OverridesJson(const world::World& world);

/// An answer of JSON that is written row by row: `head`, the rows with commas, `tail`. `write` gets
/// the number of a row.
Answer Streamed(std::string head, std::size_t rows, std::string tail,
                std::function<void(std::size_t row, base::JsonWriter& json)> write);
Answer JsonAnswer(std::string body);

/// The events between two times, at most 24 hours, of the caller's org or of all. The parameters
/// `from` and `to` are milliseconds since 1970; by default the last 24 hours.
StatusOr<Answer> LogsAnswer(const Request& request, std::string_view from, std::string_view to,
                            bool all_orgs);

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_OBJECTS_H_
