// The calls of REST v2 about the system and the session.
#include <algorithm>

#include "mockserver/rest/config_changes.h"
#include "mockserver/rest/objects.h"
#include "mockserver/rest/v2_calls.h"
#include "mockserver/rest/v2_edits.h"
#include "mockserver/rest/v2_objects.h"
#include "mockserver/space/name_guid.h"
#include "proto/base/status_macros.h"
#include "proto/base/utf8.h"
#include "proto/document/document.h"

namespace tql::rest::v2 {
namespace {

using world::Header;
using world::Kind;
using world::World;

constexpr std::size_t kQuoted = 60;

/// The value of a key of a map, or null.
const document::Node* Member(const document::Node& map, std::string_view key) {
  const auto found =
      std::ranges::find_if(map.entries, [&](const auto& entry) { return entry.key.text == key; });
  return found == map.entries.end() ? nullptr : &found->value;
}

}  // namespace

StatusOr<Answer> SessionUser(const Request& request) {
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject();
  WriteUserMembersV2(*request.caller.world, *request.caller.user, json);
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
  const auto group = [&](std::string_view name) -> const std::string& {
    return world.FindName(Kind::kGroup, name)->id;
  };
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject().Key("id").String(cluster.id()).Key("name").String(cluster.name());
  json.Key("release_version").String(cluster.release_version());
  json.Key("time_zone").String(cluster.time_zone()).Key("locale").String(cluster.locale());
  json.Key("date_format").String("yyyy-MM-dd").Key("time_format").String("HH:mm:ss");
  json.Key("date_time_format").String("yyyy-MM-dd HH:mm:ss").Key("api_version").String("v2");
  json.Key("type").String(cluster.saas() ? "SAAS" : "SOFTWARE");
  json.Key("environment").String("PROD").Key("license").String("ENTERPRISE");
  json.Key("tsadmin_user_id").String(admin != nullptr ? admin->id : super_user);
  json.Key("system_user_id").String(world.FindName(Kind::kUser, "system")->id);
  json.Key("super_user_id").String(super_user);
  json.Key("system_group_id").String(group("System"));
  json.Key("admin_group_id").String(group("Administrator"));
  json.Key("all_user_group_id").String(group("All"));
  json.Key("all_user_group_member_user_count")
      .Integer(static_cast<std::int64_t>(world.All(Kind::kUser).size()));
  json.Key("hidden_object_id").String(space::NameGuid("hidden object", cluster.id()));
  json.Key("all_tables_connection_id").String(cluster.id());
  json.Key("accept_language").Raw("null").Key("logical_model_version").Integer(1).EndObject();
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> SystemConfig(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const document::Node info,
                       document::ParseJson(ConfigInfo(*request.caller.world)));
  const auto is_enabled = [&](std::string_view section) {
    const document::Node* const found = Member(info, section);
    const document::Node* const flag = found == nullptr ? nullptr : Member(*found, "isEnabled");
    return flag != nullptr && flag->text == "true";
  };
  const document::Node* const url = Member(info, "onboardingContentUrl");
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject().Key("onboarding_content_url");
  json.String(url == nullptr ? std::string_view() : std::string_view(url->text));
  json.Key("saml_enabled").Bool(is_enabled("samlConfiguration"));
  json.Key("okta_enabled").Bool(false).EndObject();
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> SystemOverrides(const Request& request) {
  return JsonAnswer(R"({"config_override_info":)" + OverridesJson(*request.caller.world) + "}");
}

StatusOr<Answer> UpdateSystemConfig(const Request& request) {
  constexpr std::string_view kOfV1 = "configchanges: ";
  const std::string_view changes = request.params.Text("configuration");
  const Status changed = ChangeWorld(request, [&](worldpb::World& message) {
    return ApplyConfigChanges(changes, message.mutable_config());
  });
  if (changed.ok()) return NoContent();
  std::string_view reason = changed.message();
  if (reason.starts_with(kOfV1)) reason.remove_prefix(kOfV1.size());
  return Status(changed.code(), "configuration: " + std::string(reason));
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
  TQL_ASSIGN_OR_RETURN(const bool everything, request.params.Bool("get_all_logs", false));
  return LogsAnswer(request, "start_epoch_time_in_millis", "end_epoch_time_in_millis", everything);
}

}  // namespace tql::rest::v2
