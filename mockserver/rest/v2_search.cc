// The searches of REST v2, besides that for metadata.
#include <algorithm>
#include <utility>

#include "mockserver/rest/fields.h"
#include "mockserver/rest/objects.h"
#include "mockserver/rest/session_info.h"
#include "mockserver/rest/v2_calls.h"
#include "mockserver/rest/v2_lookup.h"
#include "mockserver/rest/v2_objects.h"
#include "mockserver/rest/v2_page.h"
#include "mockserver/world/privileges.h"
#include "proto/base/status_macros.h"

namespace tql::rest::v2 {
namespace {

using world::Header;
using world::Kind;
using world::Membership;
using world::World;

/// What keeps a row of a search; all of them must.
class Filters {
 public:
  explicit Filters(const Fields& fields) : fields_(fields) {}

  /// Adds a condition if the text is present.
  template <typename Keep>
  Status Text(std::string_view name, Keep keep) {
    TQL_ASSIGN_OR_RETURN(std::string text, fields_.Text(name));
    if (!text.empty()) {
      keeps_.push_back([text = std::move(text), keep](const Header& h) { return keep(h, text); });
    }
    return Status();
  }
  template <typename Keep>
  Status Word(std::string_view name, std::span<const std::string_view> words, Keep keep) {
    TQL_RETURN_IF_ERROR(fields_.Word(name, words).status());
    return Text(name, keep);
  }
  /// Adds a condition if the list is present and not empty.
  template <typename Keep>
  Status Texts(std::string_view name, Keep keep) {
    TQL_ASSIGN_OR_RETURN(std::vector<std::string> texts, fields_.Texts(name));
    if (!texts.empty()) {
      keeps_.push_back(
          [texts = std::move(texts), keep](const Header& h) { return keep(h, texts); });
    }
    return Status();
  }
  template <typename Value>
  Status Flag(std::string_view name, Value value) {
    TQL_ASSIGN_OR_RETURN(const std::optional<bool> flag, fields_.Flag(name));
    if (flag) {
      keeps_.push_back([flag = *flag, value](const Header& h) { return value(h) == flag; });
    }
    return Status();
  }

  void Apply(Objects& objects) const {
    Filter(objects, [&](const Row& row) {
      return std::ranges::all_of(keeps_, [&](const auto& keep) { return keep(*row.header); });
    });
  }

 private:
  const Fields& fields_;
  std::vector<std::function<bool(const Header&)>> keeps_;
};

bool IsOneOf(std::string_view text, const std::vector<std::string>& texts) {
  return std::ranges::find(texts, text) != texts.end();
}

bool IsInGroups(const World& world, const std::vector<std::size_t>& groups,
                const std::vector<std::string>& identifiers) {
  return std::ranges::any_of(groups, [&](std::size_t group) {
    return IsCalledOneOf(world.All(Kind::kGroup)[group], identifiers);
  });
}

bool IsInOrgs(const World& world, const Header& header, const std::vector<std::string>& orgs) {
  return std::ranges::any_of(world.message().org(), [&](const worldpb::Org& org) {
    return header.BelongsTo(org) && IsCalledOneOf(org, orgs);
  });
}

template <typename List>
bool HasOneOf(const List& list, const std::vector<std::string>& wanted) {
  return std::ranges::any_of(list, [&](const std::string& text) { return IsOneOf(text, wanted); });
}

/// The filters that searches for users and groups have in common.
Status AddPrincipalFilters(const World& world, const Fields& fields, std::string_view identifier,
                           Filters& filters) {
  TQL_RETURN_IF_ERROR(filters.Text(
      identifier, [](const Header& header, auto& text) { return IsCalled(header, text); }));
  TQL_RETURN_IF_ERROR(filters.Text("name_pattern", [](const Header& header, auto& text) {
    return MatchesPattern(header.name, text);
  }));
  TQL_RETURN_IF_ERROR(filters.Text("display_name", [](const Header& header, auto& text) {
    return MatchesPattern(header.display_name, text);
  }));
  TQL_RETURN_IF_ERROR(fields.Words("privileges", world::kPrivileges).status());
  TQL_RETURN_IF_ERROR(filters.Texts("privileges", [&world](const Header& header, auto& texts) {
    return HasOneOf(world.MembershipOf(header).privileges, texts);
  }));
  return filters.Texts("org_identifiers", [&world](const Header& header, auto& texts) {
    return IsInOrgs(world, header, texts);
  });
}

const worldpb::User& UserOf(const World& world, const Header& header) {
  return world.message().user(static_cast<int>(header.index));
}

const worldpb::Group& GroupOf(const World& world, const Header& header) {
  return world.message().group(static_cast<int>(header.index));
}

Status AddUserFilters(const World& world, Filters& filters) {
  TQL_RETURN_IF_ERROR(
      filters.Word("visibility", kVisibilitiesV2, [&world](const Header& header, auto& text) {
        return VisibilityToV2(UserOf(world, header).visibility()) == text;
      }));
  TQL_RETURN_IF_ERROR(filters.Text("email", [&world](const Header& header, auto& text) {
    return MatchesPattern(MailOf(UserOf(world, header)), text);
  }));
  TQL_RETURN_IF_ERROR(
      filters.Word("account_type", kAccountTypes,
                   [](const Header& header, auto& text) { return header.type == text; }));
  TQL_RETURN_IF_ERROR(
      filters.Word("account_status", kAccountStatuses, [&world](const Header& header, auto& text) {
        return text == (UserOf(world, header).inactive() ? "INACTIVE" : "ACTIVE");
      }));
  TQL_RETURN_IF_ERROR(
      filters.Texts("group_identifiers", [&world](const Header& header, auto& texts) {
        return IsInGroups(world, world.MembershipOf(header).direct, texts);
      }));
  TQL_RETURN_IF_ERROR(
      filters.Texts("role_identifiers", [&world](const Header& header, auto& texts) {
        return std::ranges::any_of(world.MembershipOf(header).all, [&](std::size_t group) {
          return HasOneOf(GroupOf(world, world.All(Kind::kGroup)[group]).role(), texts);
        });
      }));
  TQL_RETURN_IF_ERROR(filters.Text("home_liveboard_identifier", [&world](const Header& header,
                                                                         auto& text) {
    const Header* const home = world.Find(Kind::kLiveboard, UserOf(world, header).home_liveboard());
    return home != nullptr && IsCalled(*home, text);
  }));
  const auto always = [](bool value) { return [value](const Header&) { return value; }; };
  TQL_RETURN_IF_ERROR(filters.Flag("notify_on_share", always(true)));
  TQL_RETURN_IF_ERROR(filters.Flag("show_onboarding_experience", always(true)));
  return filters.Flag("onboarding_experience_completed", always(false));
}

Status AddGroupFilters(const World& world, const GroupMembers& members, Filters& filters) {
  TQL_RETURN_IF_ERROR(
      filters.Word("visibility", kVisibilitiesV2, [&world](const Header& header, auto& text) {
        return VisibilityToV2(GroupOf(world, header).visibility()) == text;
      }));
  TQL_RETURN_IF_ERROR(filters.Word(
      "type", kGroupTypes, [](const Header& header, auto& text) { return header.type == text; }));
  TQL_RETURN_IF_ERROR(filters.Text("description", [](const Header& header, auto& text) {
    return MatchesPattern(header.description, text);
  }));
  const auto has_member = [](const auto& lists) {
    return [&lists](const Header& header, const std::vector<std::string>& identifiers) {
      return std::ranges::any_of(lists[header.index], [&](const Header* member) {
        return IsCalledOneOf(*member, identifiers);
      });
    };
  };
  TQL_RETURN_IF_ERROR(filters.Texts("user_identifiers", has_member(members.users)));
  TQL_RETURN_IF_ERROR(filters.Texts("sub_group_identifiers", has_member(members.groups)));
  TQL_RETURN_IF_ERROR(
      filters.Texts("role_identifiers", [&world](const Header& header, auto& texts) {
        return std::ranges::any_of(GroupOf(world, header).role(), [&](const std::string& role) {
          return IsCalledOneOf(*world.FindName(Kind::kRole, role), texts);
        });
      }));
  return filters.Texts("default_liveboard_identifiers",
                       [&world](const Header& header, auto& texts) {
                         return HasOneOf(GroupOf(world, header).default_liveboard(), texts);
                       });
}

template <typename Keep>
std::vector<const Header*> HeadersOf(const Caller& caller, Kind kind, const Keep& keep) {
  std::vector<const Header*> headers;
  for (const Header& header : caller.world->All(kind)) {
    if (caller.Sees(header) && keep(header)) headers.push_back(&header);
  }
  return headers;
}

/// An answer with all objects of a vector.
template <typename Object, typename Write>
Answer ListAnswer(const std::vector<const Object*>& objects, const Write& write) {
  std::string body;
  base::JsonWriter json(&body);
  json.BeginArray();
  for (const Object* const object : objects) write(*object, json);
  json.EndArray();
  return JsonAnswer(std::move(body));
}

}  // namespace

StatusOr<Answer> SearchUsers(const Request& request) {
  const World& world = *request.caller.world;
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  Filters filters(fields);
  TQL_RETURN_IF_ERROR(AddPrincipalFilters(world, fields, "user_identifier", filters));
  TQL_RETURN_IF_ERROR(AddUserFilters(world, filters));
  TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf("USER", request.caller));
  filters.Apply(*objects);
  TQL_RETURN_IF_ERROR(SortV2(fields, *objects));
  return PageAnswer(fields, std::move(objects), [](const Objects& all, const Row& row, auto& json) {
    WriteUserV2(*all.world, *row.header, json);
  });
}

StatusOr<Answer> SearchGroups(const Request& request) {
  const World& world = *request.caller.world;
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  const auto members = std::make_shared<const GroupMembers>(world);
  Filters filters(fields);
  TQL_RETURN_IF_ERROR(AddPrincipalFilters(world, fields, "group_identifier", filters));
  TQL_RETURN_IF_ERROR(AddGroupFilters(world, *members, filters));
  TQL_ASSIGN_OR_RETURN(const std::optional<bool> users, fields.Flag("include_users"));
  TQL_ASSIGN_OR_RETURN(const std::optional<bool> groups, fields.Flag("include_sub_groups"));
  const GroupParts parts{.users = users.value_or(true), .groups = groups.value_or(true)};
  TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf("USER_GROUP", request.caller));
  filters.Apply(*objects);
  TQL_RETURN_IF_ERROR(SortV2(fields, *objects));
  return PageAnswer(fields, std::move(objects),
                    [members, parts](const Objects& all, const Row& row, auto& json) {
                      WriteGroupV2(*all.world, *row.header, *members, parts, json);
                    });
}

StatusOr<Answer> SearchConnections(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const std::vector<Fields> wanted, fields.Objects("connections"));
  std::vector<std::pair<std::string, std::string>> connections;
  for (const Fields& one : wanted) {
    TQL_ASSIGN_OR_RETURN(std::string identifier, one.Text("identifier"));
    TQL_ASSIGN_OR_RETURN(std::string pattern, one.Text("name_pattern"));
    connections.emplace_back(std::move(identifier), std::move(pattern));
  }
  TQL_ASSIGN_OR_RETURN(ObjectsPtr objects, ObjectsOf("DATA_SOURCE", request.caller));
  Filter(*objects, [&](const Row& row) {
    const Header& header = *row.header;
    return connections.empty() || std::ranges::any_of(connections, [&](const auto& one) {
             const auto& [identifier, pattern] = one;
             return (identifier.empty() || IsCalled(header, identifier)) &&
                    (pattern.empty() || MatchesPattern(header.name, pattern));
           });
  });
  Filters filters(fields);
  TQL_RETURN_IF_ERROR(filters.Texts("data_warehouse_types", [](const Header& header, auto& texts) {
    return IsOneOf(WarehouseToV2(header.type), texts);
  }));
  TQL_RETURN_IF_ERROR(filters.Texts("tag_identifiers", HasTagV2));
  filters.Apply(*objects);
  TQL_RETURN_IF_ERROR(SortV2(fields, *objects));
  return PageAnswer(fields, std::move(objects), [](const Objects&, const Row& row, auto& json) {
    json.BeginObject().Key("id").String(row.header->id).Key("name").String(row.header->name);
    json.Key("description").String(row.header->description);
    json.Key("data_warehouse_type").String(WarehouseToV2(row.header->type));
    json.Key("data_warehouse_objects").BeginObject().Key("databases").BeginArray().EndArray();
    json.EndObject().Key("details").BeginObject().EndObject().EndObject();
  });
}

StatusOr<Answer> SearchTags(const Request& request) {
  const World& world = *request.caller.world;
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const std::string identifier, fields.Text("tag_identifier"));
  TQL_ASSIGN_OR_RETURN(const std::string pattern, fields.Text("name_pattern"));
  TQL_ASSIGN_OR_RETURN(const std::string color, fields.Text("color"));
  const auto tags = HeadersOf(request.caller, Kind::kTag, [&](const Header& header) {
    return (identifier.empty() || IsCalled(header, identifier)) &&
           (pattern.empty() || MatchesPattern(header.name, pattern)) &&
           (color.empty() ||
            MatchesPattern(world.message().tag(static_cast<int>(header.index)).color(), color));
  });
  return ListAnswer(tags, [&](const Header& tag, auto& json) { WriteTagV2(world, tag, json); });
}

StatusOr<Answer> SearchOrgs(const Request& request) {
  constexpr std::string_view kStatuses[] = {"ACTIVE", "IN_ACTIVE"};
  constexpr std::string_view kShown[] = {"SHOW", "HIDDEN"};
  const World& world = *request.caller.world;
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const std::string identifier, fields.Text("org_identifier"));
  TQL_ASSIGN_OR_RETURN(const std::string description, fields.Text("description"));
  TQL_ASSIGN_OR_RETURN(const std::string status, fields.Word("status", kStatuses));
  TQL_ASSIGN_OR_RETURN(const std::string shown, fields.Word("visibility", kShown));
  TQL_ASSIGN_OR_RETURN(const std::vector<std::string> users, fields.Texts("user_identifiers"));
  std::vector<const worldpb::Org*> orgs;
  for (const worldpb::Org& org : world.message().org()) {
    const bool has_user =
        users.empty() || std::ranges::any_of(world.All(Kind::kUser), [&](const Header& user) {
          return user.BelongsTo(org) && IsCalledOneOf(user, users);
        });
    if (has_user && shown != "HIDDEN" && (identifier.empty() || IsCalled(org, identifier)) &&
        (description.empty() || MatchesPattern(org.description(), description)) &&
        (status.empty() || (status == "ACTIVE") != org.inactive())) {
      orgs.push_back(&org);
    }
  }
  TQL_ASSIGN_OR_RETURN(const SliceV2 slice, SliceOfV2(fields, orgs.size(), -1));
  orgs.assign(orgs.begin() + static_cast<std::ptrdiff_t>(slice.first),
              orgs.begin() + static_cast<std::ptrdiff_t>(slice.first + slice.count));
  return ListAnswer(orgs, [](const worldpb::Org& org, auto& json) { WriteOrgV2(org, json); });
}

StatusOr<Answer> SearchRoles(const Request& request) {
  constexpr std::string_view kPermissions[] = {"READ_ONLY", "MODIFY", "NO_ACCESS"};
  const World& world = *request.caller.world;
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const auto identifiers, fields.Texts("role_identifiers"));
  TQL_ASSIGN_OR_RETURN(const auto privileges, fields.Words("privileges", world::kPrivileges));
  TQL_ASSIGN_OR_RETURN(const auto permissions, fields.Words("permissions", kPermissions));
  TQL_ASSIGN_OR_RETURN(const auto groups, fields.Texts("group_identifiers"));
  const auto roles = HeadersOf(request.caller, Kind::kRole, [&](const Header& header) {
    const worldpb::Role& role = world.message().role(static_cast<int>(header.index));
    const bool has_group =
        groups.empty() || std::ranges::any_of(world.All(Kind::kGroup), [&](const Header& group) {
          return IsCalledOneOf(group, groups) &&
                 HasOneOf(GroupOf(world, group).role(), {role.name()});
        });
    return has_group && (identifiers.empty() || IsCalledOneOf(header, identifiers)) &&
           (permissions.empty() || IsOneOf("MODIFY", permissions)) &&
           (privileges.empty() || HasOneOf(role.privilege(), privileges));
  });
  return ListAnswer(roles, [&](const Header& role, auto& json) { WriteRoleV2(world, role, json); });
}

}  // namespace tql::rest::v2
