// metadata/search of REST v2.
#include <algorithm>
#include <utility>

#include "mockserver/rest/fields.h"
#include "mockserver/rest/objects.h"
#include "mockserver/rest/v2_calls.h"
#include "mockserver/rest/v2_lookup.h"
#include "mockserver/rest/v2_page.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"

namespace tql::rest::v2 {
namespace {

using world::Header;
using world::Kind;
using world::World;

constexpr std::size_t kMostWanted = 1000;  // each reads the objects of its type
constexpr std::size_t kGuidLength = 36;
constexpr std::string_view kSubtypes[] = {"ONE_TO_ONE_LOGICAL", "WORKSHEET",
                                          "PRIVATE_WORKSHEET",  "USER_DEFINED",
                                          "AGGR_WORKSHEET",     "SQL_VIEW"};

/// An element of the list `metadata`.
struct Wanted {
  const TypeV2* type = nullptr;  // null: every type
  std::string identifier;
  std::string pattern;
  std::vector<std::string> subtypes;
};

bool IsPrincipal(const TypeV2& type) { return type.v2.starts_with("USER"); }

StatusOr<Wanted> ReadWanted(const Fields& element) {
  Wanted wanted;
  TQL_ASSIGN_OR_RETURN(wanted.type, FindTypeV2(element, "type"));
  TQL_ASSIGN_OR_RETURN(wanted.identifier, element.Text("identifier"));
  TQL_ASSIGN_OR_RETURN(wanted.pattern, element.Text("name_pattern"));
  TQL_ASSIGN_OR_RETURN(wanted.subtypes, element.Words("subtypes", kSubtypes));
  if (wanted.type != nullptr) return wanted;
  if (wanted.identifier.empty()) return element.Error("type", "expected a type or an identifier");
  if (wanted.identifier.size() != kGuidLength) {
    return element.Error("type", "the type is required, because the identifier is not a guid");
  }
  return wanted;
}

/// What the list `metadata` asks for; without it, all objects, users and groups only for
/// administrators.
StatusOr<std::vector<Wanted>> ReadAllWanted(const Fields& fields, const Caller& caller) {
  TQL_ASSIGN_OR_RETURN(const std::vector<Fields> elements, fields.Objects("metadata"));
  if (elements.size() > kMostWanted) {
    return fields.Error("metadata",
                        "expected at most " + std::to_string(kMostWanted) + " elements");
  }
  std::vector<Wanted> all;
  for (const Fields& element : elements) {
    TQL_ASSIGN_OR_RETURN(Wanted wanted, ReadWanted(element));
    all.push_back(std::move(wanted));
  }
  if (!all.empty()) return all;
  for (const TypeV2& type : kTypesV2) {
    if (IsPrincipal(type) && !caller.membership().is_administrator()) continue;
    all.push_back({.type = &type, .identifier = {}, .pattern = {}, .subtypes = {}});
  }
  return all;
}

/// The conditions on all objects.
struct Conditions {
  std::vector<std::string> tags;
  std::vector<std::string> creators;
  std::vector<std::string> modifiers;  // the mock knows the author alone
  std::vector<std::string> excluded;   // identifiers
  bool hidden = false;

  bool Holds(const Caller& caller, const Row& row) const {
    const Header& header = *row.header;
    const auto is_by = [&](const std::vector<std::string>& users) {
      return users.empty() ||
             (header.author != nullptr &&
              IsCalledOneOf(*caller.world->Find(Kind::kUser, header.author->id()), users));
    };
    return (hidden || !header.hidden) && (tags.empty() || HasTagV2(header, tags)) &&
           is_by(creators) && is_by(modifiers) && !IsCalledOneOf(header, excluded);
  }
};

StatusOr<Conditions> ReadConditions(const Fields& fields) {
  Conditions conditions;
  TQL_ASSIGN_OR_RETURN(conditions.tags, fields.Texts("tag_identifiers"));
  TQL_ASSIGN_OR_RETURN(conditions.creators, fields.Texts("created_by_user_identifiers"));
  TQL_ASSIGN_OR_RETURN(conditions.modifiers, fields.Texts("modified_by_user_identifiers"));
  TQL_ASSIGN_OR_RETURN(const std::vector<Fields> excluded, fields.Objects("exclude_objects"));
  for (const Fields& object : excluded) {
    TQL_ASSIGN_OR_RETURN(std::string identifier, object.Required("identifier"));
    conditions.excluded.push_back(std::move(identifier));
  }
  TQL_ASSIGN_OR_RETURN(const std::optional<bool> hidden, fields.Flag("include_hidden_objects"));
  conditions.hidden = hidden.value_or(false);
  return conditions;
}

/// Adds the objects of one type that an element asks for.
Status AddWanted(const Caller& caller, const Wanted& wanted, std::string_view type,
                 const Conditions& conditions, std::vector<ObjectsPtr>& parts) {
  TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf(type, caller));
  Filter(*objects, [&](const Row& row) {
    const Header& header = *row.header;
    return (wanted.identifier.empty() || IsCalled(header, wanted.identifier)) &&
           (wanted.pattern.empty() || MatchesPattern(header.name, wanted.pattern)) &&
           (wanted.subtypes.empty() ||
            std::ranges::find(wanted.subtypes, header.type) != wanted.subtypes.end()) &&
           conditions.Holds(caller, row);
  });
  parts.push_back(std::move(objects));
  return Status();
}

StatusOr<std::vector<ObjectsPtr>> Find(const Caller& caller, const std::vector<Wanted>& all,
                                       const Conditions& conditions) {
  std::vector<ObjectsPtr> parts;
  for (const Wanted& wanted : all) {
    for (const TypeV2& type : kTypesV2) {
      if (type.v1.empty() || (wanted.type != nullptr && wanted.type != &type)) continue;
      TQL_RETURN_IF_ERROR(AddWanted(caller, wanted, type.v1, conditions, parts));
    }
  }
  return parts;
}

std::string_view TypeOfRow(const Row& row) {
  if (row.owner != nullptr) return "LOGICAL_COLUMN";
  const auto* const found = std::ranges::find(kTypesV2, TypeOf(row.header->kind), &TypeV2::v1);
  return found->v2;
}

struct Included {
  bool headers = true;
  bool details = false;
  bool visualizations = false;
};

void WriteHeaderV2(const World& world, const Row& row, base::JsonWriter& json) {
  json.BeginObject();
  WriteHeaderMembers(row, json);
  if (row.header->kind == Kind::kTable && row.owner == nullptr && row.table == nullptr) {
    const auto& table = world.message().table(static_cast<int>(row.header->index));
    if (const Header* const connection = world.FindName(Kind::kConnection, table.connection())) {
      json.Key("dataSourceId").String(connection->id);
      json.Key("dataSourceName").String(connection->name);
    }
  }
  json.EndObject();
}

void WriteMetadata(const World& world, const Row& row, Included included, base::JsonWriter& json) {
  json.BeginObject().Key("metadata_id").String(row.header->id);
  json.Key("metadata_name").String(row.header->name);
  json.Key("metadata_type").String(TypeOfRow(row));
  for (const std::string_view key : {"metadata_obj_id", "dependent_objects", "stats"}) {
    json.Key(key).Raw("null");
  }
  json.Key("incomplete_objects").BeginArray().EndArray();
  json.Key("metadata_header");
  included.headers ? WriteHeaderV2(world, row, json) : void(json.Raw("null"));
  json.Key("metadata_detail");
  included.details ? WriteStorable(world, row, json) : void(json.Raw("null"));
  json.Key("visualization_headers");
  included.visualizations ? WriteVisualizations(world, *row.header, json) : void(json.Raw("null"));
  json.EndObject();
}

StatusOr<Included> ReadIncluded(const Fields& fields) {
  TQL_ASSIGN_OR_RETURN(const std::optional<bool> headers, fields.Flag("include_headers"));
  TQL_ASSIGN_OR_RETURN(const std::optional<bool> details, fields.Flag("include_details"));
  TQL_ASSIGN_OR_RETURN(const std::optional<bool> parts,
                       fields.Flag("include_visualization_headers"));
  return Included{.headers = headers.value_or(true),
                  .details = details.value_or(false),
                  .visualizations = parts.value_or(false)};
}

}  // namespace

StatusOr<Answer> SearchMetadata(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const std::vector<Wanted> wanted, ReadAllWanted(fields, request.caller));
  TQL_ASSIGN_OR_RETURN(const Conditions conditions, ReadConditions(fields));
  TQL_ASSIGN_OR_RETURN(const Included included, ReadIncluded(fields));
  TQL_ASSIGN_OR_RETURN(std::vector<ObjectsPtr> parts, Find(request.caller, wanted, conditions));
  const auto all = std::make_shared<Objects>();
  all->world = request.caller.world;
  for (const ObjectsPtr& part : parts) {
    all->rows.insert(all->rows.end(), part->rows.begin(), part->rows.end());
  }
  TQL_RETURN_IF_ERROR(SortV2(fields, *all));
  return PageAnswer(fields, all,
                    [parts = std::move(parts), included](const Objects& objects, const Row& row,
                                                         base::JsonWriter& json) {
                      WriteMetadata(*objects.world, row, included, json);
                    });
}

}  // namespace tql::rest::v2
