#include "mockserver/thena/attachment.h"

#include <utility>

#include "proto/base/status_macros.h"
#include "proto/document/message_reader.h"

namespace tql::thena {

StatusOr<std::shared_ptr<Workspace>> WorkspaceAttachment::Get(
    const std::shared_ptr<const world::World>& world, const space::Environment& environment) {
  const base::MutexLock lock(mutex_);
  if (world_ == world) return workspace_;
  mockpb::ThenaWorld objects = world->message().thena();
  if (!world->message().has_thena()) {
    TQL_RETURN_IF_ERROR(document::ReadMessage(kDefaultWorld, &objects));
  }
  TQL_ASSIGN_OR_RETURN(
      workspace_, Workspace::Create(std::move(objects), environment.identifiers.seed().value_or(0),
                                    environment.clock.WallTime()));
  world_ = world;
  return workspace_;
}

}  // namespace tql::thena
