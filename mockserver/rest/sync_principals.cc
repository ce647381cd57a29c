// POST user/sync: makes the users and groups of a world those of a list.
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mockserver/rest/objects.h"
#include "mockserver/rest/principals.h"
#include "mockserver/rest/world_edits.h"
#include "proto/base/status_macros.h"
#include "proto/document/document.h"

namespace tql::rest {
namespace {

using document::Node;
using google::protobuf::util::TimeUtil;
using world::Header;
using world::Kind;

constexpr document::Limits kLimits{.max_nodes = 2'000'000};  // as those of a world
constexpr std::size_t kMostPrincipals = 100'000;
constexpr std::size_t kMostText = 1024;  // bytes
constexpr std::string_view kEverybody = "All";

/// A user or a group of the list. What it does not have stays as it is.
struct Principal {
  bool is_user = false;
  std::string name;
  std::string type;
  std::optional<std::string> display_name;
  std::optional<std::string> description;  // of a group
  std::optional<std::string> mail;         // of a user
  std::optional<std::string> visibility;
  std::optional<std::vector<std::string>> groups;
};

Status Wrong(std::size_t index, std::string_view reason) {
  return InvalidArgumentError("principals[" + std::to_string(index) + "]: " + std::string(reason));
}

StatusOr<Principal> PrincipalOf(const Node& node, std::size_t index) {
  if (node.kind != Node::Kind::kMap) return Wrong(index, "expected an object");
  Principal principal;
  for (const auto& [key, value] : node.entries) {
    if (key.text == "groupNames") {
      if (value.kind != Node::Kind::kList) return Wrong(index, "groupNames: expected a list");
      auto& groups = principal.groups.emplace();
      for (const Node& group : value.items) {
        // Every user belongs to All without being listed.
        if (group.text != kEverybody) groups.push_back(group.text);
      }
      continue;
    }
    if (value.kind != Node::Kind::kScalar) continue;  // null, or a key that has no meaning here
    if (value.text.size() > kMostText) {
      return Wrong(index,
                   Quoted(key.text) + " has more than " + std::to_string(kMostText) + " bytes");
    }
    if (key.text == "name") principal.name = value.text;
    if (key.text == "principalTypeEnum") principal.type = value.text;
    if (key.text == "displayName") principal.display_name = value.text;
    if (key.text == "description") principal.description = value.text;
    if (key.text == "mail") principal.mail = value.text;
    if (key.text == "visibility") principal.visibility = value.text;
  }
  if (principal.name.empty()) return Wrong(index, "expected a name");
  principal.is_user = principal.type.ends_with("_USER");
  if (!principal.is_user && !principal.type.ends_with("_GROUP")) {
    return Wrong(index, "principalTypeEnum: found " + Quoted(principal.type) +
                            ", expected a word that ends in _USER or _GROUP");
  }
  return principal;
}

StatusOr<std::vector<Principal>> PrincipalsOf(std::string_view text) {
  const StatusOr<Node> parsed = document::ParseJson(text, kLimits);
  if (!parsed.ok()) return InvalidArgumentError("principals: " + parsed.status().message());
  const Node& list = *parsed;
  if (list.kind != Node::Kind::kList) {
    return InvalidArgumentError("principals: expected a list of JSON");
  }
  if (list.items.size() > kMostPrincipals) {
    return InvalidArgumentError("principals: expected at most " + std::to_string(kMostPrincipals) +
                                " principals");
  }
  std::vector<Principal> principals;
  Names users;
  Names groups;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    TQL_ASSIGN_OR_RETURN(Principal principal, PrincipalOf(list.items[i], i));
    if (!(principal.is_user ? users : groups).insert(principal.name).second) {
      return Wrong(i, Quoted(principal.name) + " occurs twice");
    }
    principals.push_back(std::move(principal));
  }
  return principals;
}

struct Changes {
  std::vector<std::string> added;
  std::vector<std::string> updated;
  std::vector<std::string> deleted;
};

/// Changes the users or the groups of a world.
template <typename Object>
class Synchronizing {
 public:
  Synchronizing(const Request& request, google::protobuf::RepeatedPtrField<Object>& objects)
      : request_(request), objects_(objects) {
    for (int i = 0; i < objects_.size(); ++i) positions_.emplace(objects_[i].name(), i);
  }

  void Put(const Principal& principal) {
    listed_.insert(principal.name);
    const auto known = positions_.find(principal.name);
    if (known != positions_.end()) return Update(principal, *objects_.Mutable(known->second));
    Object& added = *objects_.Add();
    added.set_name(principal.name);
    added.set_author(request_.caller.user->name);
    const auto& orgs = request_.caller.world->message().org();
    if (orgs.size() > 1) added.add_org(request_.caller.org().name());
    Set(principal, added);
    *added.mutable_created() = *added.mutable_modified() = Now();
    changes_.added.push_back(principal.name);
  }

  /// The names of those that are not listed and may be deleted.
  Names Unlisted() {
    constexpr Kind kKind = std::is_same_v<Object, worldpb::User> ? Kind::kUser : Kind::kGroup;
    const world::World& world = *request_.caller.world;
    const bool everywhere = request_.params.Text("orgScope") == "ALL";
    Names names;
    for (const Object& object : objects_) {
      const Header* const header = world.FindName(kKind, object.name());
      if (header == nullptr || listed_.contains(object.name()) || world.IsPermanent(*header) ||
          !(everywhere || request_.caller.Sees(*header))) {
        continue;
      }
      names.insert(object.name());
      changes_.deleted.push_back(object.name());
    }
    return names;
  }
  Changes& changes() { return changes_; }

 private:
  google::protobuf::Timestamp Now() const {
    return TimeUtil::MillisecondsToTimestamp(
        MillisecondsOf(request_.caller.space->environment()->clock.WallTime()));
  }

  void Update(const Principal& principal, Object& object) {
    const std::string before = object.SerializeAsString();
    Set(principal, object);
    if (object.SerializeAsString() == before) return;
    const google::protobuf::Timestamp now = Now();
    const bool later = TimeUtil::TimestampToMilliseconds(object.created()) <=
                       TimeUtil::TimestampToMilliseconds(now);
    *object.mutable_modified() = later ? now : object.created();
    changes_.updated.push_back(principal.name);
  }

  static void Set(const Principal& principal, Object& object) {
    object.set_type(principal.type);
    if (principal.display_name) object.set_display_name(*principal.display_name);
    if (principal.visibility) object.set_visibility(*principal.visibility);
    if constexpr (requires { object.mutable_mail(); }) {
      if (principal.mail) object.set_mail(*principal.mail);
    } else {
      if (principal.description) object.set_description(*principal.description);
    }
    if (!principal.groups) return;
    std::vector<std::string> now(object.group().begin(), object.group().end());
    std::vector<std::string> then = *principal.groups;
    std::erase(now, kEverybody);
    std::ranges::sort(now);
    std::ranges::sort(then);
    if (now != then) object.mutable_group()->Assign(then.begin(), then.end());
  }

  const Request& request_;
  google::protobuf::RepeatedPtrField<Object>& objects_;
  std::unordered_map<std::string, int> positions_;
  Names listed_;
  Changes changes_;
};

struct AllChanges {
  Changes users;
  Changes groups;
};

void Apply(const Request& request, const std::vector<Principal>& principals, bool deletes,
           worldpb::World& message, AllChanges& changes) {
  Synchronizing<worldpb::Group> groups(request, *message.mutable_group());
  Synchronizing<worldpb::User> users(request, *message.mutable_user());
  for (const Principal& principal : principals) {
    principal.is_user ? users.Put(principal) : groups.Put(principal);
  }
  if (deletes) {
    EraseGroups(message, groups.Unlisted());
    EraseUsers(message, users.Unlisted());
  }
  changes = {std::move(users.changes()), std::move(groups.changes())};
}

void RecordAll(const Request& request, const AllChanges& changes) {
  struct Event {
    const std::vector<std::string>& names;
    std::string_view type;
    std::string_view description;
  };
  for (const Event& event :
       {Event{changes.users.added, "USERS_CREATED", "Users created"},
        Event{changes.users.updated, "USERS_MODIFIED", "Users modified"},
        Event{changes.users.deleted, "USERS_DELETED", "Users deleted"},
        Event{changes.groups.added, "USERGROUPS_CREATED", "User groups created"},
        Event{changes.groups.updated, "USERGROUPS_MODIFIED", "User groups modified"},
        Event{changes.groups.deleted, "USERGROUPS_DELETED", "User groups deleted"}}) {
    if (!event.names.empty()) {
      Record(request, event.type, event.description, "names", event.names);
    }
  }
}

std::string ToJson(const AllChanges& changes) {
  std::string body;
  base::JsonWriter json(&body);
  const auto write = [&](std::string_view key, const std::vector<std::string>& names) {
    json.Key(key).BeginArray();
    for (const std::string& name : names) json.String(name);
    json.EndArray();
  };
  json.BeginObject();
  write("usersAdded", changes.users.added);
  write("usersDeleted", changes.users.deleted);
  write("usersUpdated", changes.users.updated);
  write("groupsAdded", changes.groups.added);
  write("groupsDeleted", changes.groups.deleted);
  write("groupsUpdated", changes.groups.updated);
  json.EndObject();
  return body;
}

StatusOr<AllChanges> Synchronize(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const bool applies, request.params.Bool("applyChanges", false));
  TQL_ASSIGN_OR_RETURN(const bool deletes, request.params.Bool("removeDeleted", true));
  TQL_ASSIGN_OR_RETURN(const std::vector<Principal> principals,
                       PrincipalsOf(request.params.Text("principals")));
  AllChanges changes;
  if (applies) {
    TQL_RETURN_IF_ERROR(ChangeWorld(request, [&](worldpb::World& message) {
      Apply(request, principals, deletes, message, changes);
      return Status();
    }));
    RecordAll(request, changes);
  } else {
    worldpb::World message = request.caller.world->message();
    Apply(request, principals, deletes, message, changes);
    TQL_RETURN_IF_ERROR(request.caller.world->With(std::move(message)).status());
  }
  return changes;
}

}  // namespace

StatusOr<Answer> SyncPrincipals(const Request& request) {
  const auto changes = Synchronize(request);
  if (changes.status().code() == StatusCode::kInvalidArgument) {
    return InternalError(changes.status().message());  // 500, as documented
  }
  if (!changes.ok()) return changes.status();
  return JsonAnswer(ToJson(*changes));
}

}  // namespace tql::rest
