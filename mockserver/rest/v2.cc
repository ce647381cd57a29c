// The table of the REST API v2.
#include "mockserver/rest/v2_calls.h"

namespace tql::rest::v2 {
namespace {

using service::Evidence;

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
    {"POST", "auth/token/custom", kV2, kEverybody, nullptr, kClient,
     "as full; needs persist_option; the parameters have no effect"},
    {"POST", "auth/token/object", kV2, kEverybody, nullptr, kClient,
     "as full; needs object_id; the session is not limited to it"},
    {"POST", "auth/token/validate", kV2, kSession, nullptr, kClient,
     "401 for a token that has ended"},
    {"POST", "auth/token/revoke", kV2, kSession, nullptr, kClient,
     "204; the token of the body, else that of the call"},
    {"GET", "auth/session/user", kV2, kSession, SessionUser, kClient, ""},
    {"GET", "system", kV2, kSession, System, kClient, ""},
    {"GET", "system/config", kV2, kAdministrator, SystemConfig, kClient, ""},
    {"GET", "system/config-overrides", kV2, kSession, SystemOverrides, kClient, ""},
    {"POST", "system/config-update", kV2, kAdministrator, UpdateSystemConfig, kClient,
     "204; as admin/configinfo/update of v1"},
    {"POST", "users/search", kV2, kSession, SearchUsers, kClient,
     "all conditions besides favorite_metadata"},
    {"POST", "users/create", kV2, kAdministrator, CreateUser, kClient,
     "an object, who cannot log in"},
    {"POST", "users/{id}/update", kV2, kAdministrator, UpdateUser, kClient,
     "204; account_status ACTIVE or INACTIVE"},
    {"POST", "users/{id}/delete", kV2, kAdministrator, DeleteUser, kClient,
     "204; not users who may log in"},
    {"POST", "groups/search", kV2, kSession, SearchGroups, kClient, ""},
    {"POST", "groups/create", kV2, kAdministrator, CreateGroup, kClient, ""},
    {"POST", "groups/{id}/update", kV2, kAdministrator, UpdateGroup, kClient, "204"},
    {"POST", "groups/{id}/delete", kV2, kAdministrator, DeleteGroup, kClient, "204"},
    {"POST", "metadata/search", kV2, kSession, SearchMetadata, kClient,
     "also the tables of TQL; no permissions, dependents and statistics"},
    {"POST", "metadata/delete", kV2, kSession, DeleteMetadata, kClient,
     "204; objects of the world, by their author or an administrator"},
    {"POST", "security/metadata/assign", kV2, kAdministrator, AssignAuthor, kClient, "204"},
    {"POST", "tags/search", kV2, kSession, SearchTags, kClient, ""},
    {"POST", "tags/create", kV2, kAdministrator, CreateTag, kClient, ""},
    {"POST", "tags/{id}/update", kV2, kAdministrator, UpdateTag, kClient, "204"},
    {"POST", "tags/{id}/delete", kV2, kAdministrator, DeleteTag, kClient, "204"},
    {"POST", "tags/assign", kV2, kSession, AssignTag, kClient,
     "204; objects of the world, by their author or an administrator"},
    {"POST", "tags/unassign", kV2, kSession, UnassignTag, kClient, "as assign"},
    {"POST", "connection/search", kV2, kSession, SearchConnections, kClient,
     "without databases and details"},
    {"POST", "orgs/search", kV2, kSession, SearchOrgs, kClient, ""},
    {"POST", "orgs/create", kV2, kAdministrator, CreateOrg, kClient, ""},
    {"POST", "orgs/{id}/update", kV2, kAdministrator, UpdateOrg, kClient, "204"},
    {"POST", "orgs/{id}/delete", kV2, kAdministrator, DeleteOrg, kClient,
     "204; with what belongs to the org alone"},
    {"POST", "roles/search", kV2, kSession, SearchRoles, kClient, ""},
    {"POST", "roles/create", kV2, kAdministrator, CreateRole, kClient, ""},
    {"POST", "roles/{id}/update", kV2, kAdministrator, UpdateRole, kClient, "200"},
    {"POST", "roles/{id}/delete", kV2, kAdministrator, DeleteRole, kClient, "204"},
    {"POST", "logs/fetch", kV2, kAdministrator, FetchLogs, kClient,
     "log_type SECURITY_AUDIT; as logs/topics of v1"},
    {"GET", "prism/preauth/info", kRoot, kEverybody, Preauth, kClient, "the form is inferred"},
};

}  // namespace
}  // namespace tql::rest::v2

namespace tql::rest {

std::span<const Endpoint> V2Endpoints() { return v2::kEndpoints; }

}  // namespace tql::rest
