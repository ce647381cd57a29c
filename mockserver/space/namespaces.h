// Namespaces: separate sets of databases in one server. A session sees one of them.
#ifndef TQLKIT_MOCKSERVER_SPACE_NAMESPACES_H_
#define TQLKIT_MOCKSERVER_SPACE_NAMESPACES_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/engine/engine.h"
#include "mockserver/space/environment.h"
#include "mockserver/storage/cancellation.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::space {

/// The name of the namespace that always exists.
inline constexpr std::string_view kMain = "main";

/// Data that a higher layer adds to each namespace, e.g. the plan and journal of a test double.
class Attachment {
 public:
  virtual ~Attachment() = default;
  /// The attachment of a fork of the namespace.
  virtual std::shared_ptr<Attachment> Fork() const = 0;
};
/// At most one of each type.
using Attachments = std::vector<std::shared_ptr<Attachment>>;

/// Ports whose clients log in to one namespace. They are closed by the destructor.
class OwnPorts {
 public:
  virtual ~OwnPorts() = default;
  std::string http;   // URL; empty: none
  std::string https;  // the same
  std::string grpc;   // HOST:PORT; empty: none
};

/// Databases with their catalog and the history of their changes (an engine), the clock, the source
/// of identifiers, and settings. Thread safety: every method may be called from any thread.
class Namespace {
 public:
  struct Settings {
    /// The longest a statement may run; zero: no limit.
    std::chrono::milliseconds statement_timeout{0};
  };
  /// The engine uses the environment. `server_stop` also cancels the namespace's statements.
  Namespace(std::string name, std::unique_ptr<engine::Engine> engine,
            std::shared_ptr<Environment> environment, const Settings& settings,
            std::stop_token server_stop, Attachments attachments = {});

  const std::string& name() const { return name_; }
  engine::Engine& engine() const { return *engine_; }
  const std::shared_ptr<Environment>& environment() const { return environment_; }
  const engine::Clock& clock() const { return environment_->clock; }
  const Settings& settings() const { return settings_; }
  /// Returns the attachment of this type, or null.
  template <typename Type>
  std::shared_ptr<Type> Find() const {
    for (const std::shared_ptr<Attachment>& attachment : attachments_) {
      if (auto found = std::dynamic_pointer_cast<Type>(attachment)) return found;
    }
    return nullptr;
  }
  /// Requested when statements of this namespace must end.
  std::stop_token stop() const { return stop_.get_token(); }
  void RequestStop() { stop_.request_stop(); }

  /// The ports that belong to the namespace; may be null. They are closed with it.
  std::shared_ptr<const OwnPorts> ports() const {
    const base::MutexLock lock(ports_mutex_);
    return ports_;
  }
  void SetPorts(std::shared_ptr<const OwnPorts> ports) {
    const base::MutexLock lock(ports_mutex_);
    ports_.swap(ports);
  }

  /// The time without a call after which the namespace is removed, by the clock of Namespaces;
  /// zero: never.
  std::chrono::nanoseconds ttl() const { return std::chrono::nanoseconds(ttl_.load()); }
  void SetTtl(std::chrono::nanoseconds ttl) { ttl_ = ttl.count(); }
  void Touch(engine::Clock::TimePoint now) { used_ = now.time_since_epoch().count(); }
  bool IsExpired(engine::Clock::TimePoint now) const {
    return ttl_ > 0 && now.time_since_epoch().count() - used_ > ttl_;
  }

  /// Returns a namespace with the content and the settings of this one. Errors and cost: see
  /// storage::Storage::Fork.
  StatusOr<std::shared_ptr<Namespace>> Fork(std::string name,
                                            const storage::Cancellation& cancellation) const;

 private:
  const std::string name_;
  const std::shared_ptr<Environment> environment_;
  const std::unique_ptr<engine::Engine> engine_;
  const Settings settings_;
  const std::stop_token server_stop_;
  const Attachments attachments_;
  std::stop_source stop_;
  mutable base::Mutex ports_mutex_;
  std::shared_ptr<const OwnPorts> ports_ TQL_GUARDED_BY(ports_mutex_);
  std::atomic<std::int64_t> ttl_ = 0;   // nanoseconds
  std::atomic<std::int64_t> used_ = 0;  // the last call
  const std::stop_callback<std::function<void()>> relay_;
};

/// The namespaces of a server by name. Each call holds a reference to its namespace, so a replaced
/// or removed namespace is destroyed after its last call. Thread safety: every method may be called
/// from any thread.
class Namespaces {
 public:
  static constexpr std::size_t kMost = 10'000;
  /// Namespaces beside kMain that keep connections to their storage while nobody uses them.
  static constexpr std::size_t kMostConnected = 64;
  static constexpr std::size_t kLongestName = 64;

  /// `main` is called kMain. The clock, for times to live, must outlive this object. It is not that
  /// of a namespace, which a test may move.
  explicit Namespaces(std::shared_ptr<Namespace> main,
                      const engine::Clock& clock = engine::SystemClock());

  /// Keeps the current content of "main", with which Fork can replace it. Errors and cost are those
  /// of Namespace::Fork.
  Status KeepStart(const storage::Cancellation& cancellation);

  /// Returns nullptr for an unknown name. Counts as a call to the namespace, and may close the
  /// connections of those that were called least recently.
  std::shared_ptr<Namespace> Find(std::string_view name) const;
  /// Does the same, but does not count as a call.
  std::shared_ptr<Namespace> Peek(std::string_view name) const;
  /// Returns the names in alphabetical order.
  std::vector<std::string> Names() const;

  /// Creates a namespace with the current content of `from`, as Namespace::Fork. A namespace with
  /// this name is replaced, and its statements are cancelled. An empty `from` is the content that
  /// KeepStart kept, or "main". INVALID_ARGUMENT for a name that is not 1 to 64 letters, digits,
  /// '.', '_' and '-', the first a letter or a digit; FAILED_PRECONDITION for kMain without
  /// KeepStart; NOT_FOUND for an unknown `from`; RESOURCE_EXHAUSTED if kMost exist.
  StatusOr<std::shared_ptr<Namespace>> Fork(std::string_view name, std::string_view from,
                                            const storage::Cancellation& cancellation);
  /// Removes a namespace and cancels its statements. NOT_FOUND for an unknown name,
  /// INVALID_ARGUMENT for kMain.
  Status Remove(std::string_view name);
  /// Sets the time to live of a namespace, which begins now.
  void SetTtl(Namespace& space, std::chrono::nanoseconds ttl) const;
  /// Removes the namespaces whose time to live is over, unless a call uses them.
  void RemoveExpired();

 private:
  std::shared_ptr<Namespace> Origin(std::string_view from) const;
  void Used(const std::shared_ptr<Namespace>& space) const;
  void MakeLast(const std::shared_ptr<Namespace>& space) const TQL_REQUIRES(used_mutex_);

  const engine::Clock& clock_;
  mutable base::SharedMutex mutex_;
  std::map<std::string, std::shared_ptr<Namespace>, std::less<>> namespaces_ TQL_GUARDED_BY(mutex_);
  std::shared_ptr<Namespace> start_ TQL_GUARDED_BY(mutex_);  // null: KeepStart was not called
  mutable base::Mutex used_mutex_;
  /// Those that may be connected, in the order of their last use.
  mutable std::vector<std::weak_ptr<Namespace>> used_ TQL_GUARDED_BY(used_mutex_);
};

}  // namespace tql::space

#endif  // TQLKIT_MOCKSERVER_SPACE_NAMESPACES_H_
