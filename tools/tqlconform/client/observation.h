// The observed behaviour of a program in one case.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_OBSERVATION_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_OBSERVATION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tqlconform {

struct Observation {
  enum class Kind : std::uint8_t {
    kSeen,
    kUnsupported,  // the adapter cannot do what the case needs
    kTimeout,      // it had not ended in its time
    kBroken,       // nothing that it did can be judged
    kStopped,      // the run was interrupted
  };
  Kind kind = Kind::kSeen;
  std::string reason = {};  // Why it is not kSeen.

  /// Of kSeen: what explains that a program did not do what was expected, e.g. the end of its
  /// standard error. It is not judged.
  std::string ending = {};

  // Of kSeen. A depth sets only what it can observe.
  std::optional<bool> succeeded = {};
  std::string failure = {};                           // The text of the failure.
  std::optional<std::vector<std::string>> rows = {};  // Cells joined by "|".
  bool rows_are_lines = false;                        // A row with line feeds is several of them.
  std::optional<std::vector<std::string>> headers = {};  // "name TYPE", or names alone.
  std::optional<std::string> out = {};         // Messages, or everything that was printed.
  std::optional<std::size_t> statements = {};  // That have a result.
};

/// Where a program finds its server.
struct Place {
  std::string scheme;  // http, https, grpc, grpcs
  int port = 0;        // of 127.0.0.1
  std::string ca_file;
  std::string user;
  std::string password;
  std::string url() const { return scheme + "://127.0.0.1:" + std::to_string(port); }
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_OBSERVATION_H_
