// Certificates for servers that a program must trust, or must not.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_CERTIFICATES_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_CERTIFICATES_H_

#include <string>
#include <utility>

#include "tools/tqlconform/client/temporary_folder.h"
#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tqlconform {

/// Files in a folder of their own, which the destructor removes.
class Certificate {
 public:
  /// Makes a key and a self-signed certificate for 127.0.0.1 with the fault that `kind` names. The
  /// certificate to trust is that one, for UNKNOWN_AUTHORITY another one.
  static tql::StatusOr<Certificate> Make(confpb::Client::Certificate kind);

  std::string certificate_file() const { return folder_.PathOf("server.pem"); }
  std::string key_file() const { return folder_.PathOf("key.pem"); }
  /// The certificate that the program must trust.
  std::string ca_file() const { return folder_.PathOf("ca.pem"); }

 private:
  explicit Certificate(TemporaryFolder folder) : folder_(std::move(folder)) {}
  TemporaryFolder folder_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_CERTIFICATES_H_
