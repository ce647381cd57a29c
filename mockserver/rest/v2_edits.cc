#include "mockserver/rest/v2_edits.h"

#include <google/protobuf/util/time_util.h>

#include "mockserver/rest/audit_log.h"
#include "mockserver/world/attachment.h"

namespace tql::rest::v2 {
namespace {

/// Visits the objects that have an author, an org, or both.
template <typename Visit>
void VisitObjects(worldpb::World& message, const Visit& visit) {
  const auto visit_all = [&](auto& list) {
    for (auto& object : list) visit(object);
  };
  visit_all(*message.mutable_group());
  visit_all(*message.mutable_user());
  visit_all(*message.mutable_tag());
  visit_all(*message.mutable_connection());
  visit_all(*message.mutable_table());
  visit_all(*message.mutable_answer());
  visit_all(*message.mutable_liveboard());
}

template <typename List>
void Erase(List& list, const Names& names) {
  const auto first = std::remove_if(
      list.begin(), list.end(), [&](const auto& object) { return names.contains(object.name()); });
  list.erase(first, list.end());
}

template <typename Texts>
void EraseTexts(Texts& texts, const Names& names) {
  const auto first = std::remove_if(texts.begin(), texts.end(),
                                    [&](const std::string& text) { return names.contains(text); });
  texts.erase(first, texts.end());
}

template <typename Texts>
void Replace(Texts& texts, const std::string& from, const std::string& to) {
  std::replace(texts.begin(), texts.end(), from, to);
}

}  // namespace

std::shared_ptr<const world::World> ChangedWorld(const Request& request) {
  return request.caller.space->Find<world::WorldAttachment>()->Get();
}

Origin OriginOf(const Request& request) {
  const Caller& caller = request.caller;
  return {.id = caller.audit->NewGuid(*caller.space->environment()),
          .time = Now(request),
          .author = caller.user->name,
          .org = caller.org().name()};
}

google::protobuf::Timestamp Now(const Request& request) {
  return google::protobuf::util::TimeUtil::MillisecondsToTimestamp(
      MillisecondsOf(request.caller.space->environment()->clock.WallTime()));
}

void EraseTags(worldpb::World& message, const Names& names) {
  Erase(*message.mutable_tag(), names);
  VisitObjects(message, [&](auto& object) {
    if constexpr (requires { object.mutable_tag(); }) EraseTexts(*object.mutable_tag(), names);
  });
}

void EraseConnections(worldpb::World& message, const Names& names) {
  Erase(*message.mutable_connection(), names);
  for (worldpb::Table& table : *message.mutable_table()) {
    if (names.contains(table.connection())) table.clear_connection();
  }
}

void EraseObjects(worldpb::World& message, const Names& ids) {
  const auto erase = [&](auto& list) {
    const auto first = std::remove_if(
        list.begin(), list.end(), [&](const auto& object) { return ids.contains(object.id()); });
    list.erase(first, list.end());
  };
  erase(*message.mutable_liveboard());
  erase(*message.mutable_answer());
  erase(*message.mutable_table());
  for (worldpb::User& user : *message.mutable_user()) {
    if (ids.contains(user.home_liveboard())) user.clear_home_liveboard();
  }
  for (worldpb::Group& group : *message.mutable_group()) {
    EraseTexts(*group.mutable_default_liveboard(), ids);
  }
}

void EraseRoles(worldpb::World& message, const Names& names) {
  Erase(*message.mutable_role(), names);
  for (worldpb::Group& group : *message.mutable_group()) EraseTexts(*group.mutable_role(), names);
}

void RenameUser(worldpb::World& message, const std::string& from, const std::string& to) {
  VisitObjects(message, [&](auto& object) {
    if (object.author() == from) object.set_author(to);
  });
}

void RenameGroup(worldpb::World& message, const std::string& from, const std::string& to) {
  for (worldpb::Group& group : *message.mutable_group()) Replace(*group.mutable_group(), from, to);
  for (worldpb::User& user : *message.mutable_user()) Replace(*user.mutable_group(), from, to);
}

void RenameTag(worldpb::World& message, const std::string& from, const std::string& to) {
  VisitObjects(message, [&](auto& object) {
    if constexpr (requires { object.mutable_tag(); }) Replace(*object.mutable_tag(), from, to);
  });
}

void RenameRole(worldpb::World& message, const std::string& from, const std::string& to) {
  for (worldpb::Group& group : *message.mutable_group()) Replace(*group.mutable_role(), from, to);
}

void RenameOrg(worldpb::World& message, const std::string& from, const std::string& to) {
  VisitObjects(message, [&](auto& object) { Replace(*object.mutable_org(), from, to); });
}

}  // namespace tql::rest::v2
