// A folder for files that a program under test reads.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_TEMPORARY_FOLDER_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_TEMPORARY_FOLDER_H_

#include <string>

#include "tql/status.h"

namespace tqlconform {

/// Only its owner can read it. It is removed with all that it contains by the destructor, or when a
/// signal ends the process.
class TemporaryFolder {
 public:
  static tql::StatusOr<TemporaryFolder> Make();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  /// The path of a file in the folder.
  std::string PathOf(const std::string& name) const { return path_ + '/' + name; }

 private:
  explicit TemporaryFolder(std::string path);
  std::string path_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_TEMPORARY_FOLDER_H_
