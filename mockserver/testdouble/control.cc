#include "mockserver/testdouble/control.h"

#include <google/protobuf/util/time_util.h>
#include <openssl/crypto.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/net/listener.h"
#include "mockserver/testdouble/checks.h"
#include "mockserver/testdouble/clock_message.h"
#include "mockserver/testdouble/verify.h"
#include "mockserver/thena/workspace.h"
#include "mockserver/world/attachment.h"
#include "proto/base/text.h"

namespace tql::testdouble {
namespace {

/// How long a fork waits for a statement that writes.
constexpr std::chrono::seconds kForkPatience{5};

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// Until the namespace ends or the client leaves.
storage::Cancellation UntilGone(const space::Namespace& space, Control::ClientGone client_gone) {
  storage::Cancellation cancellation;
  cancellation.stop = space.stop();
  cancellation.client_gone = std::move(client_gone);
  return cancellation;
}

std::string_view NameOrMain(std::string_view name) { return name.empty() ? space::kMain : name; }

}  // namespace

Status ControlAccess::Check(std::string_view peer, std::string_view authorization) const {
  constexpr std::string_view kBearer = "Bearer ";
  if (base::StartsWithIgnoreCase(authorization, kBearer)) {
    const std::string_view token = authorization.substr(kBearer.size());
    if (!token_.empty() && EqualInConstantTime(token, token_)) return Status();
    return UnauthenticatedError("the token of the control interface is wrong");
  }
  if (net::IsLoopback({std::string(peer), 0})) return Status();
  return PermissionDeniedError(
      "the control interface is for loopback addresses, or for clients with its token");
}

StatusOr<std::shared_ptr<const world::World>> ReadWorld(std::string_view text,
                                                        const service::SessionStore& sessions) {
  std::vector<world::Account> accounts;
  for (const service::User& user : sessions.Users()) {
    accounts.push_back({user.name, user.guid, user.can_manage_data});
  }
  auto world = world::World::Read(text, accounts);
  if (!world.ok() || !(*world)->message().has_thena()) return world;
  const Status status =
      thena::Workspace::Create((*world)->message().thena(), 0, engine::SystemClock().WallTime())
          .status();
  if (!status.ok()) return InvalidArgumentError("thena." + status.message());
  return world;
}

StatusOr<std::shared_ptr<space::Namespace>> Control::Find(std::string_view name) const {
  std::shared_ptr<space::Namespace> space = namespaces_.Find(NameOrMain(name));
  if (space) return space;
  return NotFoundError("unknown namespace \"" + std::string(name) + '"');
}

StatusOr<std::shared_ptr<Double>> Control::FindDouble(std::string_view name) const {
  auto space = Find(name);
  if (!space.ok()) return space.status();
  return Double::Of(**space);
}

mockpb::Namespace Control::ToMessage(const space::Namespace& space) const {
  mockpb::Namespace message;
  message.set_name(space.name());
  if (space.name() != space::kMain) message.set_user_suffix("+" + space.name());
  if (space.ttl().count() > 0) {
    *message.mutable_ttl() =
        google::protobuf::util::TimeUtil::NanosecondsToDuration(space.ttl().count());
  }
  message.set_tables(space.engine().TableCount());
  message.set_bytes(space.engine().OwnBytes());
  if (const auto ports = space.ports()) {
    message.set_own_ports(true);
    message.set_http(ports->http);
    message.set_https(ports->https);
    message.set_grpc(ports->grpc);
  }
  message.set_sessions(static_cast<std::uint32_t>(sessions_.CountOf(space.name())));
  return message;
}

StatusOr<std::shared_ptr<const space::OwnPorts>> Control::PortsFor(const std::string& name) const {
  const std::shared_ptr<space::Namespace> replaced = namespaces_.Peek(name);
  std::shared_ptr<const space::OwnPorts> ports = replaced ? replaced->ports() : nullptr;
  if (ports) return ports;
  return open_ports_(name);
}

StatusOr<Control::Put> Control::PutNamespace(const mockpb::Namespace& request) {
  const storage::Cancellation patience{.stop = stop_,
                                       .deadline = std::chrono::steady_clock::now() + kForkPatience,
                                       .client_gone = {}};
  const bool existed = namespaces_.Find(request.name()) != nullptr;
  const auto ttl = CheckDuration(request.ttl(), "ttl");
  if (!ttl.ok()) return ttl.status();
  if (request.name() == space::kMain && !request.from().empty()) {
    return ErrorAt("from", "the namespace \"main\" is only replaced by its start");
  }
  if (request.name() == space::kMain && ttl->count() > 0) {
    return ErrorAt("ttl", "the namespace \"main\" always exists");
  }
  if (request.name() == space::kMain && request.own_ports()) {
    return ErrorAt("own_ports", "the namespace \"main\" has the ports of the server");
  }
  StatusOr<std::shared_ptr<const space::OwnPorts>> ports = nullptr;
  if (request.own_ports()) ports = PortsFor(request.name());
  if (!ports.ok()) return ports.status();
  const auto made = namespaces_.Fork(request.name(), request.from(), patience);
  if (!made.ok()) return made.status();
  (*made)->SetPorts(*std::move(ports));
  namespaces_.SetTtl(**made, *ttl);
  if (request.drop_sessions()) sessions_.EndAll(request.name());
  Put put{.space = ToMessage(**made), .created = !existed};
  put.space.set_from(request.from());
  return put;
}

mockpb::NamespaceList Control::ListNamespaces() const {
  namespaces_.RemoveExpired();
  mockpb::NamespaceList list;
  for (const std::string& name : namespaces_.Names()) {
    if (const auto space = namespaces_.Peek(name)) *list.add_namespace_() = ToMessage(*space);
  }
  return list;
}

StatusOr<mockpb::Namespace> Control::GetNamespace(std::string_view name) const {
  const auto space = Find(name);
  if (!space.ok()) return space.status();
  return ToMessage(**space);
}

StatusOr<mockpb::Namespace> Control::DeleteNamespace(std::string_view name) {
  StatusOr<mockpb::Namespace> was = GetNamespace(name);
  if (!was.ok()) return was;
  if (Status status = namespaces_.Remove(NameOrMain(name)); !status.ok()) return status;
  sessions_.EndAll(name);
  return was;
}

StatusOr<mockpb::Clock> Control::GetClock(std::string_view name) const {
  const auto space = Find(name);
  if (!space.ok()) return space.status();
  return testdouble::ToMessage((*space)->environment()->clock);
}

StatusOr<mockpb::Clock> Control::SetClock(const mockpb::ClockRequest& request) {
  const auto space = Find(request.namespace_());
  if (!space.ok()) return space.status();
  engine::AdjustableClock& clock = (*space)->environment()->clock;
  if (Status status = Adjust(request.clock(), clock); !status.ok()) return status;
  return testdouble::ToMessage(clock);
}

StatusOr<mockpb::Plan> Control::ChangePlan(
    std::string_view name, const std::function<StatusOr<mockpb::Plan>(Plan& plan)>& change) {
  const auto space = Find(name);
  if (!space.ok()) return space.status();
  Plan& plan = Double::Of(**space)->plan();
  StatusOr<mockpb::Plan> result = change(plan);
  (*space)->environment()->identifiers.SetSeed(SeedOf(*plan.settings()));
  return result;
}

StatusOr<mockpb::Plan> Control::PutPlan(const mockpb::PlanRequest& request) {
  return ChangePlan(request.namespace_(), [&](Plan& plan) -> StatusOr<mockpb::Plan> {
    const Status status =
        request.append() ? plan.Append(request.plan()) : plan.Replace(request.plan());
    if (!status.ok()) return status;
    return plan.Get();
  });
}

StatusOr<mockpb::Plan> Control::GetPlan(std::string_view name) const {
  const auto state = FindDouble(name);
  if (!state.ok()) return state.status();
  return (*state)->plan().Get();
}

StatusOr<mockpb::Plan> Control::DeletePlan(std::string_view name) {
  return ChangePlan(name, [](Plan& plan) { return StatusOr<mockpb::Plan>(plan.Clear()); });
}

StatusOr<worldpb::World> Control::PutWorld(std::string_view name, std::string_view text) {
  const auto space = Find(name);
  if (!space.ok()) return space.status();
  const auto made = ReadWorld(text, sessions_);
  if (!made.ok()) return made.status();
  (*space)->Find<world::WorldAttachment>()->Set(*made);
  return (*made)->message();
}

StatusOr<worldpb::World> Control::GetWorld(std::string_view name) const {
  const auto space = Find(name);
  if (!space.ok()) return space.status();
  return (*space)->Find<world::WorldAttachment>()->Get()->message();
}

StatusOr<mockpb::Journal> Control::GetJournal(const mockpb::JournalRequest& request,
                                              ClientGone client_gone) const {
  const auto space = Find(request.namespace_());
  if (!space.ok()) return space.status();
  return ReadJournal(request, *Double::Of(**space), UntilGone(**space, std::move(client_gone)));
}

StatusOr<mockpb::Journal> Control::DeleteJournal(std::string_view name) {
  const auto state = FindDouble(name);
  if (!state.ok()) return state.status();
  (*state)->journal().Clear();
  mockpb::Journal journal;
  journal.set_last((*state)->journal().After(0).last);
  return journal;
}

StatusOr<mockpb::VerifyResponse> Control::Verify(const mockpb::VerifyRequest& request,
                                                 ClientGone client_gone) const {
  const auto space = Find(request.namespace_());
  if (!space.ok()) return space.status();
  return testdouble::Verify(request, *Double::Of(**space),
                            UntilGone(**space, std::move(client_gone)));
}

}  // namespace tql::testdouble
