#include "mockserver/world/world.h"

#include <algorithm>

#include "proto/base/text.h"

namespace tql::world {

std::string_view KindName(Kind kind) {
  constexpr std::array<std::string_view, kKinds> kNames = {
      "group", "user", "tag", "connection", "table", "answer", "liveboard", "role"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool Membership::Has(std::string_view privilege) const {
  return std::ranges::binary_search(privileges, privilege);
}

bool Header::BelongsTo(const worldpb::Org& org) const {
  return orgs.empty() || std::ranges::find(orgs, org.id()) != orgs.end();
}

const Header* World::Find(Kind kind, std::string_view id) const {
  const auto& positions = by_id_[static_cast<std::size_t>(kind)];
  const auto found = positions.find(base::Lower(id));
  return found == positions.end() ? nullptr : &All(kind)[found->second];
}

const Header* World::FindName(Kind kind, std::string_view name) const {
  const auto& positions = by_name_[static_cast<std::size_t>(kind)];
  const auto found = positions.find(std::string(name));
  return found == positions.end() ? nullptr : &All(kind)[found->second];
}

const Membership& World::MembershipOf(const Header& principal) const {
  return (principal.kind == Kind::kUser ? users_ : groups_)[principal.index];
}

}  // namespace tql::world
