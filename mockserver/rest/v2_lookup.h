// Identifiers of REST v2, which are ids or names, and the words of its enumerations.
#ifndef TQLKIT_MOCKSERVER_REST_V2_LOOKUP_H_
#define TQLKIT_MOCKSERVER_REST_V2_LOOKUP_H_

#include <string>
#include <string_view>
#include <vector>

#include "mockserver/rest/caller.h"
#include "mockserver/rest/fields.h"
#include "mockserver/world/world.h"
#include "tql/status.h"

namespace tql::rest::v2 {

inline constexpr std::string_view kVisibilitiesV2[] = {"SHARABLE", "NON_SHARABLE"};
inline constexpr std::string_view kAccountTypes[] = {"LOCAL_USER", "LDAP_USER", "SAML_USER",
                                                     "OIDC_USER", "REMOTE_USER"};
inline constexpr std::string_view kAccountStatuses[] = {"ACTIVE", "INACTIVE", "EXPIRED",
                                                        "LOCKED", "PENDING",  "SUSPENDED"};
inline constexpr std::string_view kGroupTypes[] = {"LOCAL_GROUP", "LDAP_GROUP", "TEAM_GROUP",
                                                   "TENANT_GROUP"};
inline constexpr std::string_view kOperations[] = {"ADD", "REMOVE", "REPLACE"};

/// Whether an object is that of an identifier: its id in any case, or its name.
bool IsCalled(const world::Header& header, std::string_view identifier);
bool IsCalled(const worldpb::Org& org, std::string_view identifier);
/// Whether it is that of one of them.
template <typename Object>
bool IsCalledOneOf(const Object& object, const std::vector<std::string>& identifiers) {
  for (const std::string& identifier : identifiers) {
    if (IsCalled(object, identifier)) return true;
  }
  return false;
}

/// Finds an object of the caller's org. INVALID_ARGUMENT, with the name of the field, if there is
/// none.
StatusOr<const world::Header*> FindCalled(const Caller& caller, world::Kind kind,
                                          std::string_view field, std::string_view identifier);
/// The names of the objects of a list of identifiers.
StatusOr<std::vector<std::string>> NamesOf(const Caller& caller, world::Kind kind,
                                           const Fields& fields, std::string_view name);
/// The ids of the objects of a list of identifiers.
StatusOr<std::vector<std::string>> IdsOf(const Caller& caller, world::Kind kind,
                                         const Fields& fields, std::string_view name);
/// The same, of objects of all orgs.
StatusOr<std::vector<std::string>> IdsAnywhere(const world::World& world, world::Kind kind,
                                               const Fields& fields, std::string_view name);
/// Finds an org of any state. INVALID_ARGUMENT for an unknown one.
StatusOr<const worldpb::Org*> FindOrgCalled(const world::World& world, std::string_view field,
                                            std::string_view identifier);
/// The names of the orgs of a list of identifiers.
StatusOr<std::vector<std::string>> OrgNamesOf(const world::World& world, const Fields& fields,
                                              std::string_view name);

/// A type of metadata in both versions: "LIVEBOARD", "PINBOARD_ANSWER_BOOK". Without a v1 type, no
/// object has the type.
struct TypeV2 {
  std::string_view v2;
  std::string_view v1;
};
inline constexpr TypeV2 kTypesV2[] = {
    {"LIVEBOARD", "PINBOARD_ANSWER_BOOK"},
    {"ANSWER", "QUESTION_ANSWER_BOOK"},
    {"LOGICAL_TABLE", "LOGICAL_TABLE"},
    {"LOGICAL_COLUMN", "LOGICAL_COLUMN"},
    {"CONNECTION", "DATA_SOURCE"},
    {"TAG", "TAG"},
    {"USER", "USER"},
    {"USER_GROUP", "USER_GROUP"},
    {"LOGICAL_RELATIONSHIP", ""},
    {"INSIGHT_SPEC", ""},
};
/// The entry of the type of a field, null if it is absent. INVALID_ARGUMENT for an unknown one.
StatusOr<const TypeV2*> FindTypeV2(const Fields& fields, std::string_view name);

}  // namespace tql::rest::v2

#endif  // TQLKIT_MOCKSERVER_REST_V2_LOOKUP_H_
