// Objects with their details: columns, visualizations.
#include <utility>

#include "mockserver/rest/objects.h"

namespace tql::rest {
namespace {

using world::Header;
using world::Kind;
using world::World;

void WriteVisualization(const worldpb::Visualization& part, const Header& owner,
                        base::JsonWriter& json) {
  json.BeginObject();
  if (part.type() != "FILTER") json.Key("size").String(part.size());
  json.Key("vizType").String(part.type());
  if (part.type() != "FILTER") {
    json.Key("title").BeginObject().Key("value").BeginObject();
    json.Key("text").String(part.title()).EndObject().EndObject();
  }
  json.Key("id").String(part.id()).Key("name").String(part.name());
  json.Key("author").String(owner.author->id());
  json.Key("created").Integer(owner.created).Key("modified").Integer(owner.modified);
  json.Key("modifiedBy").String(owner.author->id()).Key("owner").String(owner.id).EndObject();
}

void WriteColumns(const World& world, const Row& row, base::JsonWriter& json) {
  const auto write = [&](std::string_view id, std::string_view name, std::string_view type,
                         std::string_view data_type) {
    json.BeginObject().Key("header").BeginObject();
    json.Key("id").String(id).Key("name").String(name).EndObject();
    json.Key("type").String(type).Key("dataType").String(data_type).EndObject();
  };
  json.Key("columns").BeginArray();
  if (row.table != nullptr) {
    for (const plan::ColumnDef& column : row.table->columns) {
      write(column.guid, column.name, ColumnType(column), DataType(column));
    }
  } else {
    for (const auto& column : world.message().table(static_cast<int>(row.header->index)).column()) {
      write(column.id(), column.name(), column.column_type(), column.data_type());
    }
  }
  json.EndArray();
}

/// The connection of a table; tables without one are those of the appliance's own database.
std::pair<std::string, std::string> DataSourceOf(const World& world, const Row& row) {
  if (row.table == nullptr) {
    const auto& table = world.message().table(static_cast<int>(row.header->index));
    if (const Header* const found = world.FindName(Kind::kConnection, table.connection())) {
      return {found->id, found->type};
    }
  }
  return {world.message().cluster().id(), "DEFAULT"};
}

}  // namespace

void WriteStorable(const World& world, const Row& row, base::JsonWriter& json) {
  if (row.header->kind == Kind::kUser) return WriteUser(world, *row.header, json);
  if (row.header->kind == Kind::kGroup) return WriteGroup(world, *row.header, json);
  json.BeginObject().Key("header");
  WriteHeader(row, json);
  json.Key("complete").Bool(true).Key("incompleteDetail").BeginArray().EndArray();
  if (row.header->kind == Kind::kTable && row.owner == nullptr) {
    const auto [id, type] = DataSourceOf(world, row);
    json.Key("type").String(row.header->type);
    json.Key("dataSourceId").String(id).Key("dataSourceTypeEnum").String(type);
    WriteColumns(world, row, json);
  }
  json.EndObject();
}

void WriteVisualizations(const World& world, const Header& owner, base::JsonWriter& json) {
  const int index = static_cast<int>(owner.index);
  const auto write = [&](const auto& object) {
    for (const auto& part : object.visualization()) WriteVisualization(part, owner, json);
  };
  json.BeginArray();
  if (owner.kind == Kind::kLiveboard) write(world.message().liveboard(index));
  if (owner.kind == Kind::kAnswer) write(world.message().answer(index));
  json.EndArray();
}

}  // namespace tql::rest
