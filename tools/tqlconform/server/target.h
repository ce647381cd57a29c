// A server under test, over one transport.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SERVER_TARGET_H_
#define TQLKIT_TOOLS_TQLCONFORM_SERVER_TARGET_H_

#include <chrono>
#include <memory>
#include <string>

#include "tools/tqlconform/server/answer.h"
#include "tools/tqlconform/server/connection.h"
#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tqlconform {

/// A step whose variables are replaced, with the session and the context of the run.
struct Call {
  const confpb::Step* step = nullptr;
  std::string cookie;  // of the session; empty: none
  /// The JSON of the context for query and script.
  std::string context;
  Clock::time_point deadline;
};

/// Makes calls, one at a time. Keeps its connection open between them.
class Caller {
 public:
  virtual ~Caller() = default;
  virtual Answer Make(const Call& call, const Interrupt& interrupt) = 0;
};

class Target {
 public:
  virtual ~Target() = default;
  virtual confpb::Transport transport() const = 0;
  /// "http", "https" or "grpc"
  virtual std::string name() const = 0;
  /// The URL without user and parameters, for reports.
  virtual std::string origin() const = 0;
  /// The value of the header Host.
  virtual std::string host() const = 0;
  virtual std::unique_ptr<Caller> NewCaller() const = 0;

  struct Trust {
    std::string ca_file;
    bool insecure = false;
  };
  /// A target for "http://HOST:PORT", "https://HOST:PORT" or, with "?transport=grpc", gRPC.
  /// INVALID_ARGUMENT if the text is not such a URL.
  static tql::StatusOr<std::unique_ptr<Target>> Parse(const std::string& url, const Trust& trust);
};

std::unique_ptr<Target> MakeHttpTarget(Endpoint endpoint);
std::unique_ptr<Target> MakeGrpcTarget(Endpoint endpoint);

/// The body of a query or a script, as JSON.
std::string RequestBody(const Call& call);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SERVER_TARGET_H_
