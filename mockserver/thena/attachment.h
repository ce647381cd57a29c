// The workspace of a namespace.
#ifndef TQLKIT_MOCKSERVER_THENA_ATTACHMENT_H_
#define TQLKIT_MOCKSERVER_THENA_ATTACHMENT_H_

#include <memory>

#include "mockserver/space/namespaces.h"
#include "mockserver/thena/workspace.h"
#include "mockserver/world/world.h"
#include "proto/base/mutex.h"

namespace tql::thena {

/// Keeps the workspace that was made of the namespace's world. Thread safety: every method may be
/// called from any thread.
class WorkspaceAttachment : public space::Attachment {
 public:
  /// A fork makes a workspace of its own, with its own rate limit.
  std::shared_ptr<space::Attachment> Fork() const override {
    return std::make_shared<WorkspaceAttachment>();
  }
  /// Returns the workspace of the world, or of an example if the world has none. It is made if the
  /// world is another one than in the call before, with the seed and the time of the namespace.
  StatusOr<std::shared_ptr<Workspace>> Get(const std::shared_ptr<const world::World>& world,
                                           const space::Environment& environment);

 private:
  base::Mutex mutex_;
  std::shared_ptr<const world::World> world_ TQL_GUARDED_BY(mutex_);
  std::shared_ptr<Workspace> workspace_ TQL_GUARDED_BY(mutex_);  // of world_
};

}  // namespace tql::thena

#endif  // TQLKIT_MOCKSERVER_THENA_ATTACHMENT_H_
