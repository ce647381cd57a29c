// The tsload service, without a protocol: load cycles, and the threads that commit them.
#ifndef TQLKIT_MOCKSERVER_LOAD_LOAD_SERVICE_H_
#define TQLKIT_MOCKSERVER_LOAD_LOAD_SERVICE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/load/cycle.h"
#include "mockserver/load/load_params.h"
#include "mockserver/load/spool.h"
#include "mockserver/net/worker_pool.h"
#include "mockserver/space/namespaces.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::load {

/// Thread-safe.
class LoadService {
 public:
  /// Cycles that may be open at the same time, and those that are done and still known.
  static constexpr std::size_t kMostOpen = 1000;
  static constexpr std::size_t kMostDone = 256;
  /// A cycle without a call for so long, by its namespace's clock, is cancelled; one that is done
  /// is forgotten.
  static constexpr std::chrono::hours kLongestIdle{1};
  /// Commits that run at the same time.
  static constexpr std::size_t kCommitThreads = 4;

  /// Uploaded data are kept in a file without a name in `spool_folder`. The namespaces must outlive
  /// the service.
  LoadService(space::Namespaces& namespaces, std::filesystem::path spool_folder);
  /// Cancels all loads.
  ~LoadService();
  LoadService(const LoadService&) = delete;
  LoadService& operator=(const LoadService&) = delete;

  /// Starts a cycle, whose id and times are those of the namespace. It ends with the namespace: one
  /// that replaces it has no cycles. RESOURCE_EXHAUSTED if kMostOpen are open.
  StatusOr<std::shared_ptr<Cycle>> Start(Owner owner, LoadParams params);
  /// Returns null if the owner has no such cycle.
  std::shared_ptr<Cycle> Find(const Owner& owner, std::string_view id);
  /// NOT_FOUND for an unknown cycle or table; the errors of Cycle::BeginUpload.
  StatusOr<std::unique_ptr<UploadWriter>> BeginUpload(const Owner& owner, std::string_view id,
                                                      std::optional<std::uint64_t> chunk,
                                                      bool gzip);
  /// Starts the commit of a cycle, which another thread runs. NOT_FOUND for an unknown cycle; the
  /// errors of Cycle::BeginCommit.
  Status Commit(const Owner& owner, std::string_view id, std::optional<std::uint64_t> chunks);
  /// The cycles of a namespace, in the order of their starts.
  std::vector<std::shared_ptr<Cycle>> CyclesOf(std::string_view space);

 private:
  struct Entry {
    std::uint64_t number = 0;  // in the order of the starts
    std::shared_ptr<Cycle> cycle;
    /// In which it was started. Another one may have its name by now.
    std::weak_ptr<space::Namespace> space;
  };
  /// Removes cycles that were idle for too long, those whose namespace was replaced or removed, and
  /// those that are done and too many.
  void Sweep() TQL_REQUIRES(mutex_);
  /// Returns null if the owner has no such cycle.
  Entry* FindEntry(const Owner& owner, std::string_view id) TQL_REQUIRES(mutex_);
  Status Run(Cycle& cycle, space::Namespace& space);
  Status Load(Cycle& cycle, space::Namespace& space);

  space::Namespaces& namespaces_;
  Spool spool_;
  base::Mutex mutex_;
  /// By namespace and id: namespaces of one seed have the same ids.
  std::map<std::pair<std::string, std::string>, Entry> cycles_ TQL_GUARDED_BY(mutex_);
  std::uint64_t last_number_ TQL_GUARDED_BY(mutex_) = 0;
  bool stopping_ TQL_GUARDED_BY(mutex_) = false;
  net::WorkerPool commits_;  // last: its tasks use the others
};

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_LOAD_SERVICE_H_
