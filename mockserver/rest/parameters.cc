#include "mockserver/rest/parameters.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace tql::rest {
namespace {

using enum service::Evidence;
using enum service::Support;

/// Parameters of all endpoints with this method and path, or with this path alone.
struct Row {
  std::string_view method;  // empty: any
  std::string_view path;    // as in Endpoint
  service::Support support;
  service::Evidence evidence;
  std::string_view names;  // separated by blanks
};

constexpr Row kRows[] = {
    // v1: the developer documentation, and what clients send beyond it.
    {"", "session/login", kWorks, kDocumented, "username password rememberme"},
    {"", "session/login", kWorks, kInferred, "orgid"},
    {"", "session/login", kNoEffect, kClient, "disableSAMLAutoRedirect"},
    {"", "session/auth/token", kWorks, kDocumented,
     "secret_key username access_level id orgid groups autocreate email display_name"},
    {"", "session/auth/token", kNoEffect, kDocumented, "jwt_user_options"},
    {"", "session/login/token", kWorks, kDocumented,
     "username auth_token redirect_url no_url_redirection"},
    {"", "session/login/token", kWorks, kInferred, "orgid"},
    {"GET", "session/orgs", kWorks, kDocumented, "offset batchsize"},
    {"PUT", "session/orgs", kWorks, kDocumented, "orgid"},
    {"", "session/orgs/users/{id}", kNoEffect, kDocumented, "orgScope"},
    {"POST", "session/homepinboard", kWorks, kInferred, "id userid"},
    {"", "session/user/deleteusers", kWorks, kClient, "ids"},
    {"", "session/group/deletegroups", kWorks, kClient, "ids"},
    {"", "metadata/listvizheaders", kWorks, kDocumented, "id"},
    {"", "metadata/list", kWorks, kDocumented,
     "type subtypes category sort sortascending offset batchsize tagname pattern showhidden "
     "skipids "
     "fetchids auto_created authorguid"},
    {"", "metadata/list", kNoEffect, kDocumented, "ownertypes"},
    {"", "metadata/list", kWorks, kClient, "author_guid"},
    {"", "metadata/listobjectheaders", kWorks, kDocumented,
     "type subtypes category sort sortascending offset batchsize tagname pattern showhidden "
     "skipids "
     "fetchids auto_created authorguid"},
    {"", "metadata/listobjectheaders", kNoEffect, kDocumented, "ownertypes"},
    {"", "metadata/listobjectheaders", kWorks, kClient, "author_guid"},
    {"", "metadata/details", kWorks, kClient, "type id"},
    {"", "metadata/detail/{id}", kWorks, kClient, "type"},
    {"GET", "user", kWorks, kDocumented, "userid name"},
    {"POST", "user", kWorks, kDocumented,
     "name password displayname properties groups usertype visibility orgids triggeredbyadmin"},
    {"PUT", "user/{userid}", kWorks, kDocumented, "content triggeredbyadmin"},
    {"PUT", "user/{userid}", kNoEffect, kDocumented, "password"},
    {"PUT", "user/email", kWorks, kDocumented, "userid emailid"},
    {"POST", "user/sync", kWorks, kDocumented,
     "principals applyChanges removeDeleted orgScope password"},
    {"POST", "user/transfer/ownership", kWorks, kDocumented, "fromUserName toUserName objectsID"},
    {"", "group", kWorks, kDocumented, "groupid name"},
    {"", "group/addprivilege", kWorks, kDocumented, "privilege groupNames"},
    {"", "group/removeprivilege", kWorks, kDocumented, "privilege groupNames"},
    {"", "connection/list", kWorks, kDocumented,
     "category sort sortascending offset batchsize tagname pattern"},
    {"", "admin/configinfo/update", kWorks, kDocumented, "configchanges"},
    {"", "logs/topics/{topic}", kWorks, kDocumented, "fromEpoch toEpoch get_all_logs"},
    // v2: the vendor's specification, from which its libraries are generated.
    {"", "auth/session/login", kWorks, kDocumented, "username password org_identifier remember_me"},
    {"", "auth/session/login", kNoEffect, kDocumented, "redirect_url no_url_redirection"},
    {"", "auth/token/full", kWorks, kDocumented,
     "username password secret_key org_id email display_name auto_create group_identifiers"},
    {"", "auth/token/full", kNoEffect, kDocumented,
     "validity_time_in_sec jwt_user_options user_parameters"},
    {"", "auth/token/custom", kWorks, kDocumented,
     "username password secret_key org_identifier persist_option email display_name auto_create "
     "groups"},
    {"", "auth/token/custom", kNoEffect, kDocumented,
     "validity_time_in_sec filter_rules parameter_values variable_values objects"},
    {"", "auth/token/object", kWorks, kDocumented, "username object_id password secret_key org_id"},
    {"", "auth/token/object", kNoEffect, kDocumented,
     "validity_time_in_sec email display_name auto_create group_identifiers user_parameters"},
    {"", "auth/token/validate", kWorks, kDocumented, "token"},
    {"", "auth/token/revoke", kWorks, kDocumented, "user_identifier token"},
    {"", "system/config-update", kWorks, kDocumented, "configuration"},
    {"", "users/search", kWorks, kDocumented,
     "user_identifier name_pattern display_name visibility email group_identifiers privileges "
     "account_type account_status notify_on_share show_onboarding_experience "
     "onboarding_experience_completed org_identifiers home_liveboard_identifier sort_options "
     "role_identifiers record_offset record_size"},
    {"", "users/search", kNoEffect, kDocumented,
     "favorite_metadata include_favorite_metadata include_variable_values"},
    {"", "users/create", kWorks, kDocumented,
     "name display_name email password account_type account_status visibility group_identifiers "
     "org_identifiers home_liveboard_identifier"},
    {"", "users/create", kNoEffect, kDocumented,
     "notify_on_share show_onboarding_experience onboarding_experience_completed "
     "favorite_metadata trigger_welcome_email trigger_activation_email preferred_locale "
     "use_browser_language extended_properties extended_preferences"},
    {"", "users/{id}/update", kWorks, kDocumented,
     "name display_name email account_type account_status visibility group_identifiers "
     "org_identifiers home_liveboard_identifier operation"},
    {"", "users/{id}/update", kNoEffect, kDocumented,
     "notify_on_share show_onboarding_experience onboarding_experience_completed "
     "favorite_metadata preferred_locale use_browser_language extended_properties "
     "extended_preferences"},
    {"", "groups/search", kWorks, kDocumented,
     "group_identifier name_pattern default_liveboard_identifiers description display_name "
     "org_identifiers privileges sub_group_identifiers type user_identifiers visibility "
     "role_identifiers sort_options include_users include_sub_groups record_offset record_size"},
    {"", "groups/create", kWorks, kDocumented,
     "name display_name default_liveboard_identifiers description privileges "
     "sub_group_identifiers type user_identifiers visibility role_identifiers"},
    {"", "groups/{id}/update", kWorks, kDocumented,
     "name display_name default_liveboard_identifiers description privileges "
     "sub_group_identifiers type user_identifiers visibility role_identifiers operation"},
    {"", "metadata/search", kWorks, kDocumented,
     "metadata created_by_user_identifiers exclude_objects include_details include_headers "
     "include_hidden_objects include_visualization_headers modified_by_user_identifiers "
     "sort_options tag_identifiers record_offset record_size"},
    {"", "metadata/search", kNoEffect, kDocumented,
     "permissions dependent_object_version favorite_object_options include_auto_created_objects "
     "include_dependent_objects dependent_objects_record_size dependent_objects_record_offset "
     "include_personalised_views include_incomplete_objects include_worksheet_search_assist_data "
     "include_stats include_discoverable_objects show_resolved_parameters "
     "liveboard_response_version include_only_published_objects"},
    {"", "metadata/delete", kWorks, kDocumented, "metadata"},
    {"", "metadata/delete", kNoEffect, kDocumented, "delete_disabled_objects"},
    {"", "security/metadata/assign", kWorks, kDocumented,
     "metadata user_identifier current_owner_identifier"},
    {"", "tags/search", kWorks, kDocumented, "tag_identifier name_pattern color"},
    {"", "tags/create", kWorks, kDocumented, "name color"},
    {"", "tags/{id}/update", kWorks, kDocumented, "name color"},
    {"", "tags/assign", kWorks, kDocumented, "metadata tag_identifiers"},
    {"", "tags/unassign", kWorks, kDocumented, "metadata tag_identifiers"},
    {"", "connection/search", kWorks, kDocumented,
     "connections data_warehouse_types tag_identifiers sort_options record_offset record_size"},
    {"", "connection/search", kNoEffect, kDocumented,
     "data_warehouse_object_type include_details configuration authentication_type "
     "show_resolved_parameters"},
    {"", "orgs/search", kWorks, kDocumented,
     "org_identifier description visibility status user_identifiers"},
    {"", "orgs/search", kWorks, kInferred, "record_offset record_size"},
    {"", "orgs/create", kWorks, kDocumented, "name description"},
    {"", "orgs/{id}/update", kWorks, kDocumented,
     "name description user_identifiers group_identifiers operation"},
    {"", "roles/search", kWorks, kDocumented,
     "role_identifiers org_identifiers group_identifiers privileges permissions"},
    {"", "roles/search", kNoEffect, kDocumented, "deprecated external shared_via_connection"},
    {"", "roles/create", kWorks, kDocumented, "name description privileges"},
    {"", "roles/create", kNoEffect, kDocumented, "read_only"},
    {"", "roles/{id}/update", kWorks, kDocumented, "name description privileges"},
    {"", "logs/fetch", kWorks, kDocumented,
     "log_type start_epoch_time_in_millis end_epoch_time_in_millis get_all_logs"},
};

}  // namespace

std::vector<service::ParameterCoverage> ParametersOf(const Endpoint& endpoint) {
  std::vector<service::ParameterCoverage> parameters;
  for (const Row& row : kRows) {
    if (row.path != endpoint.path) continue;
    if (!row.method.empty() && row.method != endpoint.method) continue;
    std::string_view rest = row.names;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      parameters.push_back({rest.substr(0, end), row.support, row.evidence, ""});
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return parameters;
}

std::vector<service::ParameterCoverage> KnownParameters(const Endpoint& endpoint,
                                                        const Params& params) {
  std::vector<service::ParameterCoverage> used;
  std::ranges::copy_if(
      ParametersOf(endpoint), std::back_inserter(used),
      [&](const service::ParameterCoverage& row) { return params.Find(row.name) != nullptr; });
  return used;
}

std::vector<std::string> UnknownParameters(const Endpoint& endpoint, const Params& params) {
  const std::vector<service::ParameterCoverage> known = ParametersOf(endpoint);
  std::vector<std::string> unknown;
  for (const std::string_view name : params.Names()) {
    const bool is_known =
        std::ranges::find(known, name, &service::ParameterCoverage::name) != known.end();
    if (!is_known && std::ranges::find(unknown, name) == unknown.end()) unknown.emplace_back(name);
  }
  return unknown;
}

}  // namespace tql::rest
