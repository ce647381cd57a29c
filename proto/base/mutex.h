// Mutexes whose use clang checks at compile time with -Wthread-safety; libstdc++ does not annotate
// std::mutex. A member that a mutex guards is declared with TQL_GUARDED_BY(mutex_), a function
// whose caller holds the mutex with TQL_REQUIRES(mutex_). Other compilers ignore the attributes.
#ifndef TQLKIT_PROTO_BASE_MUTEX_H_
#define TQLKIT_PROTO_BASE_MUTEX_H_

#include <mutex>
#include <shared_mutex>

#ifdef __clang__
#define TQLKIT_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define TQLKIT_THREAD_ATTRIBUTE(x)
#endif

#define TQL_CAPABILITY TQLKIT_THREAD_ATTRIBUTE(capability("mutex"))
#define TQL_SCOPED_CAPABILITY TQLKIT_THREAD_ATTRIBUTE(scoped_lockable)
#define TQL_GUARDED_BY(mutex) TQLKIT_THREAD_ATTRIBUTE(guarded_by(mutex))
/// Of a pointer: the object that it points to is guarded.
#define TQL_PT_GUARDED_BY(mutex) TQLKIT_THREAD_ATTRIBUTE(pt_guarded_by(mutex))
#define TQL_REQUIRES(...) TQLKIT_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define TQL_REQUIRES_SHARED(...) TQLKIT_THREAD_ATTRIBUTE(requires_shared_capability(__VA_ARGS__))
#define TQL_ACQUIRE(...) TQLKIT_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define TQL_ACQUIRE_SHARED(...) TQLKIT_THREAD_ATTRIBUTE(acquire_shared_capability(__VA_ARGS__))
#define TQL_RELEASE(...) TQLKIT_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define TQL_NO_THREAD_SAFETY_ANALYSIS TQLKIT_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace tql::base {

class TQL_CAPABILITY Mutex : public std::mutex {
 public:
  void lock() TQL_ACQUIRE() { std::mutex::lock(); }
  void unlock() TQL_RELEASE() { std::mutex::unlock(); }
};

class TQL_CAPABILITY SharedMutex : public std::shared_mutex {
 public:
  void lock() TQL_ACQUIRE() { std::shared_mutex::lock(); }
  void unlock() TQL_RELEASE() { std::shared_mutex::unlock(); }
  void lock_shared() TQL_ACQUIRE_SHARED() { std::shared_mutex::lock_shared(); }
  void unlock_shared() TQLKIT_THREAD_ATTRIBUTE(release_shared_capability()) {
    std::shared_mutex::unlock_shared();
  }
};

/// A std::unique_lock for condition variables, whose predicates are lambdas with TQL_REQUIRES.
class TQL_SCOPED_CAPABILITY MutexLock : public std::unique_lock<std::mutex> {
 public:
  explicit MutexLock(Mutex& mutex) TQL_ACQUIRE(mutex) : std::unique_lock<std::mutex>(mutex) {}
  ~MutexLock() TQL_RELEASE() = default;
  void lock() TQL_ACQUIRE() { std::unique_lock<std::mutex>::lock(); }
  void unlock() TQL_RELEASE() { std::unique_lock<std::mutex>::unlock(); }
};

class TQL_SCOPED_CAPABILITY WriterLock {
 public:
  explicit WriterLock(SharedMutex& mutex) TQL_ACQUIRE(mutex) : lock_(mutex) {}
  ~WriterLock() TQL_RELEASE() = default;

 private:
  const std::lock_guard<std::shared_mutex> lock_;
};

class TQL_SCOPED_CAPABILITY ReaderLock {
 public:
  explicit ReaderLock(SharedMutex& mutex) TQL_ACQUIRE_SHARED(mutex) : lock_(mutex) {}
  ~ReaderLock() TQL_RELEASE() = default;

 private:
  const std::shared_lock<std::shared_mutex> lock_;
};

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_MUTEX_H_
