// The client that tests the cases for clients: without a fault it passes them all, and with the
// fault that kMutantVariable names it fails the cases that name the fault.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_REFERENCE_CLIENT_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_REFERENCE_CLIENT_H_

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tools/tqlconform/client/temporary_folder.h"
#include "tools/tqlconform/suite/case_files.h"
#include "tql/status.h"

namespace tqlconform {

/// Its sources in Python, which the build has embedded in the program.
std::span<const EmbeddedFile> EmbeddedReferenceClient();

/// The client in a folder of its own.
class ReferenceClient {
 public:
  static tql::StatusOr<ReferenceClient> Unpack();

  /// Starts it as an adapter of full depth. Needs python3 in PATH.
  std::vector<std::string> command() const { return {"python3", folder_.PathOf("mutants.py")}; }

 private:
  explicit ReferenceClient(TemporaryFolder folder) : folder_(std::move(folder)) {}
  TemporaryFolder folder_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_REFERENCE_CLIENT_H_
