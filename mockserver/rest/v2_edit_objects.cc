#include "mockserver/rest/v2_edit_objects.h"

#include <utility>

#include "mockserver/rest/v2_calls.h"
#include "mockserver/rest/v2_edits.h"
#include "mockserver/rest/v2_lookup.h"
#include "proto/base/status_macros.h"
#include "proto/base/utf8.h"

namespace tql::rest::v2 {
namespace {

using world::Header;
using world::Kind;

constexpr std::size_t kQuoted = 60;
constexpr std::pair<std::string_view, Kind> kKinds[] = {
    {"LIVEBOARD", Kind::kLiveboard},
    {"ANSWER", Kind::kAnswer},
    {"LOGICAL_TABLE", Kind::kTable},
    {"CONNECTION", Kind::kConnection},
};

/// All objects of an identifier.
std::vector<const Header*> FindAll(const Caller& caller, std::string_view type,
                                   std::string_view identifier,
                                   std::span<const std::string_view> types) {
  std::vector<const Header*> found;
  for (const auto& [name, kind] : kKinds) {
    const bool permitted = std::ranges::find(types, name) != types.end();
    if (!permitted || (!type.empty() && type != name)) continue;
    for (const Header& header : caller.world->All(kind)) {
      if (caller.Sees(header) && IsCalled(header, identifier)) found.push_back(&header);
    }
  }
  return found;
}

Names IdsOf(const std::vector<const Header*>& headers) {
  Names ids;
  for (const Header* const header : headers) ids.insert(header->id);
  return ids;
}

}  // namespace

StatusOr<std::vector<const Header*>> ReadEditable(const Caller& caller, const Fields& fields,
                                                  std::span<const std::string_view> types) {
  constexpr std::size_t kMost = 1000;  // each is searched for
  TQL_ASSIGN_OR_RETURN(const std::vector<Fields> elements, fields.Objects("metadata"));
  if (elements.empty())
    return fields.Error("metadata", "expected a list of objects, found nothing");
  if (elements.size() > kMost) {
    return fields.Error("metadata", "expected at most " + std::to_string(kMost) + " elements");
  }
  std::vector<const Header*> headers;
  for (const Fields& element : elements) {
    TQL_ASSIGN_OR_RETURN(const std::string identifier, element.Required("identifier"));
    TQL_ASSIGN_OR_RETURN(const std::string type, element.Word("type", types));
    const std::vector<const Header*> found = FindAll(caller, type, identifier, types);
    const std::string quoted = '"' + base::Excerpt(identifier, kQuoted) + '"';
    if (found.empty()) return element.Error("identifier", "found no object " + quoted);
    if (found.size() > 1) {
      return element.Error("identifier", std::to_string(found.size()) + " objects have the name " +
                                             quoted + "; expected an id");
    }
    const Header* const header = found.front();
    const bool owns = header->author != nullptr && header->author->id() == caller.user->id;
    if (!owns && !caller.membership().is_administrator()) {
      return PermissionDeniedError("metadata: the object " + quoted +
                                   " is that of another user; the call needs the privilege "
                                   "ADMINISTRATION");
    }
    headers.push_back(header);
  }
  return headers;
}

StatusOr<Answer> DeleteMetadata(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const std::vector<const Header*> headers,
                       ReadEditable(request.caller, fields, kDeletable));
  const Names ids = IdsOf(headers);
  const auto edit = [&](worldpb::World& message) {
    EraseObjects(message, ids);
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  return NoContent();
}

StatusOr<Answer> AssignAuthor(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const std::string identifier, fields.Required("user_identifier"));
  TQL_ASSIGN_OR_RETURN(const Header* const user,
                       FindCalled(request.caller, Kind::kUser, "user_identifier", identifier));
  TQL_ASSIGN_OR_RETURN(const std::vector<const Header*> headers,
                       ReadEditable(request.caller, fields, kTaggable));
  TQL_ASSIGN_OR_RETURN(const std::string current, fields.Text("current_owner_identifier"));
  for (const Header* const header : headers) {
    if (current.empty() || header->author == nullptr) continue;
    const Header& author = *request.caller.world->Find(Kind::kUser, header->author->id());
    if (!IsCalled(author, current)) {
      return fields.Error("current_owner_identifier",
                          "the owner of \"" + header->name + "\" is " + author.name);
    }
  }
  const auto edit = [&](worldpb::World& message) {
    EditObjects(message, headers, [&](auto& object) { object.set_author(user->name); });
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  return NoContent();
}

}  // namespace tql::rest::v2
