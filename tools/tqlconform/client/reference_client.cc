#include "tools/tqlconform/client/reference_client.h"

#include <fstream>

#include "proto/base/status_macros.h"

namespace tqlconform {

tql::StatusOr<ReferenceClient> ReferenceClient::Unpack() {
  TQL_ASSIGN_OR_RETURN(TemporaryFolder folder, TemporaryFolder::Make());
  for (const EmbeddedFile& file : EmbeddedReferenceClient()) {
    const std::string path = folder.PathOf(std::string(file.name));
    std::ofstream stream(path, std::ios::binary);
    stream.write(file.text.data(), static_cast<std::streamsize>(file.text.size()));
    stream.close();
    if (!stream) return tql::InternalError(path + ": cannot write");
  }
  return ReferenceClient(std::move(folder));
}

}  // namespace tqlconform
