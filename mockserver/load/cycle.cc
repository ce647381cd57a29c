#include "mockserver/load/cycle.h"

#include <algorithm>
#include <utility>

#include "mockserver/load/errors.h"
#include "proto/base/status_macros.h"
#include "proto/base/utf8.h"
#include "tql/wire/json.h"
#include "tql/wire/messages.h"
#include "tqlkit/load.pb.h"

namespace tql::load {
namespace {

constexpr std::size_t kLongestReason = 300;

std::string_view StageName(Cycle::Stage stage) {
  switch (stage) {
    case Cycle::Stage::kInit:
      return "INIT";
    case Cycle::Stage::kIngesting:
      return "INGESTING";
    case Cycle::Stage::kCommitting:
      return "COMMITTING";
    case Cycle::Stage::kDone:
      break;
  }
  return "DONE";
}

constexpr std::string_view kLoadFailed = "LOAD_FAILED";

std::int64_t Microseconds(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

}  // namespace

Cycle::Cycle(std::string id, Owner owner, LoadParams params, Spool& spool,
             std::shared_ptr<const engine::Clock> clock, std::stop_token space_stop)
    : id_(std::move(id)),
      owner_(std::move(owner)),
      params_(std::move(params)),
      spool_(spool),
      clock_(std::move(clock)),
      space_stop_(std::move(space_stop)),
      started_(clock_->WallTime()),
      changed_(clock_->Now()) {}

Cycle::Stage Cycle::stage() const {
  const base::MutexLock lock(mutex_);
  return stage_;
}

engine::MachineClock::time_point Cycle::finished() const {
  const base::MutexLock lock(mutex_);
  return finished_;
}

bool Cycle::IsIdle(std::chrono::nanoseconds age) const {
  const base::MutexLock lock(mutex_);
  return stage_ != Stage::kCommitting && uploads_in_progress_ == 0 &&
         clock_->Now() - changed_ > age;
}

Status Cycle::BeginUpload() {
  const base::MutexLock lock(mutex_);
  if (!TakesUploads()) return errors::UnknownCycle(id_);
  stage_ = Stage::kIngesting;
  ++uploads_in_progress_;
  Touch();
  if (!first_upload_) first_upload_ = changed_;
  return Status();
}

Status Cycle::AddUpload(Upload upload, std::optional<std::uint64_t> chunk) {
  const base::MutexLock lock(mutex_);
  if (!TakesUploads()) return errors::UnknownCycle(id_);
  const auto same =
      std::ranges::find_if(texts_, [&](const Text& text) { return chunk && text.chunk == chunk; });
  if (same == texts_.end() && texts_.size() == kMostUploads) {
    return errors::TooManyUploads(kMostUploads);
  }
  received_ += upload.bytes->size();
  Touch();
  last_upload_ = changed_;
  if (same == texts_.end()) {
    texts_.push_back({chunk, std::move(upload)});
  } else {
    received_ -= same->upload.bytes->size();
    same->upload = std::move(upload);
  }
  return Status();
}

void Cycle::EndUpload() {
  const base::MutexLock lock(mutex_);
  --uploads_in_progress_;
  Touch();
}

Status Cycle::BeginCommit(std::optional<std::uint64_t> chunks) {
  const base::MutexLock lock(mutex_);
  if (stage_ > Stage::kIngesting) return errors::CannotCommitUnknown(id_);
  if (uploads_in_progress_ > 0) return errors::UploadsInProgress(id_, uploads_in_progress_);
  if (chunks) {
    const auto found = static_cast<std::uint64_t>(
        std::ranges::count_if(texts_, [](const Text& text) { return text.chunk.has_value(); }));
    if (found < *chunks) return errors::MissingChunks(id_, found, *chunks);
  }
  stage_ = Stage::kCommitting;
  Touch();
  return Status();
}

void Cycle::Cancel() {
  std::vector<Text> uploaded;
  const base::MutexLock lock(mutex_);
  stop_.request_stop();
  // A commit in progress finishes the cycle itself: it may be too late to stop it.
  if (stage_ < Stage::kCommitting) uploaded = FinishLocked(errors::Cancelled());
}

std::vector<std::vector<Upload>> Cycle::Texts() const {
  const base::MutexLock lock(mutex_);
  std::vector<const Text*> chunks;
  std::vector<std::vector<Upload>> texts;
  std::size_t of_chunks = 0;  // the index of their text
  for (const Text& text : texts_) {
    if (!text.chunk || chunks.empty()) texts.push_back({text.upload});
    if (!text.chunk) continue;
    if (chunks.empty()) of_chunks = texts.size() - 1;
    chunks.push_back(&text);
  }
  if (chunks.empty()) return texts;
  std::ranges::sort(chunks, {}, [](const Text* text) { return *text->chunk; });
  texts[of_chunks].clear();
  for (const Text* chunk : chunks) texts[of_chunks].push_back(chunk->upload);
  return texts;
}

void Cycle::ResetRows() {
  const base::MutexLock lock(mutex_);
  rows_ = ignored_ = 0;
  bytes_ = 0;
  errors_.clear();
  bad_records_.reset();
}

void Cycle::AddStored(const RowBatch& batch) {
  const base::MutexLock lock(mutex_);
  rows_ += batch.row_count;
  bytes_ += batch.bytes;
}

Status Cycle::AddBadRecord(const BadRecord& record) {
  const base::MutexLock lock(mutex_);
  ++ignored_;
  std::string reason = record.reason;
  if (reason.size() > kLongestReason) reason = base::Excerpt(reason, kLongestReason);
  if (errors_.size() < params_.max_reported_errors) errors_.push_back(reason);
  if (!bad_records_) bad_records_ = std::make_shared<SpooledBytes>(spool_);
  TQL_RETURN_IF_ERROR(bad_records_->Append(record.text));
  TQL_RETURN_IF_ERROR(bad_records_->Append("\n"));
  if (ignored_ <= params_.max_ignored_rows) return Status();
  return errors::TooManyBadRows(params_.max_ignored_rows,
                                errors_.empty() ? reason : errors_.front());
}

void Cycle::Finish(const Status& result) {
  std::vector<Text> uploaded;
  const base::MutexLock lock(mutex_);
  uploaded = FinishLocked(result);
}

std::vector<Cycle::Text> Cycle::FinishLocked(const Status& result) {
  stage_ = Stage::kDone;
  result_ = result;
  if (bad_records_) {
    const Status written = bad_records_->Finish();
    if (!written.ok()) bad_records_.reset();
  }
  if (!result_.ok()) {
    rows_ = 0;
    bytes_ = 0;
  }
  ended_ = clock_->WallTime();
  finished_ = clock_->MachineNow();
  Touch();
  return std::exchange(texts_, {});
}

std::int64_t Cycle::ReceivedPerSecond() const {
  if (!first_upload_ || last_upload_ <= *first_upload_) return 0;
  const std::chrono::duration<double> time = last_upload_ - *first_upload_;
  return static_cast<std::int64_t>(static_cast<double>(received_) / time.count());
}

std::string_view Cycle::StatusName() const {
  const base::MutexLock lock(mutex_);
  return result_.ok() ? StageName(stage_) : kLoadFailed;
}

std::shared_ptr<const SpooledBytes> Cycle::BadRecords() const {
  const base::MutexLock lock(mutex_);
  if (stage_ != Stage::kDone) return nullptr;
  return bad_records_;
}

std::string Cycle::StatusJson(bool with_result) const {
  pb::LoadStatus status;
  {
    const base::MutexLock lock(mutex_);
    const bool done = stage_ == Stage::kDone;
    status.set_cycle_id(id_);
    status.set_internal_stage(std::string(StageName(stage_)));
    if (done || with_result) {
      status.mutable_status()->set_code(std::string(result_.ok() ? "OK" : kLoadFailed));
      status.mutable_status()->set_message(result_.ok() ? "OK" : result_.message());
    }
    status.set_rows_written(rows_);
    status.set_ignored_row_count(ignored_);
    status.set_bytes_written(static_cast<std::int64_t>(bytes_));
    status.set_buffered_bytes_size(done ? 0 : static_cast<std::int64_t>(received_));
    status.set_ingested_network_bw(ReceivedPerSecond());
    status.set_start_time(Microseconds(started_));
    if (done) status.set_end_time(Microseconds(ended_));
    for (const std::string& error : errors_) status.add_parsing_errors(error);
  }
  return ToJson(status);
}

Status UploadWriter::Append(std::string_view piece) {
  if (cycle_->stop().stop_requested()) return errors::UnknownCycle(cycle_->id());
  if (texts_.empty()) BeginText();
  return texts_.back()->Append(piece);
}

Status UploadWriter::Finish() {
  if (texts_.empty()) BeginText();
  for (const auto& text : texts_) {
    TQL_RETURN_IF_ERROR(text->Finish());
  }
  for (const auto& text : texts_) {
    TQL_RETURN_IF_ERROR(cycle_->AddUpload({text, gzip_}, chunk_));
  }
  return Status();
}

}  // namespace tql::load
