#include "tools/tqlconform/client/temporary_folder.h"

#include <utility>

#include "proto/base/status_macros.h"
#include "tools/tqlconform/client/leftovers.h"

namespace tqlconform {

tql::StatusOr<TemporaryFolder> TemporaryFolder::Make() {
  TQL_ASSIGN_OR_RETURN(std::string path, Leftovers::Get().MakeFolder());
  return TemporaryFolder(std::move(path));
}

TemporaryFolder::TemporaryFolder(std::string path) : path_(std::move(path)) {}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryFolder::~TemporaryFolder() {
  if (!path_.empty()) Leftovers::Get().RemoveFolder(path_);
}

}  // namespace tqlconform
