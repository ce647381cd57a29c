// The world of a namespace.
#ifndef TQLKIT_MOCKSERVER_WORLD_ATTACHMENT_H_
#define TQLKIT_MOCKSERVER_WORLD_ATTACHMENT_H_

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "mockserver/space/namespaces.h"
#include "mockserver/world/world.h"
#include "proto/base/mutex.h"

namespace tql::world {

/// A world that is read when it is first asked for. Thread safety: every method may be called from
/// any thread.
class LazyWorld {
 public:
  explicit LazyWorld(std::function<std::shared_ptr<const World>()> read) : read_(std::move(read)) {}

  std::shared_ptr<const World> Get() {
    std::call_once(once_, [this] {
      world_ = read_();
      read_ = nullptr;
    });
    return world_;
  }

 private:
  std::once_flag once_;
  std::function<std::shared_ptr<const World>()> read_;
  std::shared_ptr<const World> world_;
};

/// Thread safety: every method may be called from any thread.
class WorldAttachment : public space::Attachment {
 public:
  explicit WorldAttachment(std::shared_ptr<LazyWorld> world) : world_(std::move(world)) {}
  explicit WorldAttachment(std::shared_ptr<const World> world) : world_(Known(std::move(world))) {}

  /// A fork has the current world.
  std::shared_ptr<space::Attachment> Fork() const override {
    return std::make_shared<WorldAttachment>(Current());
  }
  std::shared_ptr<const World> Get() const { return Current()->Get(); }
  void Set(std::shared_ptr<const World> world) {
    const base::MutexLock changing(changing_);
    Replace(std::move(world));
  }
  /// Replaces the world by one whose message `change` has changed. Without an effect if `change`
  /// returns an error, or if the message is not valid. Changes happen one after another.
  Status Change(const std::function<Status(worldpb::World& message)>& change) {
    const base::MutexLock changing(changing_);
    const std::shared_ptr<const World> world = Get();
    worldpb::World message = world->message();
    if (Status status = change(message); !status.ok()) return status;
    StatusOr<std::shared_ptr<const World>> changed = world->With(std::move(message));
    if (changed.ok()) Replace(*std::move(changed));
    return changed.status();
  }

 private:
  void Replace(std::shared_ptr<const World> world) {
    std::shared_ptr<LazyWorld> known = Known(std::move(world));
    const base::MutexLock lock(mutex_);
    world_.swap(known);
  }
  static std::shared_ptr<LazyWorld> Known(std::shared_ptr<const World> world) {
    return std::make_shared<LazyWorld>([world = std::move(world)] { return world; });
  }
  std::shared_ptr<LazyWorld> Current() const {
    const base::MutexLock lock(mutex_);
    return world_;
  }

  base::Mutex changing_;  // locked before mutex_
  mutable base::Mutex mutex_;
  std::shared_ptr<LazyWorld> world_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql::world

#endif  // TQLKIT_MOCKSERVER_WORLD_ATTACHMENT_H_
