// The REST API v1 ("callosum").
#include <algorithm>
#include <utility>

#include "mockserver/rest/changes.h"
#include "mockserver/rest/endpoint.h"
#include "mockserver/rest/objects.h"
#include "mockserver/rest/principals.h"
#include "mockserver/rest/session_info.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::rest {
namespace {

using service::Evidence;
using world::Header;
using world::Kind;
using world::World;

constexpr std::size_t kQuoted = 60;

Status NotFound(std::string_view name, std::string_view found) {
  return InvalidArgumentError(std::string(name) + ": found no object \"" +
                              base::Excerpt(found, kQuoted) + '"');
}

// ---- metadata ----------------------------------------------------------------------------------

/// The rows of one page.
struct Slice {
  std::size_t first = 0;
  std::size_t count = 0;
  bool last = true;
};

Slice SliceOf(const Page& page, std::size_t total) {
  const std::size_t first = std::min(page.offset, total);
  const std::size_t count = std::min(page.size, total - first);
  return {.first = first, .count = count, .last = first + count == total};
}

using WriteRow = void (*)(const Row& row, base::JsonWriter& json);

Answer RowsAnswer(std::string head, ObjectsPtr objects, const Slice& slice, std::string tail,
                  WriteRow write) {
  return Streamed(
      std::move(head), slice.count, std::move(tail),
      [objects = std::move(objects), first = slice.first, write](
          std::size_t row, base::JsonWriter& json) { write(objects->rows[first + row], json); });
}

Answer HeadersAnswer(ObjectsPtr objects, const Page& page, WriteRow write) {
  const Slice slice = SliceOf(page, objects->rows.size());
  return RowsAnswer(
      R"({"headers":[)", std::move(objects), slice,
      std::string(R"(],"isLastBatch":)") + (slice.last ? "true" : "false") + R"(,"debugInfo":{}})",
      write);
}

StatusOr<Answer> MetadataList(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Page page, PageOf(request.params, "offset", "batchsize"));
  TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf(request.params.Text("type"), request.caller));
  TQL_RETURN_IF_ERROR(Select(request.params, request.caller, *objects));
  return HeadersAnswer(std::move(objects), page, WriteHeader);
}

StatusOr<Answer> ListObjectHeaders(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Page page, PageOf(request.params, "offset", "batchsize"));
  TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf(request.params.Text("type"), request.caller));
  TQL_RETURN_IF_ERROR(Select(request.params, request.caller, *objects));
  const Slice slice = SliceOf(page, objects->rows.size());
  return RowsAnswer("[", std::move(objects), slice, "]", WriteHeader);
}

StatusOr<const Row*> Storable(const Objects& objects, std::string_view id) {
  const auto row = std::ranges::find_if(objects.rows, [&](const Row& candidate) {
    return base::EqualsIgnoreCase(candidate.header->id, id);
  });
  if (row == objects.rows.end()) return NotFound("id", id);
  return &*row;
}

StatusOr<Answer> MetadataDetails(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const std::vector<std::string> ids, request.params.List("id"));
  if (ids.empty()) return InvalidArgumentError("id: expected a list of guids, found nothing");
  constexpr std::size_t kMostIds = 1000;  // each is searched for
  if (ids.size() > kMostIds) {
    return InvalidArgumentError("id: expected at most " + std::to_string(kMostIds) + " guids");
  }
  TQL_ASSIGN_OR_RETURN(const ObjectsPtr objects,
                       ObjectsOf(request.params.Text("type"), request.caller));
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject().Key("storables").BeginArray();
  for (const std::string& id : ids) {
    TQL_ASSIGN_OR_RETURN(const Row* const row, Storable(*objects, id));
    WriteStorable(*request.caller.world, *row, json);
  }
  json.EndArray().EndObject();
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> MetadataDetail(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const ObjectsPtr objects,
                       ObjectsOf(request.params.Text("type"), request.caller));
  TQL_ASSIGN_OR_RETURN(const Row* const row, Storable(*objects, request.path[0]));
  std::string body;
  base::JsonWriter json(&body);
  WriteStorable(*request.caller.world, *row, json);
  return JsonAnswer(std::move(body));
}

/// The second form of listvizheaders, which is documented without an id.
void WriteShortHeader(const Row& row, base::JsonWriter& json) {
  const Header& header = *row.header;
  json.BeginObject().Key("id").String(header.id).Key("name").String(header.name);
  json.Key("description").String(header.description).Key("author").String(header.author->id());
  json.Key("created").Integer(header.created).Key("modified").Integer(header.modified);
  json.Key("modifiedBy").String(header.author->id()).Key("owner").String(header.id);
  json.Key("isAutoCreated").Bool(false).Key("isAutoDelete").Bool(false).EndObject();
}

StatusOr<Answer> ListVizHeaders(const Request& request) {
  const World& world = *request.caller.world;
  const std::string_view id = request.params.Text("id");
  if (id.empty()) {
    if (request.caller.strict) return InvalidArgumentError("id: expected a guid, found nothing");
    TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf("PINBOARD_ANSWER_BOOK", request.caller));
    const Slice all = SliceOf({}, objects->rows.size());
    return RowsAnswer("[", std::move(objects), all, "]", WriteShortHeader);
  }
  std::string body;
  base::JsonWriter json(&body);
  for (const Kind kind : {Kind::kLiveboard, Kind::kAnswer}) {
    const Header* const found = world.Find(kind, id);
    if (found == nullptr || !request.caller.Sees(*found)) continue;
    WriteVisualizations(world, *found, json);
    return JsonAnswer(std::move(body));
  }
  return NotFound("id", id);
}

// ---- users and groups --------------------------------------------------------------------------

using WritePrincipalOf = void (*)(const World&, const Header&, base::JsonWriter&);

Answer PrincipalsAnswer(ObjectsPtr objects, WritePrincipalOf write) {
  const std::size_t count = objects->rows.size();
  return Streamed("[", count, "]",
                  [objects = std::move(objects), write](std::size_t row, base::JsonWriter& json) {
                    write(*objects->world, *objects->rows[row].header, json);
                  });
}

/// One principal by its id or name, or all.
StatusOr<Answer> Principals(const Request& request, Kind kind, std::string_view id_name,
                            WritePrincipalOf write) {
  const World& world = *request.caller.world;
  const std::string_view id = request.params.Text(id_name);
  const std::string_view name = request.params.Text("name");
  if (id.empty() && name.empty()) {
    TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf(TypeOf(kind), request.caller));
    return PrincipalsAnswer(std::move(objects), write);
  }
  const Header* found = id.empty() ? world.FindName(kind, name) : world.Find(kind, id);
  if (found != nullptr && !request.caller.Sees(*found)) found = nullptr;
  if (found == nullptr && !id.empty()) {
    return InternalError(std::string(id_name) + ": found no object \"" +
                         base::Excerpt(id, kQuoted) + '"');
  }
  if (found == nullptr || (!name.empty() && found->name != name)) return NotFound("name", name);
  std::string body;
  base::JsonWriter json(&body);
  write(world, *found, json);
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> Users(const Request& request) {
  return Principals(request, Kind::kUser, "userid", WriteUser);
}

StatusOr<Answer> Groups(const Request& request) {
  return Principals(request, Kind::kGroup, "groupid", WriteGroup);
}

StatusOr<Answer> UserList(const Request& request) {
  TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf(TypeOf(Kind::kGroup), request.caller));
  TQL_ASSIGN_OR_RETURN(const ObjectsPtr users, ObjectsOf(TypeOf(Kind::kUser), request.caller));
  objects->rows.insert(objects->rows.end(), users->rows.begin(), users->rows.end());
  return PrincipalsAnswer(std::move(objects), WritePrincipal);
}

// ---- connections -------------------------------------------------------------------------------

void WriteConnection(const Row& row, base::JsonWriter& json) {
  json.BeginObject();
  WriteHeaderMembers(row, json);
  json.Key("statistics").BeginObject().Key("dataLoadStatistics").BeginObject();
  json.Key("scheduled").Bool(false).Key("connectionType").String("");
  json.Key("connectionDisplayName").String("").Key("dataLoadStatusList").BeginArray().EndArray();
  json.Key("header").BeginObject().Key("id").String(row.header->id);
  json.Key("name").String(row.header->name).EndObject();
  json.Key("complete").Bool(true).Key("incompleteDetail").BeginArray().EndArray();
  json.EndObject().EndObject().EndObject();
}

StatusOr<Answer> ConnectionList(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Page page, PageOf(request.params, "offset", "batchsize"));
  TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf("DATA_SOURCE", request.caller));
  if (objects->rows.empty()) return InternalError("the cluster has no connections");
  TQL_RETURN_IF_ERROR(Select(request.params, request.caller, *objects));
  return HeadersAnswer(std::move(objects), page, WriteConnection);
}

StatusOr<Answer> ConnectionTypes(const Request& /*request*/) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"RDBMS_SNOWFLAKE", "Snowflake"},
      {"RDBMS_REDSHIFT", "Amazon Redshift"},
      {"RDBMS_GCP_BIGQUERY", "Google BigQuery"},
      {"RDBMS_AZURE_SQL_DATAWAREHOUSE", "Azure Synapse"},
      {"RDBMS_PRESTO", "Presto"},
      {"RDBMS_ORACLE_ADW", "Oracle ADW"},
      {"RDBMS_DATABRICKS", "Databricks"},
      {"RDBMS_SAP_HANA", "SAP HANA"},
  };
  std::string body;
  base::JsonWriter json(&body);
  json.BeginArray();
  for (const auto& [name, display_name] : kTypes) {
    json.BeginObject().Key("name").String(name).Key("displayName").String(display_name);
    json.Key("description").String(display_name).Key("mode").String("PRODUCTION");
    json.Key("beta").Bool(false).Key("enabled").Bool(true).EndObject();
  }
  json.EndArray();
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> ConnectionDetail(const Request& request) {
  const Header* const found = request.caller.world->Find(Kind::kConnection, request.path[0]);
  if (found == nullptr || !request.caller.Sees(*found)) return NotFound("id", request.path[0]);
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject().Key("header");
  WriteHeader({found}, json);
  json.Key("type").String(found->type).EndObject();
  return JsonAnswer(std::move(body));
}

// ---- administration ----------------------------------------------------------------------------

StatusOr<Answer> AdminConfigInfo(const Request& request) {
  return JsonAnswer(ConfigInfo(*request.caller.world));
}

StatusOr<Answer> ConfigOverrides(const Request& request) {
  return JsonAnswer(OverridesJson(*request.caller.world));
}

StatusOr<Answer> Logs(const Request& request) {
  if (request.path[0] != "security_logs") {
    return InvalidArgumentError("topic: expected security_logs, found \"" +
                                base::Excerpt(request.path[0], kQuoted) + '"');
  }
  TQL_ASSIGN_OR_RETURN(const bool all_orgs, request.params.Bool("get_all_logs", false));
  return LogsAnswer(request, "fromEpoch", "toEpoch", all_orgs);
}

// ---- sessions ----------------------------------------------------------------------------------

StatusOr<Answer> Info(const Request& request) { return JsonAnswer(SessionInfo(request.caller)); }

StatusOr<Answer> IsActive(const Request& /*request*/) {
  Answer answer;
  answer.status = 204;
  answer.content_type.clear();
  return answer;
}

/// The active orgs of a user.
StatusOr<Answer> OrgsOf(const Request& request, const Header& user) {
  TQL_ASSIGN_OR_RETURN(const Page page, PageOf(request.params, "offset", "batchsize"));
  const World& world = *request.caller.world;
  const bool administrator = world.MembershipOf(user).is_administrator();
  std::vector<const worldpb::Org*> orgs;
  for (const worldpb::Org& org : world.message().org()) {
    if (!org.inactive() && (administrator || user.BelongsTo(org))) orgs.push_back(&org);
  }
  const Slice slice = SliceOf(page, orgs.size());
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject().Key("orgs").BeginArray();
  for (std::size_t i = slice.first; i < slice.first + slice.count; ++i) {
    json.BeginObject().Key("orgId").Integer(orgs[i]->id()).Key("orgName").String(orgs[i]->name());
    json.Key("description").String(orgs[i]->description());
    json.Key("allUserGroupId").String(world.FindName(Kind::kGroup, "All")->id);
    json.Key("defaultAdminUserGroupId").String(world.FindName(Kind::kGroup, "Administrator")->id);
    json.Key("isActive").Bool(true).EndObject();
  }
  json.EndArray().Key("canAdministerAllOrgs").Bool(administrator);
  json.Key("currentOrgId").Integer(request.caller.org().id()).EndObject();
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> Orgs(const Request& request) { return OrgsOf(request, *request.caller.user); }

StatusOr<Answer> UserOrgs(const Request& request) {
  const Header* const user = request.caller.world->Find(Kind::kUser, request.path[0]);
  if (user == nullptr) return NotFound("id", request.path[0]);
  if (user != request.caller.user && !request.caller.membership().is_administrator()) {
    return PermissionDeniedError("another user's orgs need the privilege ADMINISTRATION");
  }
  return OrgsOf(request, *user);
}

using enum Family;
using enum Access;
using enum Evidence;

constexpr Endpoint kEndpoints[] = {
    {"POST", "session/login", kPublic, kEverybody, nullptr, kDocumented,
     "204; a form or a JSON object"},
    {"POST", "session/login", kPrivate, kEverybody, nullptr, kDocumented,
     "200 with the session information"},
    {"POST", "session/logout", kBoth, kEverybody, nullptr, kDocumented, "204"},
    {"POST", "session/auth/token", kPublic, kEverybody, nullptr, kDocumented,
     "text/plain; with the secret_key of the world, else 500"},
    {"GET", "session/login/token", kBoth, kEverybody, nullptr, kDocumented,
     "302, or 204 with no_url_redirection"},
    {"POST", "session/login/token", kBoth, kEverybody, nullptr, kClient, "as GET"},
    {"GET", "session/info", kBoth, kSession, Info, kDocumented, ""},
    {"GET", "session/isactive", kBoth, kSession, IsActive, kClient, "204 while logged in"},
    {"GET", "session/isActive", kBoth, kSession, IsActive, kClient, "as isactive"},
    {"GET", "session/orgs", kBoth, kSession, Orgs, kDocumented,
     "the active orgs of the user, of administrators all"},
    {"PUT", "session/orgs", kBoth, kSession, nullptr, kDocumented, "orgid; 204"},
    {"GET", "session/orgs/users/{id}", kBoth, kSession, UserOrgs, kDocumented,
     "orgs of all scopes, with and without orgScope=ALL"},
    {"GET", "session/homepinboard", kPublic, kSession, HomeLiveboard, kDocumented,
     "text/plain: a guid, or nothing"},
    {"POST", "session/homepinboard", kPublic, kSession, SetHomeLiveboard, kDocumented,
     "204; for another user only by administrators"},
    {"DELETE", "session/homepinboard", kPublic, kSession, RemoveHomeLiveboard, kDocumented, "200"},
    {"POST", "session/user/deleteusers", kPrivate, kAdministrator, DeleteUsers, kClient,
     "ids; 204; not users who may log in"},
    {"POST", "session/group/deletegroups", kPrivate, kAdministrator, DeleteGroups, kClient,
     "ids; 204"},
    {"GET", "metadata/listvizheaders", kPublic, kSession, ListVizHeaders, kDocumented,
     "without an id: the headers of all Liveboards; with --rest-strict 400"},
    {"GET", "metadata/list", kPublic, kSession, MetadataList, kDocumented,
     "also the tables of TQL, as LOGICAL_TABLE"},
    {"GET", "metadata/listobjectheaders", kPublic, kSession, ListObjectHeaders, kDocumented, ""},
    {"GET", "metadata/details", kPublic, kSession, MetadataDetails, kClient,
     "headers, data sources and columns"},
    {"GET", "metadata/detail/{id}", kPrivate, kSession, MetadataDetail, kClient,
     "one object of details, without storables"},
    {"GET", "user", kPublic, kSession, Users, kDocumented, "one user by userid or name, else all"},
    {"POST", "user", kPublic, kAdministrator, CreateUser, kDocumented,
     "the user as GET returns it; passwords are not kept"},
    {"PUT", "user/{userid}", kPublic, kAdministrator, UpdateUser, kDocumented, "content; 204"},
    {"DELETE", "user/{userid}", kPublic, kAdministrator, DeleteUser, kDocumented,
     "204; not users who may log in"},
    {"PUT", "user/email", kPublic, kAdministrator, UpdateMail, kDocumented, "204"},
    {"POST", "user/sync", kPublic, kAdministrator, SyncPrincipals, kDocumented,
     "a form; deletes who is not listed unless removeDeleted is false"},
    {"POST", "user/transfer/ownership", kPublic, kAdministrator, TransferOwnership, kDocumented,
     "204; all objects, or those of objectsID"},
    {"GET", "user/list", kPublic, kSession, UserList, kDocumented, "users and groups"},
    {"GET", "group", kPublic, kSession, Groups, kDocumented, "as user"},
    {"POST", "group/addprivilege", kPublic, kAdministrator, AddPrivilege, kClient,
     "204, as user_tools requires; documented as 200 with the groups"},
    {"POST", "group/removeprivilege", kPublic, kAdministrator, RemovePrivilege, kDocumented, "204"},
    {"GET", "connection/list", kPublic, kSession, ConnectionList, kDocumented,
     "500 without any connection"},
    {"GET", "connection/types", kPublic, kSession, ConnectionTypes, kDocumented, ""},
    {"GET", "connection/detail/{id}", kPrivate, kSession, ConnectionDetail, kClient,
     "the form is inferred"},
    {"GET", "admin/configinfo", kPublic, kAdministrator, AdminConfigInfo, kDocumented,
     "401 for users who are not administrators", 401},
    {"GET", "admin/configinfo/overrides", kPublic, kAdministrator, ConfigOverrides, kDocumented,
     "as configinfo", 401},
    {"POST", "admin/configinfo/update", kPublic, kAdministrator, UpdateConfig, kDocumented,
     "configchanges; 204", 401},
    {"GET", "logs/topics/{topic}", kPublic, kAdministrator, Logs, kDocumented,
     "security_logs: the logins and changes of tables of the last 24 hours"},
};

}  // namespace

std::span<const Endpoint> V1Endpoints() { return kEndpoints; }

}  // namespace tql::rest
