// What clients use of the REST API v2.
#include <algorithm>
#include <utility>

#include "mockserver/rest/endpoint.h"
#include "mockserver/rest/objects.h"
#include "mockserver/rest/session_info.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "proto/document/document.h"

namespace tql::rest {
namespace {

using service::Evidence;
using world::Header;
using world::Kind;
using world::World;

constexpr std::size_t kQuoted = 60;
constexpr std::int64_t kDefaultRecords = 10;

/// The rows of a search, with the parameters record_offset and record_size.
struct Slice {
  std::size_t first = 0;
  std::size_t count = 0;
};

StatusOr<Slice> SliceOf(const Params& params, std::size_t total) {
  TQL_ASSIGN_OR_RETURN(const std::int64_t offset, params.Integer("record_offset", 0));
  TQL_ASSIGN_OR_RETURN(const std::int64_t size, params.Integer("record_size", kDefaultRecords));
  if (offset < 0) return InvalidArgumentError("record_offset: expected a position from 0");
  if (size < -1 || size == 0) {
    return InvalidArgumentError("record_size: expected -1 or a number from 1");
  }
  const std::size_t first = std::min(static_cast<std::size_t>(offset), total);
  const std::size_t most = size < 0 ? total : static_cast<std::size_t>(size);
  return Slice{first, std::min(most, total - first)};
}

/// Whether an object is that of an identifier: its id or its name.
bool IsCalled(const Header& header, std::string_view identifier) {
  return base::EqualsIgnoreCase(header.id, identifier) || header.name == identifier;
}

using Write = void (*)(const World& world, const Row& row, base::JsonWriter& json);

StatusOr<Answer> RowsAnswer(const Request& request, ObjectsPtr objects, Write write) {
  TQL_ASSIGN_OR_RETURN(const Slice slice, SliceOf(request.params, objects->rows.size()));
  return Streamed("[", slice.count, "]",
                  [objects = std::move(objects), first = slice.first, write](
                      std::size_t row, base::JsonWriter& json) {
                    write(*objects->world, objects->rows[first + row], json);
                  });
}

void WriteReference(std::string_view id, std::string_view name, base::JsonWriter& json) {
  json.BeginObject().Key("id").String(id).Key("name").String(name).EndObject();
}

void WriteOrgs(const World& world, const Header& header, base::JsonWriter& json) {
  json.Key("orgs").BeginArray();
  for (const worldpb::Org& org : world.message().org()) {
    if (!header.BelongsTo(org)) continue;
    json.BeginObject().Key("id").Integer(org.id()).Key("name").String(org.name()).EndObject();
  }
  json.EndArray();
}

void WriteMembership(const World& world, const Header& header, std::string_view groups,
                     base::JsonWriter& json) {
  const world::Membership& membership = world.MembershipOf(header);
  json.Key("privileges").BeginArray();
  for (const std::string& privilege : membership.privileges) json.String(privilege);
  json.EndArray().Key(groups).BeginArray();
  for (const std::size_t group : membership.direct) {
    const Header& found = world.All(Kind::kGroup)[group];
    WriteReference(found.id, found.name, json);
  }
  json.EndArray();
}

void WriteTimes(const Header& header, base::JsonWriter& json) {
  json.Key("creation_time_in_millis").Integer(header.created);
  json.Key("modification_time_in_millis").Integer(header.modified);
  json.Key("author_id").String(header.author->id());
}

/// The members of a user, without braces.
void WriteUserMembers(const World& world, const Header& header, base::JsonWriter& json) {
  const worldpb::User& user = world.message().user(static_cast<int>(header.index));
  json.Key("id").String(header.id).Key("name").String(header.name);
  json.Key("display_name").String(header.display_name);
  json.Key("visibility").String(user.visibility() == "DEFAULT" ? "SHARABLE" : user.visibility());
  json.Key("email").String(MailOf(user));
  json.Key("account_type").String(header.type);
  json.Key("account_status").String(user.inactive() ? "INACTIVE" : "ACTIVE");
  WriteMembership(world, header, "user_groups", json);
  WriteOrgs(world, header, json);
  WriteTimes(header, json);
}

void WriteUser2(const World& world, const Row& row, base::JsonWriter& json) {
  json.BeginObject();
  WriteUserMembers(world, *row.header, json);
  json.EndObject();
}

void WriteGroup2(const World& world, const Row& row, base::JsonWriter& json) {
  const Header& header = *row.header;
  const worldpb::Group& group = world.message().group(static_cast<int>(header.index));
  json.BeginObject().Key("id").String(header.id).Key("name").String(header.name);
  json.Key("display_name").String(header.display_name);
  json.Key("description").String(header.description);
  json.Key("visibility").String(group.visibility() == "DEFAULT" ? "SHARABLE" : group.visibility());
  json.Key("type").String(header.type);
  WriteMembership(world, header, "sub_groups", json);
  WriteOrgs(world, header, json);
  WriteTimes(header, json);
  json.EndObject();
}

StatusOr<Answer> SearchPrincipals(const Request& request, std::string_view type,
                                  std::string_view identifier, std::string_view pattern,
                                  Write write) {
  TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf(type, request.caller));
  const std::string_view who = request.params.Text(identifier);
  const std::string_view like = request.params.Text(pattern);
  Filter(*objects, [&](const Row& row) {
    return (who.empty() || IsCalled(*row.header, who)) &&
           (like.empty() || MatchesPattern(row.header->name, like));
  });
  return RowsAnswer(request, std::move(objects), write);
}

StatusOr<Answer> SearchUsers(const Request& request) {
  return SearchPrincipals(request, "USER", "user_identifier", "name_pattern", WriteUser2);
}

StatusOr<Answer> SearchGroups(const Request& request) {
  return SearchPrincipals(request, "USER_GROUP", "group_identifier", "name_pattern", WriteGroup2);
}

// ---- metadata ----------------------------------------------------------------------------------

/// The types of v2 with those of v1.
constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {"LIVEBOARD", "PINBOARD_ANSWER_BOOK"},
    {"ANSWER", "QUESTION_ANSWER_BOOK"},
    {"LOGICAL_TABLE", "LOGICAL_TABLE"},
    {"LOGICAL_COLUMN", "LOGICAL_COLUMN"},
    {"CONNECTION", "DATA_SOURCE"},
    {"TAG", "TAG"},
    {"USER", "USER"},
    {"USER_GROUP", "USER_GROUP"},
};

std::string_view Type2Of(const Row& row) {
  if (row.owner != nullptr) return "LOGICAL_COLUMN";
  const std::string_view type = TypeOf(row.header->kind);
  const auto found =
      std::ranges::find(kTypes, type, [](const auto& entry) { return entry.second; });
  return found == std::end(kTypes) ? type : found->first;
}

void WriteMetadata(const World& /*world*/, const Row& row, base::JsonWriter& json) {
  json.BeginObject().Key("metadata_id").String(row.header->id);
  json.Key("metadata_name").String(row.header->name);
  json.Key("metadata_type").String(Type2Of(row));
  json.Key("metadata_header");
  WriteHeader(row, json);
  json.EndObject();
}

struct Wanted {
  std::string type;
  std::string identifier;
  std::string pattern;
};

std::string MemberOf(const document::Node& map, std::string_view key) {
  for (const auto& [name, value] : map.entries) {
    if (name.text == key) return value.text;
  }
  return {};
}

/// The objects that the list `metadata` asks for; nothing: all types.
StatusOr<std::vector<Wanted>> WantedOf(const Request& request) {
  std::vector<Wanted> wanted;
  const std::string* const text = request.params.Find("metadata");
  if (text != nullptr) {
    TQL_ASSIGN_OR_RETURN(const document::Node list, document::ParseJson(*text));
    if (list.kind != document::Node::Kind::kList) {
      return InvalidArgumentError("metadata: expected a list");
    }
    constexpr std::size_t kMostWanted = 1000;  // each reads the objects of its type
    if (list.items.size() > kMostWanted) {
      return InvalidArgumentError("metadata: expected at most " + std::to_string(kMostWanted) +
                                  " elements");
    }
    for (const document::Node& item : list.items) {
      if (item.kind != document::Node::Kind::kMap) {
        return InvalidArgumentError("metadata: expected a list of objects");
      }
      wanted.push_back(
          {MemberOf(item, "type"), MemberOf(item, "identifier"), MemberOf(item, "name_pattern")});
    }
  }
  if (wanted.empty()) {
    for (const std::string_view type : {"LIVEBOARD", "ANSWER", "LOGICAL_TABLE"}) {
      wanted.push_back({std::string(type), {}, {}});
    }
  }
  return wanted;
}

/// Adds the objects of one type that an element asks for.
Status AddWanted(const Request& request, const Wanted& wanted, std::string_view type,
                 std::vector<ObjectsPtr>& parts) {
  TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf(type, request.caller));
  Filter(*objects, [&](const Row& row) {
    return (wanted.identifier.empty() || IsCalled(*row.header, wanted.identifier)) &&
           (wanted.pattern.empty() || MatchesPattern(row.header->name, wanted.pattern));
  });
  parts.push_back(std::move(objects));
  return Status();
}

StatusOr<Answer> SearchMetadata(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const std::vector<Wanted> wanted, WantedOf(request));
  std::vector<ObjectsPtr> parts;
  for (const Wanted& one : wanted) {
    const auto known =
        std::ranges::find(kTypes, one.type, [](const auto& entry) { return entry.first; });
    if (known == std::end(kTypes) && !one.type.empty()) {
      return InvalidArgumentError("metadata.type: unknown type \"" +
                                  base::Excerpt(one.type, kQuoted) + '"');
    }
    if (one.type.empty() && one.identifier.empty()) {
      return InvalidArgumentError("metadata: expected a type or an identifier");
    }
    if (!one.type.empty()) {
      TQL_RETURN_IF_ERROR(AddWanted(request, one, known->second, parts));
      continue;
    }
    for (const auto& [type, v1] : kTypes) TQL_RETURN_IF_ERROR(AddWanted(request, one, v1, parts));
  }
  auto all = std::make_shared<Objects>();
  all->world = request.caller.world;
  for (const ObjectsPtr& part : parts) {
    all->rows.insert(all->rows.end(), part->rows.begin(), part->rows.end());
  }
  TQL_ASSIGN_OR_RETURN(const Slice slice, SliceOf(request.params, all->rows.size()));
  return Streamed("[", slice.count, "]",
                  [parts = std::move(parts), all, first = slice.first](std::size_t row,
                                                                       base::JsonWriter& json) {
                    WriteMetadata(*all->world, all->rows[first + row], json);
                  });
}

void WriteConnection2(const World& /*world*/, const Row& row, base::JsonWriter& json) {
  json.BeginObject().Key("id").String(row.header->id).Key("name").String(row.header->name);
  json.Key("description").String(row.header->description);
  std::string_view type = row.header->type;
  if (type.starts_with("RDBMS_")) type.remove_prefix(6);
  json.Key("data_warehouse_type").String(type).Key("details").BeginObject().EndObject();
  json.EndObject();
}

StatusOr<Answer> SearchConnections(const Request& request) {
  TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf("DATA_SOURCE", request.caller));
  return RowsAnswer(request, std::move(objects), WriteConnection2);
}

// ---- system ------------------------------------------------------------------------------------

StatusOr<Answer> SearchOrgs(const Request& request) {
  const World& world = *request.caller.world;
  TQL_ASSIGN_OR_RETURN(
      const Slice slice,
      SliceOf(request.params, static_cast<std::size_t>(world.message().org_size())));
  std::string body;
  base::JsonWriter json(&body);
  json.BeginArray();
  for (std::size_t i = slice.first; i < slice.first + slice.count; ++i) {
    const worldpb::Org& org = world.message().org(static_cast<int>(i));
    json.BeginObject().Key("id").Integer(org.id()).Key("name").String(org.name());
    json.Key("status").String(org.inactive() ? "IN_ACTIVE" : "ACTIVE");
    json.Key("description").String(org.description()).Key("visibility").String("SHOW");
    json.EndObject();
  }
  json.EndArray();
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> SearchRoles(const Request& request) {
  std::string body;
  base::JsonWriter json(&body);
  json.BeginArray();
  for (const worldpb::Role& role : request.caller.world->message().role()) {
    json.BeginObject().Key("id").String(role.id()).Key("name").String(role.name());
    json.Key("description").String(role.description());
    json.Key("privileges").BeginArray();
    for (const std::string& privilege : role.privilege()) json.String(privilege);
    json.EndArray().EndObject();
  }
  json.EndArray();
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> SessionUser(const Request& request) {
  const World& world = *request.caller.world;
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject();
  WriteUserMembers(world, *request.caller.user, json);
  const worldpb::Org& org = request.caller.org();
  json.Key("current_org").BeginObject().Key("id").Integer(org.id());
  json.Key("name").String(org.name()).EndObject().EndObject();
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> System(const Request& request) {
  const World& world = *request.caller.world;
  const worldpb::Cluster& cluster = world.message().cluster();
  const Header* const admin = world.FindName(Kind::kUser, "tsadmin");
  const std::string& super_user = world.FindName(Kind::kUser, "su")->id;
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject().Key("id").String(cluster.id()).Key("name").String(cluster.name());
  json.Key("release_version").String(cluster.release_version());
  json.Key("time_zone").String(cluster.time_zone()).Key("locale").String(cluster.locale());
  json.Key("date_format").String("yyyy-MM-dd").Key("api_version").String("v2");
  json.Key("type").String(cluster.saas() ? "SAAS" : "SOFTWARE");
  json.Key("environment").String("PROD").Key("license").String("ENTERPRISE");
  json.Key("tsadmin_user_id").String(admin != nullptr ? admin->id : super_user);
  json.Key("system_user_id").String(world.FindName(Kind::kUser, "system")->id);
  json.Key("super_user_id").String(super_user).EndObject();
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> Overrides(const Request& request) {
  return JsonAnswer(R"({"config_override_info":)" + OverridesJson(*request.caller.world) + "}");
}

/// What the embedding SDK asks before its frame.
StatusOr<Answer> Preauth(const Request& request) {
  const worldpb::Cluster& cluster = request.caller.world->message().cluster();
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject().Key("info").BeginObject();
  json.Key("configInfo").BeginObject();
  json.Key("isSaas").Bool(cluster.saas()).Key("selfClusterName").String(cluster.name());
  json.Key("selfClusterId").String(cluster.id()).EndObject();
  json.Key("releaseVersion").String(cluster.release_version()).EndObject().EndObject();
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> FetchLogs(const Request& request) {
  if (const std::string_view type = request.params.Text("log_type"); type != "SECURITY_AUDIT") {
    return InvalidArgumentError("log_type: expected SECURITY_AUDIT, found \"" +
                                base::Excerpt(type, kQuoted) + '"');
  }
  TQL_ASSIGN_OR_RETURN(const bool all_orgs, request.params.Bool("get_all_logs", false));
  return LogsAnswer(request, "start_epoch_time_in_millis", "end_epoch_time_in_millis", all_orgs);
}

using enum Family;
using enum Access;
using enum Evidence;

constexpr Endpoint kEndpoints[] = {
    {"POST", "auth/session/login", kV2, kEverybody, nullptr, kClient, "204"},
    {"POST", "auth/session/logout", kV2, kEverybody, nullptr, kClient, "204"},
    {"GET", "auth/session/token", kV2, kSession, nullptr, kClient,
     "the token that the client has sent"},
    {"POST", "auth/token/full", kV2, kEverybody, nullptr, kDocumented,
     "with a password, or with the secret_key of the world"},
    {"POST", "auth/token/custom", kV2, kEverybody, nullptr, kInferred, "as full"},
    {"POST", "auth/token/object", kV2, kEverybody, nullptr, kInferred,
     "as full; needs object_id; the session is not limited to it"},
    {"GET", "auth/session/user", kV2, kSession, SessionUser, kClient, ""},
    {"GET", "system", kV2, kSession, System, kClient, ""},
    {"GET", "system/config-overrides", kV2, kSession, Overrides, kClient, ""},
    {"POST", "users/search", kV2, kSession, SearchUsers, kClient,
     "user_identifier, name_pattern, record_offset, record_size"},
    {"POST", "groups/search", kV2, kSession, SearchGroups, kInferred, "as users/search"},
    {"POST", "metadata/search", kV2, kSession, SearchMetadata, kClient,
     "metadata: type, identifier, name_pattern; also the tables of TQL"},
    {"POST", "connection/search", kV2, kSession, SearchConnections, kInferred, ""},
    {"POST", "orgs/search", kV2, kSession, SearchOrgs, kClient, ""},
    {"POST", "roles/search", kV2, kSession, SearchRoles, kClient, ""},
    {"POST", "logs/fetch", kV2, kAdministrator, FetchLogs, kInferred,
     "log_type SECURITY_AUDIT; as logs/topics of v1"},
    {"GET", "prism/preauth/info", kRoot, kEverybody, Preauth, kClient, "the form is inferred"},
};

}  // namespace

std::span<const Endpoint> V2Endpoints() { return kEndpoints; }

}  // namespace tql::rest
