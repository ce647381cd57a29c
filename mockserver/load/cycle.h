// A load cycle: from the request that starts it, over its uploads, to the end of its commit.
#ifndef TQLKIT_MOCKSERVER_LOAD_CYCLE_H_
#define TQLKIT_MOCKSERVER_LOAD_CYCLE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/engine/environment.h"
#include "mockserver/load/load_params.h"
#include "mockserver/load/row_reader.h"
#include "mockserver/load/spool.h"
#include "mockserver/load/text_source.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::load {

/// Whose cycle it is; for others it does not exist.
struct Owner {
  std::string user;
  std::string space;  // the namespace
  friend bool operator==(const Owner&, const Owner&) = default;
};

/// Thread-safe.
class Cycle {
 public:
  using TimePoint = engine::Clock::TimePoint;
  enum class Stage : std::uint8_t { kInit, kIngesting, kCommitting, kDone };
  /// The maximum number of uploads of a cycle, chunks included.
  static constexpr std::size_t kMostUploads = 10'000;

  /// The clock is that of the namespace, and `space_stop` its stop, after which uploads find no
  /// cycle. The spool must outlive the cycle.
  Cycle(std::string id, Owner owner, LoadParams params, Spool& spool,
        std::shared_ptr<const engine::Clock> clock, std::stop_token space_stop = {});

  const std::string& id() const { return id_; }
  const Owner& owner() const { return owner_; }
  const LoadParams& params() const { return params_; }
  Stage stage() const;
  /// The machine's time at its end, by which cycles of all namespaces can be compared.
  engine::MachineClock::time_point finished() const;
  /// Whether the time since the last change is more than `age`, and no upload is in progress.
  bool IsIdle(std::chrono::nanoseconds age) const;

  // ---- Calls -----------------------------------------------------------------------------------

  /// Counts an upload in progress; EndUpload must follow. NOT_FOUND after a commit or a cancel.
  Status BeginUpload();
  /// Adds an upload that is complete. One with the number of an earlier chunk replaces that chunk.
  /// NOT_FOUND after a cancel, RESOURCE_EXHAUSTED for more than kMostUploads.
  Status AddUpload(Upload upload, std::optional<std::uint64_t> chunk);
  void EndUpload();
  /// Ends the uploads. `chunks` is how many the client has sent, if it says so. NOT_FOUND after a
  /// commit or a cancel; FAILED_PRECONDITION, and the cycle stays open, while an upload is in
  /// progress or a chunk is missing.
  Status BeginCommit(std::optional<std::uint64_t> chunks);
  /// Ends a cycle that is not done, without a change of the table.
  void Cancel();
  /// A LoadStatus as JSON. `with_result` is whether it has a status before the end.
  std::string StatusJson(bool with_result) const;
  /// "INIT", …, "DONE" or "LOAD_FAILED".
  std::string_view StatusName() const;
  /// Null without a bad record, and before the end.
  std::shared_ptr<const SpooledBytes> BadRecords() const;

  // ---- The commit, which one thread runs -------------------------------------------------------

  std::stop_token stop() const { return stop_.get_token(); }
  /// The texts in their order: each upload is one; all chunks together are one, in the order of
  /// their numbers.
  std::vector<std::vector<Upload>> Texts() const;
  /// Forgets rows and bad records of an attempt that begins again.
  void ResetRows();
  void AddStored(const RowBatch& batch);
  /// FAILED_PRECONDITION if the parameters do not permit another one.
  Status AddBadRecord(const BadRecord& record);
  /// Ends the cycle and frees what was uploaded.
  void Finish(const Status& result);

 private:
  struct Text {
    std::optional<std::uint64_t> chunk;
    Upload upload;
  };
  bool TakesUploads() const TQL_REQUIRES(mutex_) {
    return stage_ <= Stage::kIngesting && !space_stop_.stop_requested();
  }
  void Touch() TQL_REQUIRES(mutex_) { changed_ = clock_->Now(); }
  /// Returns what was uploaded. To free it takes long, so nobody may wait for the mutex meanwhile.
  std::vector<Text> FinishLocked(const Status& result) TQL_REQUIRES(mutex_);
  std::int64_t ReceivedPerSecond() const TQL_REQUIRES(mutex_);

  const std::string id_;
  const Owner owner_;
  const LoadParams params_;
  Spool& spool_;
  const std::shared_ptr<const engine::Clock> clock_;
  const std::stop_token space_stop_;
  const std::chrono::system_clock::time_point started_;
  std::stop_source stop_;

  mutable base::Mutex mutex_;
  Stage stage_ TQL_GUARDED_BY(mutex_) = Stage::kInit;
  Status result_ TQL_GUARDED_BY(mutex_);
  TimePoint changed_ TQL_GUARDED_BY(mutex_);
  std::chrono::system_clock::time_point ended_ TQL_GUARDED_BY(mutex_);
  engine::MachineClock::time_point finished_ TQL_GUARDED_BY(mutex_);
  std::vector<Text> texts_ TQL_GUARDED_BY(mutex_);
  std::size_t uploads_in_progress_ TQL_GUARDED_BY(mutex_) = 0;
  std::uint64_t received_ TQL_GUARDED_BY(mutex_) = 0;  // bytes
  std::optional<TimePoint> first_upload_ TQL_GUARDED_BY(mutex_);
  TimePoint last_upload_ TQL_GUARDED_BY(mutex_);
  std::int64_t rows_ TQL_GUARDED_BY(mutex_) = 0;
  std::uint64_t bytes_ TQL_GUARDED_BY(mutex_) = 0;
  std::int64_t ignored_ TQL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> errors_ TQL_GUARDED_BY(mutex_);
  std::shared_ptr<SpooledBytes> bad_records_ TQL_GUARDED_BY(mutex_);
};

/// Receives an upload. Without Finish nothing of it remains. Thread safety: one thread.
class UploadWriter {
 public:
  /// Cycle::BeginUpload was called.
  UploadWriter(std::shared_ptr<Cycle> cycle, Spool& spool, std::optional<std::uint64_t> chunk,
               bool gzip)
      : cycle_(std::move(cycle)), spool_(spool), chunk_(chunk), gzip_(gzip) {}
  ~UploadWriter() { cycle_->EndUpload(); }
  UploadWriter(const UploadWriter&) = delete;
  UploadWriter& operator=(const UploadWriter&) = delete;

  /// Begins another text, for a request with several. All texts of a chunk are one.
  void BeginText() {
    if (texts_.empty() || !chunk_) texts_.push_back(std::make_shared<SpooledBytes>(spool_));
  }
  /// UNAVAILABLE if the data cannot be stored; NOT_FOUND after a cancel.
  Status Append(std::string_view piece);
  Status Finish();

 private:
  const std::shared_ptr<Cycle> cycle_;
  Spool& spool_;
  const std::optional<std::uint64_t> chunk_;
  const bool gzip_;
  std::vector<std::shared_ptr<SpooledBytes>> texts_;
};

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_CYCLE_H_
