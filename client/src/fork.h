// Support for fork(): the child gets a copy of the memory of the process, but none of its other
// threads, and it shares all open connections with the parent.
#ifndef TQLKIT_CLIENT_SRC_FORK_H_
#define TQLKIT_CLIENT_SRC_FORK_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "proto/base/mutex.h"

namespace tql {

/// Returns the number of fork() calls between the start of the program and this process. Cheap.
std::uint64_t ForkGeneration();

/// Remembers the process in which an object was created.
class OwnerProcess {
 public:
  /// Whether this is that process, as opposed to a child of it.
  bool is_current() const { return generation_ == ForkGeneration(); }

 private:
  std::uint64_t generation_ = ForkGeneration();
};

/// A mutex that is always unlocked in the child of a fork(), because fork() waits until its holder
/// releases it. Hold it briefly. While it is held, its holder must not lock, create or destroy
/// another ForkMutex, and must not call code that may fork.
class ForkMutex : public base::Mutex {
 public:
  ForkMutex();
  ~ForkMutex();
  ForkMutex(const ForkMutex&) = delete;
  ForkMutex& operator=(const ForkMutex&) = delete;

 private:
  friend class ForkMutexes;
  ForkMutex* next_ = nullptr;  // in the list of all ForkMutexes
  ForkMutex* previous_ = nullptr;
};

/// Leaks `object` until the process exits. Used in a child for objects of the parent that cannot be
/// destroyed there, because their destructors would wait for threads that the child does not have,
/// or write to the parent's connections.
void KeepUntilExit(std::shared_ptr<void> object);

/// A T per process: in the child of a fork(), get() creates a new one. Not synchronised; the owner
/// guards it with a mutex.
template <typename T>
class PerProcess {
 public:
  PerProcess() = default;
  ~PerProcess() {
    if (!owner_.is_current()) KeepUntilExit(std::move(value_));
  }
  PerProcess(const PerProcess&) = delete;
  PerProcess& operator=(const PerProcess&) = delete;

  T& get() {
    if (!owner_.is_current()) {
      KeepUntilExit(std::exchange(value_, std::make_shared<T>()));
      owner_ = OwnerProcess();
    }
    return *value_;
  }

 private:
  OwnerProcess owner_;
  std::shared_ptr<T> value_ = std::make_shared<T>();
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_FORK_H_
