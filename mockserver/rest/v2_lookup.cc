#include "mockserver/rest/v2_lookup.h"

#include <algorithm>
#include <array>

#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::rest::v2 {
namespace {

using world::Header;
using world::Kind;

constexpr std::size_t kQuoted = 60;

Status Unknown(std::string_view field, std::string_view kind, std::string_view identifier) {
  return InvalidArgumentError(std::string(field) + ": found no " + std::string(kind) + " \"" +
                              base::Excerpt(identifier, kQuoted) + '"');
}

const Header* FindAnywhere(const world::World& world, Kind kind, std::string_view identifier) {
  const Header* const found = world.Find(kind, identifier);
  return found != nullptr ? found : world.FindName(kind, identifier);
}

}  // namespace

bool IsCalled(const Header& header, std::string_view identifier) {
  return base::EqualsIgnoreCase(header.id, identifier) || header.name == identifier;
}

bool IsCalled(const worldpb::Org& org, std::string_view identifier) {
  return std::to_string(org.id()) == identifier || org.name() == identifier;
}

StatusOr<const Header*> FindCalled(const Caller& caller, Kind kind, std::string_view field,
                                   std::string_view identifier) {
  const Header* const found = FindAnywhere(*caller.world, kind, identifier);
  if (found != nullptr && caller.Sees(*found)) return found;
  return Unknown(field, world::KindName(kind), identifier);
}

StatusOr<std::vector<std::string>> NamesOf(const Caller& caller, Kind kind, const Fields& fields,
                                           std::string_view name) {
  TQL_ASSIGN_OR_RETURN(std::vector<std::string> texts, fields.Texts(name));
  for (std::string& text : texts) {
    TQL_ASSIGN_OR_RETURN(const Header* const found, FindCalled(caller, kind, name, text));
    text = found->name;
  }
  return texts;
}

StatusOr<std::vector<std::string>> IdsOf(const Caller& caller, Kind kind, const Fields& fields,
                                         std::string_view name) {
  TQL_ASSIGN_OR_RETURN(std::vector<std::string> texts, fields.Texts(name));
  for (std::string& text : texts) {
    TQL_ASSIGN_OR_RETURN(const Header* const found, FindCalled(caller, kind, name, text));
    text = found->id;
  }
  return texts;
}

StatusOr<std::vector<std::string>> IdsAnywhere(const world::World& world, Kind kind,
                                               const Fields& fields, std::string_view name) {
  TQL_ASSIGN_OR_RETURN(std::vector<std::string> texts, fields.Texts(name));
  for (std::string& text : texts) {
    const Header* const found = FindAnywhere(world, kind, text);
    if (found == nullptr) return Unknown(name, world::KindName(kind), text);
    text = found->id;
  }
  return texts;
}

StatusOr<const worldpb::Org*> FindOrgCalled(const world::World& world, std::string_view field,
                                            std::string_view identifier) {
  const auto& orgs = world.message().org();
  const auto found = std::ranges::find_if(
      orgs, [&](const worldpb::Org& org) { return IsCalled(org, identifier); });
  if (found == orgs.end()) return Unknown(field, "org", identifier);
  return &*found;
}

StatusOr<std::vector<std::string>> OrgNamesOf(const world::World& world, const Fields& fields,
                                              std::string_view name) {
  TQL_ASSIGN_OR_RETURN(std::vector<std::string> texts, fields.Texts(name));
  for (std::string& text : texts) {
    TQL_ASSIGN_OR_RETURN(const worldpb::Org* const found, FindOrgCalled(world, name, text));
    text = found->name();
  }
  return texts;
}

StatusOr<const TypeV2*> FindTypeV2(const Fields& fields, std::string_view name) {
  std::array<std::string_view, std::size(kTypesV2)> words;
  std::ranges::transform(kTypesV2, words.begin(), &TypeV2::v2);
  TQL_ASSIGN_OR_RETURN(const std::string word, fields.Word(name, words));
  const TypeV2* const found = std::ranges::find(kTypesV2, word, &TypeV2::v2);
  return found == std::end(kTypesV2) ? nullptr : found;
}

}  // namespace tql::rest::v2
