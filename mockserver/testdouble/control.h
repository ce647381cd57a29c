// The operations of the control interface (mock_control.proto), independent of a protocol.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_CONTROL_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_CONTROL_H_

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/service/session.h"
#include "mockserver/space/namespaces.h"
#include "mockserver/testdouble/double.h"
#include "mockserver/testdouble/messages.h"
#include "mockserver/world/world.h"
#include "tql/status.h"

namespace tql::testdouble {

/// The path of the control interface over HTTP. The journal does not have its calls.
inline constexpr std::string_view kControlPath = "/mock";
inline bool IsControlPath(std::string_view path) {
  return path.starts_with(kControlPath) &&
         (path.size() == kControlPath.size() || path[kControlPath.size()] == '/');
}

/// Who may use the control interface: clients on a loopback address, and those that have its token.
class ControlAccess {
 public:
  /// An empty token is not accepted from anybody.
  explicit ControlAccess(std::string token = {}) : token_(std::move(token)) {}
  /// `authorization` is the header or metadata of this name. PERMISSION_DENIED for a client on
  /// another machine, UNAUTHENTICATED for a wrong token.
  Status Check(std::string_view peer, std::string_view authorization) const;

 private:
  std::string token_;
};

/// Opens the ports of a namespace. UNAVAILABLE without free ports, FAILED_PRECONDITION if the
/// server has no port itself. Called from any thread.
using OpenPorts =
    std::function<StatusOr<std::shared_ptr<const space::OwnPorts>>(const std::string& space)>;

/// Reads a world in YAML or JSON, whose users include those who may log in.
StatusOr<std::shared_ptr<const world::World>> ReadWorld(std::string_view text,
                                                        const service::SessionStore& sessions);

/// An empty name of a namespace stands for "main". Every method answers NOT_FOUND for an unknown
/// one and INVALID_ARGUMENT, with its path, for a request that is not valid. Thread safety: every
/// method may be called from any thread.
class Control {
 public:
  /// The references are borrowed. `stop` ends waits.
  Control(space::Namespaces& namespaces, service::SessionStore& sessions, OpenPorts open_ports,
          std::stop_token stop)
      : namespaces_(namespaces),
        sessions_(sessions),
        open_ports_(std::move(open_ports)),
        stop_(std::move(stop)) {}

  struct Put {
    mockpb::Namespace space;
    bool created = false;  // else another was replaced
  };
  /// Makes a namespace, or replaces one. Errors: those of OpenPorts, RESOURCE_EXHAUSTED when there
  /// are too many, DEADLINE_EXCEEDED when a statement of the origin was writing for 5 seconds.
  StatusOr<Put> PutNamespace(const mockpb::Namespace& request);
  mockpb::NamespaceList ListNamespaces() const;
  StatusOr<mockpb::Namespace> GetNamespace(std::string_view name) const;
  /// Returns the namespace as it was.
  StatusOr<mockpb::Namespace> DeleteNamespace(std::string_view name);

  StatusOr<mockpb::Clock> GetClock(std::string_view name) const;
  /// Returns the clock as it is then.
  StatusOr<mockpb::Clock> SetClock(const mockpb::ClockRequest& request);

  /// All of a plan is checked before any of it holds. Returns the plan that holds then.
  StatusOr<mockpb::Plan> PutPlan(const mockpb::PlanRequest& request);
  StatusOr<mockpb::Plan> GetPlan(std::string_view name) const;
  /// Returns the plan as it was.
  StatusOr<mockpb::Plan> DeletePlan(std::string_view name);

  /// Replaces the world by a text in YAML or JSON. Returns the world that holds then.
  StatusOr<worldpb::World> PutWorld(std::string_view name, std::string_view text);
  StatusOr<worldpb::World> GetWorld(std::string_view name) const;

  /// Whether the client of a call has disconnected, which ends a wait; empty: it cannot.
  using ClientGone = std::function<bool()>;
  StatusOr<mockpb::Journal> GetJournal(const mockpb::JournalRequest& request,
                                       ClientGone client_gone = {}) const;
  /// Drops the entries. Returns an empty journal with the number of the last one.
  StatusOr<mockpb::Journal> DeleteJournal(std::string_view name);
  StatusOr<mockpb::VerifyResponse> Verify(const mockpb::VerifyRequest& request,
                                          ClientGone client_gone = {}) const;

 private:
  StatusOr<std::shared_ptr<space::Namespace>> Find(std::string_view name) const;
  StatusOr<std::shared_ptr<Double>> FindDouble(std::string_view name) const;
  /// Changes the plan, then applies its settings to what is not the plan's.
  StatusOr<mockpb::Plan> ChangePlan(
      std::string_view name, const std::function<StatusOr<mockpb::Plan>(Plan& plan)>& change);
  mockpb::Namespace ToMessage(const space::Namespace& space) const;
  /// The ports of the namespace with this name, or new ones.
  StatusOr<std::shared_ptr<const space::OwnPorts>> PortsFor(const std::string& name) const;

  space::Namespaces& namespaces_;
  service::SessionStore& sessions_;
  const OpenPorts open_ports_;
  const std::stop_token stop_;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_CONTROL_H_
