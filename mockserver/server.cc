#include "tql/mock/server.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include "mockserver/config.h"
#include "mockserver/frontend/grpc/grpc_server.h"
#include "mockserver/frontend/http/http_server.h"
#include "mockserver/frontend/http/load_handler.h"
#include "mockserver/frontend/http/mock_handler.h"
#include "mockserver/frontend/http/rest_handler.h"
#include "mockserver/frontend/http/thena_handler.h"
#include "mockserver/frontend/http/tql_handler.h"
#include "mockserver/frontend/inprocess/in_process_transport.h"
#include "mockserver/load/load_numbers.h"
#include "mockserver/load/load_service.h"
#include "mockserver/net/listener.h"
#include "mockserver/net/tls.h"
#include "mockserver/own_ports.h"
#include "mockserver/plan_messages.h"
#include "mockserver/rest/audit_service.h"
#include "mockserver/server_parts.h"
#include "mockserver/service/call_log.h"
#include "mockserver/service/tql_service.h"
#include "mockserver/space/namespaces.h"
#include "mockserver/testdouble/control.h"
#include "mockserver/testdouble/double_service.h"
#include "mockserver/testdouble/report.h"
#include "mockserver/thena/attachment.h"
#include "mockserver/upstream/comparing_service.h"
#include "mockserver/upstream/recording_service.h"
#include "proto/base/mutex.h"
#include "proto/document/message_reader.h"
#include "tql/wire/json.h"

namespace tql::mock {
namespace {

using engine::MachineClock;

std::optional<upstream::Upstream> UpstreamOf(const Config& config) {
  const Upstream& from = config.upstream;
  if (!from.client) return std::nullopt;
  return upstream::Upstream{
      .client = *from.client, .name = from.name, .allow_writes = from.allow_writes};
}

/// Returns the writer of the call log, which may be empty.
service::CallLog::Write CallLogOf(const LogFunction& log) {
  if (!log) return nullptr;
  return [log](bool error, std::string_view line) {
    log(error ? LogLevel::kError : LogLevel::kDebug, line);
  };
}

frontend::HttpServer::Options HttpOptions(const Config& config, frontend::TqlHandler& handler,
                                          const frontend::MockHandler& control,
                                          const frontend::LoadHandler& loads,
                                          const frontend::RestHandler& rest) {
  frontend::HttpServer::Options options;
  options.max_threads = config.threads;
  frontend::RequestLimits& request = options.connection.request;
  request.max_body_bytes = config.max_request_bytes;
  request.unasked_body_bytes = frontend::kStrangersBytes;
  request.body_allowance = [&, most = config.max_request_bytes](const auto& head) {
    std::optional<frontend::BodyAllowance> allowance = control.AllowanceOf(head);
    if (!allowance) allowance = loads.AllowanceOf(head);
    if (!allowance) allowance = rest.AllowanceOf(head);
    if (allowance) return allowance;
    allowance = handler.AllowanceOf(head);
    if (allowance) allowance->bytes = std::min(allowance->bytes, most);
    return allowance;
  };
  options.on_unrouted = [&handler](const auto& head, int status) {
    handler.Unrouted(head, status);
  };
  options.max_buffered_bytes = config.max_buffered_bytes;
  options.gate = {config.cors_origins, config.allowed_hosts};
  return options;
}

frontend::LoadHandler::Options LoadOptions(const Config& config, const CheckedConfig& checked) {
  return {.node = config.tsload_node,
          .late_status = checked.variant.late_load_status,
          .max_request_bytes = config.max_request_bytes};
}

/// Where uploads are kept until they are committed: beside the data file, because there is room for
/// the data.
std::filesystem::path SpoolFolder(const Config& config) {
  std::error_code error;
  if (config.data != Config().data) return std::filesystem::absolute(config.data).parent_path();
  const std::filesystem::path temporary = std::filesystem::temp_directory_path(error);
  return error ? "/tmp" : temporary;
}

/// A request about a namespace; an empty text has no conditions.
template <typename Request>
StatusOr<Request> RequestOf(std::string_view text, const std::string& space) {
  Request request;
  if (!text.empty()) {
    if (Status status = document::ReadMessage(text, &request); !status.ok()) return status;
  }
  request.set_namespace_(space);
  return request;
}

}  // namespace

/// The members are in the order of their dependencies: later ones are destroyed first.
struct Server::Impl {
  Impl(const Config& config, const CheckedConfig& checked, const engine::Clock& its_clock,
       std::unique_ptr<service::SessionStore> users,
       std::shared_ptr<space::Environment> environment, std::unique_ptr<engine::Engine> engine,
       std::unique_ptr<testdouble::JournalBudget> journal_budget, space::Attachments attachments)
      : log(config.log),
        log_level(config.log_level),
        clock(its_clock),
        journals(std::move(journal_budget)),
        sessions(std::move(users)),
        namespaces(std::make_shared<space::Namespace>(
            std::string(space::kMain), std::move(engine), std::move(environment),
            space::Namespace::Settings{config.statement_timeout}, stop.get_token(),
            std::move(attachments))),
        tql_service(namespaces, *sessions, clock, {stop.get_token()}),
        audit_service(tql_service, namespaces),
        recording(config.upstream.name),
        comparison(config.upstream.name),
        forwards_for(config.upstream.use),
        forwards_to(UpstreamOf(config)),
        forwarding_service(MakeForwarding(forwards_for)),
        double_service(forwarding_service ? *forwarding_service : audit_service, namespaces,
                       *sessions),
        service(double_service, clock, CallLogOf(log), log_level > LogLevel::kDebug),
        handler(service, clock, checked.variant),
        loads(namespaces, SpoolFolder(config)),
        load_handler(loads, service, *sessions, clock, LoadOptions(config, checked)),
        rest_handler(namespaces, service, *sessions, clock,
                     {.strict = config.rest_strict, .basic = config.rest_basic}),
        served{checked.https, checked.http, checked.grpc},
        control(
            namespaces, *sessions,
            [this](const std::string& space) {
              return OpenOwnPorts(http, own_grpc, served, tls ? &*tls : nullptr, space);
            },
            stop.get_token()),
        control_handler(control, service, clock, testdouble::ControlAccess(config.control_token)),
        max_request_bytes(config.max_request_bytes),
        grpc_plaintext(config.grpc_plaintext),
        grpc_options(GrpcOptions(config)),
        http(std::make_shared<frontend::HttpServer>(
            HttpOptions(config, handler, control_handler, load_handler, rest_handler), router)) {
    handler.AddRoutes(router);
    load_handler.AddRoutes(router);
    rest_handler.AddRoutes(router);
    if (config.control) control_handler.AddRoutes(router);
  }

  std::unique_ptr<service::Service> MakeForwarding(Upstream::Use use) {
    if (!forwards_to) return nullptr;
    if (use == Upstream::Use::kCompare) {
      return std::make_unique<upstream::ComparingService>(audit_service, *forwards_to, comparison,
                                                          stop.get_token());
    }
    return std::make_unique<upstream::RecordingService>(audit_service, *forwards_to, recording,
                                                        stop.get_token());
  }
  bool Forwards(Upstream::Use use) const { return forwards_to && forwards_for == use; }

  void Log(LogLevel level, std::string_view message) const {
    if (log && level >= log_level) log(level, message);
  }

  void LogPorts() const {
    std::string ports;
    for (const std::string& url :
         {https_url, http_url, tsload_url.empty() ? "" : "tsload " + tsload_url,
          thena_url.empty() ? "" : "thena " + thena_url, grpc ? "grpc " + grpc_address : ""}) {
      if (!url.empty()) ports += (ports.empty() ? "listening on " : " and ") + url;
    }
    Log(LogLevel::kInfo, ports.empty() ? "listening on no port" : ports);
  }

  /// Opens a port of `scheme` and sets `url` and `port` to its address.
  Status Listen(const net::Endpoint& endpoint, const std::string& scheme,
                const net::TlsContext* context, std::string* url, int* port) {
    return Listen(endpoint, scheme, context, router, url, port);
  }
  Status Listen(const net::Endpoint& endpoint, const std::string& scheme,
                const net::TlsContext* context, const frontend::Router& routes, std::string* url,
                int* port) {
    StatusOr<net::Listener> listener = net::Listener::Open(endpoint);
    if (!listener.ok()) return listener.status();
    *url = scheme + "://" + EndpointText(listener->endpoint());
    *port = listener->endpoint().port;
    return http->Listen(*std::move(listener), context, routes);
  }

  /// Opens the port of Thena's API, which has routes of its own.
  Status ListenThena(const net::Endpoint& endpoint, const std::string& token) {
    thena_handler = std::make_unique<frontend::ThenaHandler>(namespaces, service, clock, token);
    thena_handler->AddRoutes(thena_router);
    const Status status = Listen(endpoint, "http", nullptr, thena_router, &thena_url, &thena_port);
    if (status.ok()) handler.ShowThena(thena_url);
    return status;
  }

  frontend::GrpcServer::Options GrpcOptions(const Config& config) {
    frontend::GrpcServer::Options options;
    options.max_threads = config.threads;
    options.max_request_bytes = config.max_request_bytes;
    if (config.control) options.control = &control;
    options.control_access = testdouble::ControlAccess(config.control_token);
    return options;
  }
  StatusOr<std::unique_ptr<frontend::GrpcServer>> StartGrpc(const net::Endpoint& endpoint,
                                                            const std::string& space) {
    frontend::GrpcServer::Options options = grpc_options;
    options.space = space;
    return frontend::GrpcServer::Start(endpoint, grpc_plaintext ? nullptr : &*tls, service, clock,
                                       options);
  }

  Status ListenGrpc(const net::Endpoint& endpoint) {
    auto started = StartGrpc(endpoint, "");
    if (!started.ok()) return started.status();
    grpc = *std::move(started);
    grpc_address = EndpointText(grpc->endpoint());
    return Status();
  }

  Status PutPlan(const std::string& space, mockpb::PlanRequest request, bool append) {
    request.set_namespace_(space);
    request.set_append(append);
    return control.PutPlan(request).status();
  }
  Status Verify(const mockpb::VerifyRequest& request) {
    const StatusOr<mockpb::VerifyResponse> response = control.Verify(request);
    if (!response.ok()) return response.status();
    return response->ok() ? Status() : FailedPreconditionError(response->explanation());
  }

  const LogFunction log;
  const LogLevel log_level;
  const engine::Clock& clock;
  std::stop_source stop;
  const std::unique_ptr<testdouble::JournalBudget> journals;
  const std::unique_ptr<service::SessionStore> sessions;
  space::Namespaces namespaces;
  service::TqlService tql_service;
  rest::AuditService audit_service;
  upstream::Recording recording;
  upstream::Comparison comparison;
  const Upstream::Use forwards_for;
  const std::optional<upstream::Upstream> forwards_to;         // nullopt: nothing is forwarded
  const std::unique_ptr<service::Service> forwarding_service;  // null likewise
  testdouble::DoubleService double_service;
  service::CallLog service;  // called by the front ends
  frontend::TqlHandler handler;
  load::LoadService loads;
  frontend::LoadHandler load_handler;
  frontend::RestHandler rest_handler;
  const ServedEndpoints served;
  testdouble::Control control;
  frontend::MockHandler control_handler;
  frontend::Router router;
  std::unique_ptr<frontend::ThenaHandler> thena_handler;  // null: off
  frontend::Router thena_router;
  const std::size_t max_request_bytes;
  const bool grpc_plaintext;
  const frontend::GrpcServer::Options grpc_options;
  const std::shared_ptr<frontend::CallGate> gate = std::make_shared<frontend::CallGate>();
  std::optional<net::TlsContext> tls;
  std::string https_url;
  std::string http_url;
  int https_port = 0;
  int http_port = 0;
  std::string tsload_url;
  int tsload_port = 0;
  std::string thena_url;
  int thena_port = 0;
  std::string grpc_address;
  base::Mutex stopping;
  const std::shared_ptr<frontend::HttpServer> http;
  std::unique_ptr<frontend::GrpcServer> grpc;
  const std::shared_ptr<frontend::GrpcPorts> own_grpc =
      std::make_shared<frontend::GrpcPorts>([this](const std::string& space) {
        return StartGrpc({served.grpc->host, 0}, space);
      });
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { Stop(); }

StatusOr<std::unique_ptr<Server>> Server::Create(Config config) {
  const StatusOr<CheckedConfig> checked = Check(config);
  if (!checked.ok()) return checked.status();
  const engine::Clock& clock = engine::SystemClock();
  std::optional<net::TlsContext> tls;
  if (NeedsTls(config)) {
    StatusOr<net::TlsContext> made = MakeTls(config);
    if (!made.ok()) return made.status();
    tls = *std::move(made);
  }
  auto journals = std::make_unique<testdouble::JournalBudget>();
  auto test_double = MakeDouble(config, *journals);
  if (!test_double.ok()) return test_double.status();
  auto sessions = MakeSessions(config, checked->users, clock);
  if (!sessions.ok()) return sessions.status();
  auto objects = MakeWorld(config, **sessions);
  if (!objects.ok()) return objects.status();
  auto environment =
      MakeEnvironment(config, testdouble::SeedOf(*(*test_double)->plan().settings()), clock);
  if (!environment.ok()) return environment.status();
  // Last, because init scripts change the data file: the configuration must have been checked.
  StatusOr<std::unique_ptr<engine::Engine>> engine = MakeEngine(config, **environment);
  if (!engine.ok()) return engine.status();

  auto impl = std::make_unique<Impl>(
      config, *checked, clock, *std::move(sessions), *std::move(environment), *std::move(engine),
      std::move(journals),
      space::Attachments{*std::move(test_double), *std::move(objects),
                         std::make_shared<rest::AuditLog>(), std::make_shared<load::LoadNumbers>(),
                         std::make_shared<thena::WorkspaceAttachment>()});
  impl->tls = std::move(tls);
  if (config.data == Config().data) {
    if (Status status = impl->namespaces.KeepStart({}); !status.ok()) return status;
  }
  if (checked->https) {
    const Status status =
        impl->Listen(*checked->https, "https", &*impl->tls, &impl->https_url, &impl->https_port);
    if (!status.ok()) return status;
  }
  if (checked->http) {
    const Status status =
        impl->Listen(*checked->http, "http", nullptr, &impl->http_url, &impl->http_port);
    if (!status.ok()) return status;
  }
  if (checked->tsload) {
    const Status status =
        impl->Listen(*checked->tsload, "https", &*impl->tls, &impl->tsload_url, &impl->tsload_port);
    if (!status.ok()) return status;
  }
  if (checked->thena) {
    const Status status = impl->ListenThena(*checked->thena, config.thena_token);
    if (!status.ok()) return status;
  }
  if (checked->grpc) {
    if (Status status = impl->ListenGrpc(*checked->grpc); !status.ok()) return status;
  }
  if (Status status = impl->http->Start(); !status.ok()) return status;
  impl->LogPorts();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const std::string& Server::https_url() const { return impl_->https_url; }
const std::string& Server::http_url() const { return impl_->http_url; }
int Server::https_port() const { return impl_->https_port; }
int Server::http_port() const { return impl_->http_port; }
const std::string& Server::tsload_url() const { return impl_->tsload_url; }
int Server::tsload_port() const { return impl_->tsload_port; }
const std::string& Server::thena_url() const { return impl_->thena_url; }
int Server::thena_port() const { return impl_->thena_port; }
const std::string& Server::grpc_address() const { return impl_->grpc_address; }
int Server::grpc_port() const { return impl_->grpc ? impl_->grpc->endpoint().port : 0; }

const std::string& Server::certificate_pem() const {
  static const std::string none;
  return impl_->tls ? impl_->tls->certificate_pem() : none;
}

std::shared_ptr<Transport> Server::InProcess() { return InProcess(space::kMain); }

std::shared_ptr<Transport> Server::InProcess(std::string_view space) {
  return frontend::MakeInProcessTransport(impl_->service, impl_->clock, impl_->gate,
                                          impl_->max_request_bytes, std::string(space));
}

StatusOr<Namespace> Server::Fork(std::string_view name, std::string_view from) {
  if (name == space::kMain && !from.empty()) {
    return InvalidArgumentError("the namespace \"main\" is only replaced by its start");
  }
  constexpr std::chrono::seconds kPatience{5};
  const storage::Cancellation cancellation{.stop = impl_->stop.get_token(),
                                           .deadline = MachineClock::now() + kPatience,
                                           .client_gone = {}};
  const auto made = impl_->namespaces.Fork(name, from, cancellation);
  if (cancellation.stop.stop_requested()) return UnavailableError("the server has stopped");
  if (!made.ok()) return made.status();
  return Namespace(*this, std::string(name));
}

Namespace Server::Find(std::string_view name) { return {*this, std::string(name)}; }

Namespace Server::Main() { return {*this, std::string(space::kMain)}; }

Status Server::Remove(std::string_view name) {
  if (Status status = impl_->namespaces.Remove(name); !status.ok()) return status;
  impl_->sessions->EndAll(name);
  return Status();
}

std::vector<std::string> Server::Namespaces() const { return impl_->namespaces.Names(); }

std::string Server::Recording() const {
  return impl_->Forwards(Upstream::Use::kRecord) ? impl_->recording.ToYaml() : std::string();
}

Server::RecordingCounts Server::recording_counts() const {
  const upstream::Recording::Counts counts = impl_->recording.counts();
  return {.statements = counts.statements,
          .rules = counts.rules,
          .too_large = counts.too_large,
          .left_out = counts.left_out};
}

std::string Server::Report(ReportFormat format) const {
  mockpb::Report report;
  bool ok = EqualsUpstream();
  for (const std::string& name : impl_->namespaces.Names()) {
    const auto space = impl_->namespaces.Find(name);
    if (!space) continue;
    *report.add_namespace_() = testdouble::ReportOf(name, *testdouble::Double::Of(*space));
    ok = ok && report.namespace_().rbegin()->ok();
  }
  report.set_ok(ok);
  if (impl_->Forwards(Upstream::Use::kCompare)) {
    *report.mutable_comparison() = impl_->comparison.Get();
  }
  if (impl_->Forwards(Upstream::Use::kRecord)) {
    const upstream::Recording::Counts counts = impl_->recording.counts();
    mockpb::Report::Recording& recording = *report.mutable_recording();
    recording.set_upstream(impl_->forwards_to->name);
    recording.set_statements(counts.statements);
    recording.set_rules(counts.rules);
    recording.set_too_large(counts.too_large);
    recording.set_left_out(counts.left_out);
  }
  return format == ReportFormat::kJunit ? testdouble::ToJunit(report) : ToJson(report) + "\n";
}

bool Server::EqualsUpstream() const {
  const mockpb::Comparison comparison = impl_->comparison.Get();
  return comparison.equal() == comparison.statements();
}

std::string Server::Differences() const {
  return impl_->Forwards(Upstream::Use::kCompare) ? upstream::ToText(impl_->comparison.Get())
                                                  : std::string();
}

std::string Namespace::UserName(std::string_view user) const {
  return std::string(user) + '+' + name_;
}

std::shared_ptr<Transport> Namespace::InProcess() const { return server_->InProcess(name_); }

Status Namespace::ChangePlan(std::string_view plan, bool append) const {
  mockpb::PlanRequest request;
  if (Status status = document::ReadMessage(plan, request.mutable_plan()); !status.ok()) {
    return status;
  }
  return server_->impl_->PutPlan(name_, std::move(request), append);
}

Status Namespace::ChangePlan(const mock::Plan& plan, bool append) const {
  StatusOr<mockpb::Plan> message = ToMessage(plan);
  if (!message.ok()) return message.status();
  mockpb::PlanRequest request;
  *request.mutable_plan() = *std::move(message);
  return server_->impl_->PutPlan(name_, std::move(request), append);
}

Status Namespace::SetPlan(const mock::Plan& plan) const { return ChangePlan(plan, false); }
Status Namespace::AddRule(const Rule& rule) const { return ChangePlan({.rules = {rule}}, true); }
Status Namespace::SetPlan(std::string_view plan) const { return ChangePlan(plan, false); }
Status Namespace::AddRules(std::string_view plan) const { return ChangePlan(plan, true); }

StatusOr<std::chrono::system_clock::time_point> Namespace::Time() const {
  const auto clock = server_->impl_->control.GetClock(name_);
  if (!clock.ok()) return clock.status();
  using google::protobuf::util::TimeUtil;
  return std::chrono::system_clock::time_point(
      std::chrono::nanoseconds(TimeUtil::TimestampToNanoseconds(clock->now())));
}

Status Namespace::SetTime(std::chrono::system_clock::time_point time) const {
  mockpb::ClockRequest request;
  request.set_namespace_(name_);
  *request.mutable_clock()->mutable_now() =
      google::protobuf::util::TimeUtil::NanosecondsToTimestamp(
          std::chrono::nanoseconds(time.time_since_epoch()).count());
  return server_->impl_->control.SetClock(request).status();
}

Status Namespace::AdvanceTime(std::chrono::nanoseconds by) const {
  mockpb::ClockRequest request;
  request.set_namespace_(name_);
  *request.mutable_clock()->mutable_advance() =
      google::protobuf::util::TimeUtil::NanosecondsToDuration(by.count());
  return server_->impl_->control.SetClock(request).status();
}

Status Namespace::FreezeTime(bool frozen) const {
  mockpb::ClockRequest request;
  request.set_namespace_(name_);
  request.mutable_clock()->set_frozen(frozen);
  return server_->impl_->control.SetClock(request).status();
}

Status Namespace::UseRealTime() const {
  mockpb::ClockRequest request;
  request.set_namespace_(name_);
  request.mutable_clock()->set_real(true);
  return server_->impl_->control.SetClock(request).status();
}

StatusOr<std::string> Namespace::Plan() const {
  const StatusOr<mockpb::Plan> plan = server_->impl_->control.GetPlan(name_);
  if (!plan.ok()) return plan.status();
  return ToJson(*plan);
}

Status Namespace::SetWorld(std::string_view world) const {
  return server_->impl_->control.PutWorld(name_, world).status();
}

StatusOr<std::string> Namespace::World() const {
  const StatusOr<worldpb::World> world = server_->impl_->control.GetWorld(name_);
  if (!world.ok()) return world.status();
  return ToJson(*world);
}

StatusOr<std::string> Namespace::Journal(std::string_view request) const {
  StatusOr<mockpb::JournalRequest> read = RequestOf<mockpb::JournalRequest>(request, name_);
  if (!read.ok()) return read.status();
  const StatusOr<mockpb::Journal> journal = server_->impl_->control.GetJournal(*read);
  if (!journal.ok()) return journal.status();
  return ToJson(*journal);
}

Status Namespace::Verify(std::string_view request) const {
  const auto read = RequestOf<mockpb::VerifyRequest>(request, name_);
  return read.ok() ? server_->impl_->Verify(*read) : read.status();
}

Status Namespace::Verify(const Verification& verification) const {
  StatusOr<mockpb::VerifyRequest> request = ToMessage(verification);
  if (!request.ok()) return request.status();
  request->set_namespace_(name_);
  return server_->impl_->Verify(*request);
}

void Server::Stop(std::chrono::milliseconds grace) {
  const base::MutexLock lock(impl_->stopping);
  const bool first = impl_->stop.request_stop();
  const MachineClock::time_point deadline = MachineClock::now() + grace;
  const auto stop_grpc = [&] {
    if (impl_->grpc) impl_->grpc->Stop(deadline);
    impl_->own_grpc->Stop(deadline);
  };
  // All at once, so that none accepts new calls. Without threads, one after the other.
  std::optional<std::thread> grpc;
  try {
    grpc.emplace(stop_grpc);
  } catch (const std::exception&) {
    stop_grpc();
  }
  impl_->http->Stop(grace);
  impl_->gate->Close(deadline);
  if (grpc) grpc->join();
  if (first) impl_->Log(LogLevel::kInfo, "stopped");
}

}  // namespace tql::mock
