// The calls of REST v2 that change tags, and give them to objects.
#include <utility>

#include "mockserver/rest/fields.h"
#include "mockserver/rest/v2_calls.h"
#include "mockserver/rest/v2_edit_objects.h"
#include "mockserver/rest/v2_edits.h"
#include "mockserver/rest/v2_lookup.h"
#include "mockserver/rest/v2_objects.h"
#include "proto/base/status_macros.h"

namespace tql::rest::v2 {
namespace {

using world::Header;
using world::Kind;

/// "#ff78a9"; clients may omit it, but not send an empty one.
StatusOr<std::string> ReadColor(const Fields& fields) {
  if (!fields.Has("color")) return std::string();
  return fields.Required("color");
}

StatusOr<const Header*> TagOfPath(const Request& request) {
  return FindCalled(request.caller, Kind::kTag, "tag_identifier", request.path[0]);
}

/// Adds tags to objects, or removes them.
StatusOr<Answer> ChangeTags(const Request& request, std::string_view operation) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const std::vector<std::string> tags,
                       NamesOf(request.caller, Kind::kTag, fields, "tag_identifiers"));
  if (tags.empty()) return fields.Error("tag_identifiers", "expected a list, found nothing");
  TQL_ASSIGN_OR_RETURN(const std::vector<const Header*> headers,
                       ReadEditable(request.caller, fields, kTaggable));
  const auto edit = [&](worldpb::World& message) {
    EditObjects(message, headers, [&](auto& object) {
      if constexpr (requires { object.mutable_tag(); }) {
        ApplyOperation(operation, tags, *object.mutable_tag());
      }
    });
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  return NoContent();
}

}  // namespace

StatusOr<Answer> CreateTag(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const std::string name, fields.Required("name"));
  TQL_ASSIGN_OR_RETURN(const std::string color, ReadColor(fields));
  const Origin origin = OriginOf(request);
  const auto edit = [&](worldpb::World& message) -> Status {
    TQL_RETURN_IF_ERROR(CheckNewName(message.tag(), name));
    TQL_ASSIGN_OR_RETURN(worldpb::Tag* const tag, AddObject(origin, *message.mutable_tag()));
    tag->set_name(name);
    tag->set_color(color);
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  const auto world = ChangedWorld(request);
  const Header* const created = world->Find(Kind::kTag, origin.id);
  if (created == nullptr) return NotFoundError("the tag was deleted at once");
  std::string body;
  base::JsonWriter json(&body);
  WriteTagV2(*world, *created, json);
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> UpdateTag(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const Header* const header, TagOfPath(request));
  TQL_ASSIGN_OR_RETURN(const std::string name, fields.Text("name"));
  TQL_ASSIGN_OR_RETURN(const std::string color, ReadColor(fields));
  const auto edit = [&](worldpb::World& message) -> Status {
    worldpb::Tag* const tag = FindById(*message.mutable_tag(), header->id);
    if (tag == nullptr) return InvalidArgumentError("tag_identifier: the tag was deleted");
    if (!name.empty() && name != tag->name()) {
      TQL_RETURN_IF_ERROR(CheckNewName(message.tag(), name));
      RenameTag(message, tag->name(), name);
      tag->set_name(name);
    }
    if (!color.empty()) tag->set_color(color);
    Touch(Now(request), *tag);
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  return NoContent();
}

StatusOr<Answer> DeleteTag(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Header* const header, TagOfPath(request));
  const auto edit = [&](worldpb::World& message) {
    EraseTags(message, {header->name});
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  return NoContent();
}

StatusOr<Answer> AssignTag(const Request& request) { return ChangeTags(request, "ADD"); }

StatusOr<Answer> UnassignTag(const Request& request) { return ChangeTags(request, "REMOVE"); }

}  // namespace tql::rest::v2
