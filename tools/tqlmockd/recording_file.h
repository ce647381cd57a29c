// The file of a recording.
#ifndef TQLKIT_TOOLS_TQLMOCKD_RECORDING_FILE_H_
#define TQLKIT_TOOLS_TQLMOCKD_RECORDING_FILE_H_

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "tql/mock/server.h"
#include "tql/status.h"

namespace tqlmockd {

/// Writes the recording of a server to a file, at most once a second and at the end. The file is
/// replaced atomically, so that it is a valid plan at any time, and only its owner may read it.
class RecordingFile {
 public:
  /// The server is borrowed. Writes nothing if `path` is empty.
  RecordingFile(const tql::mock::Server& server, std::string path);
  ~RecordingFile();
  RecordingFile(const RecordingFile&) = delete;
  RecordingFile& operator=(const RecordingFile&) = delete;

  /// Writes the first version of the file, and begins to observe the recording.
  tql::Status Start();
  /// Call when the server has stopped: writes the last version, and prints a summary.
  tql::Status Finish();

 private:
  tql::Status Write();
  void WriteChanges();

  const tql::mock::Server& server_;
  const std::string path_;
  std::uint64_t written_ = 0;  // number of answers in the file, left out ones included
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread writer_;
};

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_RECORDING_FILE_H_
