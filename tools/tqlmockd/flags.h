// The command line of tqlmockd.
#ifndef TQLKIT_TOOLS_TQLMOCKD_FLAGS_H_
#define TQLKIT_TOOLS_TQLMOCKD_FLAGS_H_

#include <string>
#include <variant>
#include <vector>

#include "tools/tqlmockd/log.h"
#include "tools/tqlmockd/values.h"
#include "tql/mock/server.h"

namespace tqlmockd {

/// The service that statements are forwarded to. The other settings come from the environment and
/// the profile of libtql.
struct UpstreamFlags {
  std::string url;  // Empty: none.
  std::string user;
  std::string password_file;
  std::string ca_file;
  bool insecure = false;
  bool allow_writes = false;
};

struct Flags {
  tql::mock::Config server;
  UpstreamFlags upstream;
  std::string record;  // The file for the recording; empty: none.
  bool diff = false;   // Compare with the upstream.
  std::vector<ReportFile> reports;
  LogOptions log;
  std::string ready_file;    // Empty: none.
  std::string tls_cert_out;  // Empty: none.
  int ready_fd = -1;         // -1: none.
  bool fail_unmet = false;
  std::string check;  // The URL of a server to check instead of starting one; empty: none.
};

/// Returns the parsed flags, or the exit status of a command line that requires no server: --help,
/// --version or an error, which has been printed.
std::variant<Flags, int> ParseFlags(int argc, const char* const* argv);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_FLAGS_H_
