// Users that trusted logins make.
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <string>
#include <vector>

#include "mockserver/rest/principals.h"
#include "mockserver/rest/world_edits.h"
#include "mockserver/world/attachment.h"
#include "proto/base/json_writer.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/document/document.h"

namespace tql::rest {
namespace {

using document::Node;
using google::protobuf::util::TimeUtil;
using world::Header;
using world::Kind;

constexpr std::size_t kMostText = 256;

/// The groups of a list: names, ids, or objects with an identifier.
StatusOr<std::vector<std::string>> IdentifiersOf(const Params& params, std::string_view parameter) {
  const std::string_view text = base::Trim(params.Text(parameter));
  const StatusOr<Node> list = document::ParseJson(text);
  const auto is_object = [](const Node& item) { return item.kind == Node::Kind::kMap; };
  if (!list.ok() || std::ranges::none_of(list->items, is_object)) return params.List(parameter);
  std::vector<std::string> identifiers;
  for (const Node& item : list->items) {
    const Node* const identifier = is_object(item) ? FindMember(item, "identifier") : nullptr;
    if (identifier == nullptr) {
      return InvalidArgumentError(std::string(parameter) + ": expected objects with an identifier");
    }
    identifiers.push_back(identifier->text);
  }
  return identifiers;
}

StatusOr<worldpb::User> TrustedUser(const Caller& caller, const Params& params,
                                    std::string_view name) {
  worldpb::User user;
  user.set_name(std::string(name));
  user.set_mail(std::string(params.Text("email")));
  user.set_display_name(std::string(params.Text("display_name")));
  for (const std::string& text : {user.name(), user.mail(), user.display_name()}) {
    if (text.size() > kMostText) {
      return InvalidArgumentError("username, email, display_name: expected at most " +
                                  std::to_string(kMostText) + " bytes");
    }
  }
  for (const std::string_view parameter : {"groups", "group_identifiers"}) {
    TQL_ASSIGN_OR_RETURN(const std::vector<std::string> groups, IdentifiersOf(params, parameter));
    for (const std::string& group : groups) {
      const Header* found = caller.world->FindName(Kind::kGroup, group);
      if (found == nullptr) found = caller.world->Find(Kind::kGroup, group);
      if (found == nullptr) {
        return InvalidArgumentError(std::string(parameter) + ": found no group " + Quoted(group));
      }
      if (found->name != "All") user.add_group(found->name);
    }
  }
  *user.mutable_created() = TimeUtil::MillisecondsToTimestamp(
      MillisecondsOf(caller.space->environment()->clock.WallTime()));
  *user.mutable_modified() = user.created();
  return user;
}

}  // namespace

Status CreateTrustedUser(const Caller& caller, const Params& params, std::string_view name) {
  if (caller.world->FindName(Kind::kUser, name) != nullptr) return Status();
  TQL_ASSIGN_OR_RETURN(const worldpb::User user, TrustedUser(caller, params, name));
  const auto attachment = caller.space->Find<world::WorldAttachment>();
  TQL_RETURN_IF_ERROR(attachment->Change([&](worldpb::World& message) {
    if (FindUser(message, name) != nullptr) return Status();  // of a login at the same time
    return AddUser(user, message);
  }));
  AuditEvent event{.type = "USERS_CREATED", .description = "Users created"};
  event.data.clear();
  base::JsonWriter(&event.data)
      .BeginObject()
      .Key("names")
      .BeginArray()
      .String(name)
      .EndArray()
      .EndObject();
  caller.audit->Add(event, *caller.space->environment());
  return Status();
}

}  // namespace tql::rest
