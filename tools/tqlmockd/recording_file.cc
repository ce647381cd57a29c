#include "tools/tqlmockd/recording_file.h"

#include <chrono>
#include <cstdio>
#include <utility>

#include "tools/tqlmockd/ready.h"

namespace tqlmockd {
namespace {

using tql::Status;

constexpr std::chrono::seconds kPause{1};
constexpr mode_t kForOwner = 0600;

std::uint64_t AnswersOf(const tql::mock::Server::RecordingCounts& counts) {
  return counts.statements + counts.left_out;
}

}  // namespace

RecordingFile::RecordingFile(const tql::mock::Server& server, std::string path)
    : server_(server), path_(std::move(path)) {}

RecordingFile::~RecordingFile() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (writer_.joinable()) writer_.join();
}

Status RecordingFile::Write() {
  written_ = AnswersOf(server_.recording_counts());
  return WriteFileAtomically(path_, server_.Recording(), kForOwner);
}

Status RecordingFile::Start() {
  if (path_.empty()) return Status();
  if (Status status = Write(); !status.ok()) return status;
  writer_ = std::thread([this] { WriteChanges(); });
  return Status();
}

void RecordingFile::WriteChanges() {
  bool failed = false;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kPause, [this] { return stop_; })) {
    if (written_ == AnswersOf(server_.recording_counts())) continue;
    const Status status = Write();
    if (!status.ok() && !std::exchange(failed, true)) {
      std::fprintf(stderr, "tqlmockd: %s\n", status.message().c_str());
    }
  }
}

Status RecordingFile::Finish() {
  if (path_.empty()) return Status();
  const std::lock_guard lock(mutex_);
  if (Status status = Write(); !status.ok()) return status;
  const auto counts = server_.recording_counts();
  std::fprintf(stderr, "tqlmockd: recorded %llu statements as %llu rules in %s\n",
               static_cast<unsigned long long>(counts.statements),
               static_cast<unsigned long long>(counts.rules), path_.c_str());
  if (counts.too_large > 0) {
    std::fprintf(stderr,
                 "tqlmockd: %llu answers have more than 1 MiB and are recorded as an error\n",
                 static_cast<unsigned long long>(counts.too_large));
  }
  if (counts.left_out > 0) {
    std::fprintf(stderr,
                 "tqlmockd: %llu answers are not recorded: a plan has at most 10000 rules and 10 "
                 "MB, and no NUL\n",
                 static_cast<unsigned long long>(counts.left_out));
  }
  return Status();
}

}  // namespace tqlmockd
