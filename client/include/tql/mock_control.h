/// \file
/// A client of the control interface of tqlmockd, the mock server.
#ifndef TQL_MOCK_CONTROL_H_
#define TQL_MOCK_CONTROL_H_

#include "tql/cxx20.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tql/options.h"
#include "tql/status.h"
#include "tql/url.h"

namespace tql {

/// The control interface of a mock server: its namespaces, and the plan and the journal of each.
/// Over HTTP and HTTPS, requests are messages of mock_control.proto in YAML or JSON, answers are
/// messages in JSON. Over gRPC, both are the bytes of these messages.
///
/// ```cpp
/// auto control = tql::MockControl::Connect(url, options);
/// if (!control) return control.status();
/// auto made = control->Call("PUT", "/namespaces/t1", "{from: main}");
/// if (!made) return made.status();
/// ```
///
/// Errors of all calls: UNAVAILABLE if the server cannot be reached; PERMISSION_DENIED or
/// UNAUTHENTICATED from another machine without the right token; INVALID_ARGUMENT with the place in
/// the request; NOT_FOUND for an unknown namespace. A verification that fails is not an error: the
/// answer has an `explanation`, but not `ok`.
///
/// Thread safety: all calls may be made from several threads. Copies share their connections.
class MockControl {
 public:
  /// Connects to the server of `url`. Of `options`, the members that concern connecting have an
  /// effect; no session is opened. `token` is that of the server, for clients on other machines.
  ///
  /// FAILED_PRECONDITION if the server is not a mock server or its control interface is closed;
  /// over gRPC that is the error of the first call. INVALID_ARGUMENT for a token that cannot be
  /// sent.
  static StatusOr<MockControl> Connect(const Url& url, const Options& options,
                                       std::string token = {});

  /// Calls the interface: `path` is below /mock, e.g. "/plan" or "/namespaces/t1/journal?kind=USE".
  StatusOr<std::string> Call(std::string_view method, std::string_view path,
                             std::string_view body = {}) const;

  /// Calls a method of the service tql.mock.v1.MockControl, e.g. "GetPlan". Only over gRPC, whereas
  /// Call() is only for HTTP and HTTPS; the wrong one of the two is FAILED_PRECONDITION.
  StatusOr<std::string> CallRpc(std::string_view method, std::string_view request) const;

 private:
  struct State;
  explicit MockControl(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  std::shared_ptr<const State> state_;
};

}  // namespace tql

#endif  // TQL_MOCK_CONTROL_H_
