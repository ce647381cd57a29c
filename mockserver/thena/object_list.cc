#include "mockserver/thena/object_list.h"

#include <google/protobuf/message.h>

#include <utility>

namespace tql::thena {

bool ObjectList::Add(std::string id, Object object) {
  if (Find(id)) return false;
  position_by_id_.emplace(id, ids_.size());
  ids_.push_back(std::move(id));
  objects_.push_back(std::move(object));
  return true;
}

std::string ObjectList::IdOf(std::size_t index) const {
  return index < generated() ? source_->IdOf(index) : ids_[index - generated()];
}

ObjectList::Object ObjectList::Get(std::size_t index) const {
  return index < generated() ? source_->Make(index) : objects_[index - generated()];
}

std::optional<std::size_t> ObjectList::Find(std::string_view id) const {
  if (source_) {
    if (const auto index = source_->Find(id)) return index;
  }
  const auto found = position_by_id_.find(std::string(id));
  if (found == position_by_id_.end()) return std::nullopt;
  return generated() + found->second;
}

}  // namespace tql::thena
