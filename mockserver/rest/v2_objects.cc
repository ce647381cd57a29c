#include "mockserver/rest/v2_objects.h"

#include <algorithm>
#include <utility>

#include "mockserver/rest/session_info.h"

namespace tql::rest::v2 {
namespace {

using world::Header;
using world::Kind;
using world::World;

void Null(base::JsonWriter& json, std::string_view key) { json.Key(key).Raw("null"); }

void WriteReference(std::string_view id, std::string_view name, base::JsonWriter& json) {
  json.BeginObject().Key("id").String(id).Key("name").String(name).EndObject();
}

void WriteReferences(std::string_view key, const std::vector<const Header*>& headers,
                     base::JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const Header* const header : headers) WriteReference(header->id, header->name, json);
  json.EndArray();
}

/// Ids of orgs are numbers, but texts in the references of groups and roles.
void WriteOrgs(const World& world, const Header& header, bool texts, base::JsonWriter& json) {
  json.Key("orgs").BeginArray();
  for (const worldpb::Org& org : world.message().org()) {
    if (!header.BelongsTo(org)) continue;
    json.BeginObject().Key("id");
    texts ? json.String(std::to_string(org.id())) : json.Integer(org.id());
    json.Key("name").String(org.name()).EndObject();
  }
  json.EndArray();
}

template <typename Texts>
void WriteTexts(std::string_view key, const Texts& texts, base::JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

void WriteTags(const Header& header, base::JsonWriter& json) {
  json.Key("tags").BeginArray();
  for (const worldpb::Tag* const tag : header.tags) WriteReference(tag->id(), tag->name(), json);
  json.EndArray();
}

void WriteStates(base::JsonWriter& json) {
  json.Key("deleted").Bool(false).Key("deprecated").Bool(false);
  json.Key("external").Bool(false).Key("hidden").Bool(false);
}

void WriteTimes(const Header& header, base::JsonWriter& json) {
  json.Key("creation_time_in_millis").Integer(header.created);
  json.Key("modification_time_in_millis").Integer(header.modified);
  json.Key("author_id").String(header.author->id());
  json.Key("modifier_id").String(header.author->id());
}

void WriteLiveboard(const World& world, std::string_view id, base::JsonWriter& json) {
  const Header* const liveboard = world.Find(Kind::kLiveboard, id);
  liveboard == nullptr ? json.Raw("null"), void() : WriteReference(id, liveboard->name, json);
}

std::vector<const Header*> GroupsOf(const World& world, const std::vector<std::size_t>& groups) {
  std::vector<const Header*> headers;
  for (const std::size_t group : groups) headers.push_back(&world.All(Kind::kGroup)[group]);
  return headers;
}

/// The types of warehouses of v1 with those of v2, where more than the prefix differs.
constexpr std::pair<std::string_view, std::string_view> kWarehouses[] = {
    {"RDBMS_REDSHIFT", "AMAZON_REDSHIFT"},
    {"RDBMS_GCP_BIGQUERY", "GOOGLE_BIGQUERY"},
    {"RDBMS_AZURE_SQL_DATAWAREHOUSE", "AZURE_SYNAPSE"},
    {"DEFAULT", "FALCON"},
};

}  // namespace

GroupMembers::GroupMembers(const World& world) {
  users.resize(world.All(Kind::kGroup).size());
  groups.resize(users.size());
  const auto add = [&](Kind kind, auto& members) {
    for (const Header& header : world.All(kind)) {
      for (const std::size_t group : world.MembershipOf(header).direct) {
        members[group].push_back(&header);
      }
    }
  };
  add(Kind::kUser, users);
  add(Kind::kGroup, groups);
}

std::string_view VisibilityToV2(std::string_view visibility) {
  return visibility == "DEFAULT" ? "SHARABLE" : visibility;
}

std::string_view VisibilityFromV2(std::string_view visibility) {
  return visibility == "SHARABLE" ? "DEFAULT" : visibility;
}

std::string_view WarehouseToV2(std::string_view type) {
  const auto* const found =
      std::ranges::find(kWarehouses, type, [](auto& pair) { return pair.first; });
  if (found != std::end(kWarehouses)) return found->second;
  constexpr std::string_view kPrefix = "RDBMS_";
  return type.starts_with(kPrefix) ? type.substr(kPrefix.size()) : type;
}

void WriteUserMembersV2(const World& world, const Header& header, base::JsonWriter& json) {
  const worldpb::User& user = world.message().user(static_cast<int>(header.index));
  const world::Membership& membership = world.MembershipOf(header);
  json.Key("id").String(header.id).Key("name").String(header.name);
  json.Key("display_name").String(header.display_name);
  json.Key("visibility").String(VisibilityToV2(user.visibility()));
  json.Key("can_change_password").Bool(false).Key("complete_detail").Bool(true);
  json.Key("account_type").String(header.type);
  json.Key("account_status").String(user.inactive() ? "INACTIVE" : "ACTIVE");
  json.Key("email").String(MailOf(user)).Key("expiration_time_in_millis").Integer(-1);
  json.Key("favorite_metadata").BeginArray().EndArray();
  json.Key("first_login_time_in_millis").Integer(-1).Key("group_mask").Integer(0);
  json.Key("home_liveboard");
  WriteLiveboard(world, user.home_liveboard(), json);
  json.Key("incomplete_details").BeginArray().EndArray().Key("is_first_login").Bool(false);
  json.Key("notify_on_share").Bool(true).Key("onboarding_experience_completed").Bool(false);
  json.Key("show_onboarding_experience").Bool(true);
  WriteOrgs(world, header, false, json);
  json.Key("owner_id").String(header.id).Key("parent_type").String("USER");
  WriteTexts("privileges", membership.privileges, json);
  json.Key("super_user").Bool(membership.is_administrator());
  json.Key("system_user").Bool(IsSystem(header));
  json.Key("tenant_id").String(world.message().cluster().id());
  WriteReferences("user_groups", GroupsOf(world, membership.direct), json);
  WriteReferences("user_inherited_groups", GroupsOf(world, membership.all), json);
  json.Key("welcome_email_sent").Bool(false);
  Null(json, "org_privileges");
  Null(json, "preferred_locale");
  json.Key("use_browser_language").Bool(true);
  json.Key("extended_properties").Raw("{}").Key("extended_preferences").Raw("{}");
  for (const std::string_view key :
       {"user_parameters", "access_control_properties", "variable_values"}) {
    Null(json, key);
  }
  WriteTags(header, json);
  WriteStates(json);
  WriteTimes(header, json);
}

void WriteUserV2(const World& world, const Header& user, base::JsonWriter& json) {
  json.BeginObject();
  WriteUserMembersV2(world, user, json);
  Null(json, "current_org");
  json.EndObject();
}

void WriteGroupV2(const World& world, const Header& header, const GroupMembers& members,
                  GroupParts parts, base::JsonWriter& json) {
  const worldpb::Group& group = world.message().group(static_cast<int>(header.index));
  json.BeginObject().Key("id").String(header.id).Key("name").String(header.name);
  json.Key("display_name").String(header.display_name);
  json.Key("description").String(header.description);
  json.Key("visibility").String(VisibilityToV2(group.visibility()));
  json.Key("type").String(header.type).Key("parent_type").String("GROUP");
  json.Key("complete_detail").Bool(true).Key("content").Raw("{}");
  json.Key("generation_number").Integer(1).Key("index").Integer(0);
  json.Key("index_version").Integer(1).Key("metadata_version").Integer(1);
  json.Key("owner_id").String(header.id).Key("system_group").Bool(IsSystem(header));
  json.Key("default_liveboards").BeginArray();
  for (const std::string& id : group.default_liveboard()) WriteLiveboard(world, id, json);
  json.EndArray().Key("roles").BeginArray();
  for (const std::string& role : group.role()) {
    WriteReference(world.FindName(Kind::kRole, role)->id, role, json);
  }
  json.EndArray();
  const std::vector<const Header*> none;
  WriteReferences("users", parts.users ? members.users[header.index] : none, json);
  WriteReferences("sub_groups", parts.groups ? members.groups[header.index] : none, json);
  WriteTexts("privileges", group.privilege(), json);
  WriteOrgs(world, header, true, json);
  WriteTags(header, json);
  WriteStates(json);
  WriteTimes(header, json);
  json.EndObject();
}

void WriteTagV2(const World& world, const Header& header, base::JsonWriter& json) {
  const worldpb::Tag& tag = world.message().tag(static_cast<int>(header.index));
  json.BeginObject().Key("id").String(header.id).Key("name").String(header.name);
  json.Key("color");
  tag.color().empty() ? json.Raw("null") : json.String(tag.color());
  json.Key("owner_id").String(header.id);
  WriteStates(json);
  WriteTimes(header, json);
  json.EndObject();
}

void WriteRoleV2(const World& world, const Header& header, base::JsonWriter& json) {
  const worldpb::Role& role = world.message().role(static_cast<int>(header.index));
  json.BeginObject().Key("id").String(header.id).Key("name").String(header.name);
  json.Key("description").String(header.description);
  std::vector<const Header*> groups;
  for (const Header& group : world.All(Kind::kGroup)) {
    const auto& roles = world.message().group(static_cast<int>(group.index)).role();
    if (std::ranges::find(roles, header.name) != roles.end()) groups.push_back(&group);
  }
  json.Key("groups_assigned_count").Integer(static_cast<std::int64_t>(groups.size()));
  WriteOrgs(world, header, true, json);
  WriteReferences("groups", groups, json);
  WriteTexts("privileges", role.privilege(), json);
  json.Key("permission").String("MODIFY");
  const std::string& system = world.FindName(Kind::kUser, "system")->id;
  json.Key("author_id").String(system).Key("modifier_id").String(system);
  json.Key("creation_time_in_millis").Integer(header.created);
  json.Key("modification_time_in_millis").Integer(header.modified);
  WriteStates(json);
  json.Key("shared_via_connection").Bool(false).EndObject();
}

void WriteOrgV2(const worldpb::Org& org, base::JsonWriter& json) {
  json.BeginObject().Key("id").Integer(org.id()).Key("name").String(org.name());
  json.Key("status").String(org.inactive() ? "IN_ACTIVE" : "ACTIVE");
  json.Key("description").String(org.description()).Key("visibility").String("SHOW").EndObject();
}

}  // namespace tql::rest::v2
