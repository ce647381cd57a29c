// What the library does about fork(): the child has the memory of the process, but none of its
// other threads, and shares every open connection with it.
#ifndef TQLKIT_CLIENT_SRC_FORK_H_
#define TQLKIT_CLIENT_SRC_FORK_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace tql {

/// How often fork() lies between the start of the program and this process. Cheap.
std::uint64_t ForkGeneration();

/// The process that an object was made in.
class OwnerProcess {
 public:
  /// False in a child of that process.
  bool is_current() const { return generation_ == ForkGeneration(); }

 private:
  std::uint64_t generation_ = ForkGeneration();
};

/// A mutex that is never locked in the child of a fork(): fork() waits until its holder releases
/// it. Hold it briefly. A holder must not lock, make or destroy another ForkMutex, nor call
/// anything that may fork.
class ForkMutex {
 public:
  ForkMutex();
  ~ForkMutex();
  ForkMutex(const ForkMutex&) = delete;
  ForkMutex& operator=(const ForkMutex&) = delete;

  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

 private:
  friend class ForkMutexes;
  std::mutex mutex_;
  ForkMutex* next_ = nullptr;  // of all that exist
  ForkMutex* previous_ = nullptr;
};

/// Keeps in a child what belongs to the parent and cannot be destroyed there: its destructor would
/// wait for threads that the child lacks, or write to the parent's connections.
void KeepUntilExit(std::shared_ptr<void> object);

/// A T of each process: the child of a fork() begins with a new one. Guarded by a mutex of its
/// owner.
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
