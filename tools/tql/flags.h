// The command line.
#ifndef TQLKIT_TOOLS_TQL_FLAGS_H_
#define TQLKIT_TOOLS_TQL_FLAGS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/tql/batch.h"
#include "tools/tql/renderer.h"

namespace tql::shell {

struct Flags {
  std::string url = "https://127.0.0.1:8443";
  std::vector<Input> inputs;  // -c and -f, in their order
  std::optional<Format> format;
  std::optional<std::int64_t> top;
  std::string database;
  std::string user;
  std::string password_file;
  std::string ca_file;
  bool insecure = false;
  std::optional<std::chrono::milliseconds> timeout;
};

/// The flags; or, after --help, --version or a mistake that was explained, the status to exit with.
struct ParsedFlags {
  std::optional<Flags> flags;
  int exit_status = 0;
};
ParsedFlags ParseFlags(int argc, const char* const* argv);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_FLAGS_H_
