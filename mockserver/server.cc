#include "tql/mock/server.h"
#include "proto/base/mutex.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "mockserver/config.h"
#include "mockserver/frontend/grpc/grpc_server.h"
#include "mockserver/frontend/http/http_server.h"
#include "mockserver/frontend/http/mock_handler.h"
#include "mockserver/frontend/http/tql_handler.h"
#include "mockserver/frontend/inprocess/in_process_transport.h"
#include "mockserver/init_script.h"
#include "mockserver/net/listener.h"
#include "mockserver/net/tls.h"
#include "mockserver/service/call_log.h"
#include "mockserver/service/tql_service.h"
#include "mockserver/space/namespaces.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "mockserver/testdouble/control.h"
#include "mockserver/testdouble/double_service.h"
#include "proto/base/file.h"
#include "proto/document/message_reader.h"
#include "tql/wire/json.h"

namespace tql::mock {
namespace {

using engine::MachineClock;

/// Adds the name of the file to the error.
Status About(const std::string& file, const Status& reason) {
  if (reason.message().find(file) != std::string::npos) return reason;
  return Status(reason.code(), file + ": " + reason.message());
}

StatusOr<std::unique_ptr<engine::Engine>> MakeEngine(const Config& config,
                                                     const engine::Clock& clock) {
  storage::SqliteOptions options;
  options.path = config.data;
  if (config.log) {
    options.log = [log = config.log](std::string_view what) { log(LogLevel::kError, what); };
  }
  StatusOr<std::unique_ptr<storage::Storage>> storage = storage::OpenSqlite(options);
  if (!storage.ok()) return About(config.data, storage.status());
  auto engine = engine::Engine::Create(*std::move(storage), engine::RandomGuidSource(), clock);
  if (!engine.ok()) return About(config.data, engine.status());
  for (const std::string& path : config.init_files) {
    if (Status status = RunInitFile(**engine, clock, path, config.stop); !status.ok())
      return status;
  }
  int number = 0;
  for (const std::string& script : config.init_scripts) {
    const std::string name = "init script " + std::to_string(++number);
    if (Status status = RunInitScript(**engine, clock, name, script, config.stop); !status.ok()) {
      return status;
    }
  }
  return engine;
}

StatusOr<net::TlsContext> MakeTls(const Config& config) {
  return config.tls_cert_file.empty()
             ? net::TlsContext::SelfSigned()
             : net::TlsContext::FromFiles(config.tls_cert_file, config.tls_key_file);
}

StatusOr<std::unique_ptr<service::SessionStore>> MakeSessions(const Config& config,
                                                              const std::vector<User>& users,
                                                              const engine::Clock& clock) {
  service::SessionStore::Options options;
  options.idle_timeout = config.session_idle_timeout;
  options.absolute_timeout = config.session_absolute_timeout;
  options.hash_rounds = static_cast<int>(config.password_hash_rounds);
  auto sessions = std::make_unique<service::SessionStore>(options, clock);
  for (const User& user : users) {
    const Status status = sessions->AddUser(user.name, user.password, user.can_manage_data);
    if (!status.ok()) return InvalidArgumentError(status.message());
  }
  return sessions;
}

/// The double of the namespace "main", with the plans of the configuration.
StatusOr<std::shared_ptr<testdouble::Double>> MakeDouble(const Config& config,
                                                         testdouble::JournalBudget& budget) {
  testdouble::Journal::Limits limits;
  limits.records = config.journal_entries;
  auto made = std::make_shared<testdouble::Double>(limits, budget);
  const auto append = [&](const std::string& name, std::string_view text) {
    mockpb::Plan plan;
    Status status = document::ReadMessage(text, &plan);
    if (status.ok()) status = made->plan().Append(plan);
    if (status.ok()) return status;
    return InvalidArgumentError(name + ": " + status.message());
  };
  for (const std::string& path : config.plan_files) {
    const StatusOr<std::string> text = base::ReadFile(path, document::Limits().max_bytes);
    if (!text.ok()) return InvalidArgumentError(text.status().message());
    if (Status status = append(path, *text); !status.ok()) return status;
  }
  int number = 0;
  for (const std::string& text : config.plans) {
    const std::string name = "plan " + std::to_string(++number);
    if (Status status = append(name, text); !status.ok()) return status;
  }
  return made;
}

/// Returns the writer of the call log, which may be empty.
service::CallLog::Write CallLogOf(const LogFunction& log) {
  if (!log) return nullptr;
  return [log](bool error, std::string_view line) {
    log(error ? LogLevel::kError : LogLevel::kDebug, line);
  };
}

frontend::HttpServer::Options HttpOptions(const Config& config, frontend::TqlHandler& handler,
                                          const frontend::MockHandler& control) {
  frontend::HttpServer::Options options;
  options.max_threads = config.threads;
  frontend::RequestLimits& request = options.connection.request;
  request.max_body_bytes = config.max_request_bytes;
  request.unasked_body_bytes = frontend::kStrangersBytes;
  request.body_allowance = [&handler, &control, most = config.max_request_bytes](const auto& head) {
    std::optional<frontend::BodyAllowance> allowance = control.AllowanceOf(head);
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
       std::unique_ptr<service::SessionStore> users, std::unique_ptr<engine::Engine> engine,
       std::unique_ptr<testdouble::JournalBudget> journal_budget,
       std::shared_ptr<testdouble::Double> main)
      : log(config.log),
        log_level(config.log_level),
        clock(its_clock),
        journals(std::move(journal_budget)),
        sessions(std::move(users)),
        namespaces(std::make_shared<space::Namespace>(
            std::string(space::kMain), std::move(engine), clock, engine::RandomGuidSource(),
            space::Namespace::Settings{config.statement_timeout}, stop.get_token(),
            std::move(main))),
        tql_service(namespaces, *sessions, clock, {stop.get_token()}),
        double_service(tql_service, namespaces, *sessions, clock),
        service(double_service, clock, CallLogOf(log), log_level > LogLevel::kDebug),
        handler(service, clock, checked.variant),
        control(namespaces, *sessions, stop.get_token()),
        control_handler(control, service, clock, testdouble::ControlAccess(config.control_token)),
        max_request_bytes(config.max_request_bytes),
        http(HttpOptions(config, handler, control_handler), router) {
    handler.AddRoutes(router);
    if (config.control) control_handler.AddRoutes(router);
  }

  void Log(LogLevel level, std::string_view message) const {
    if (log && level >= log_level) log(level, message);
  }

  void LogPorts() const {
    std::string ports;
    for (const std::string& url : {https_url, http_url, grpc ? "grpc " + grpc_address : ""}) {
      if (!url.empty()) ports += (ports.empty() ? "listening on " : " and ") + url;
    }
    Log(LogLevel::kInfo, ports.empty() ? "listening on no port" : ports);
  }

  /// Opens a port of `scheme` and sets `url` and `port` to its address.
  Status Listen(const net::Endpoint& endpoint, const std::string& scheme,
                const net::TlsContext* context, std::string* url, int* port) {
    StatusOr<net::Listener> listener = net::Listener::Open(endpoint);
    if (!listener.ok()) return listener.status();
    *url = scheme + "://" + EndpointText(listener->endpoint());
    *port = listener->endpoint().port;
    http.Listen(*std::move(listener), context);
    return Status();
  }

  Status ListenGrpc(const net::Endpoint& endpoint, const Config& config) {
    frontend::GrpcServer::Options options;
    options.max_threads = config.threads;
    options.max_request_bytes = config.max_request_bytes;
    if (config.control) options.control = &control;
    options.control_access = testdouble::ControlAccess(config.control_token);
    auto started = frontend::GrpcServer::Start(endpoint, config.grpc_plaintext ? nullptr : &*tls,
                                               service, clock, options);
    if (!started.ok()) return started.status();
    grpc = *std::move(started);
    grpc_address = EndpointText(grpc->endpoint());
    return Status();
  }

  const LogFunction log;
  const LogLevel log_level;
  const engine::Clock& clock;
  std::stop_source stop;
  const std::unique_ptr<testdouble::JournalBudget> journals;
  const std::unique_ptr<service::SessionStore> sessions;
  space::Namespaces namespaces;
  service::TqlService tql_service;
  testdouble::DoubleService double_service;
  service::CallLog service;  // called by the front ends
  frontend::TqlHandler handler;
  testdouble::Control control;
  frontend::MockHandler control_handler;
  frontend::Router router;
  const std::size_t max_request_bytes;
  const std::shared_ptr<frontend::CallGate> gate = std::make_shared<frontend::CallGate>();
  std::optional<net::TlsContext> tls;
  std::string https_url;
  std::string http_url;
  int https_port = 0;
  int http_port = 0;
  std::string grpc_address;
  base::Mutex stopping;
  frontend::HttpServer http;
  std::unique_ptr<frontend::GrpcServer> grpc;
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
  // Last, because init scripts change the data file: the configuration must have been checked.
  StatusOr<std::unique_ptr<engine::Engine>> engine = MakeEngine(config, clock);
  if (!engine.ok()) return engine.status();

  auto impl =
      std::make_unique<Impl>(config, *checked, clock, *std::move(sessions), *std::move(engine),
                             std::move(journals), *std::move(test_double));
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
  if (checked->grpc) {
    if (Status status = impl->ListenGrpc(*checked->grpc, config); !status.ok()) return status;
  }
  if (Status status = impl->http.Start(); !status.ok()) return status;
  impl->LogPorts();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const std::string& Server::https_url() const { return impl_->https_url; }
const std::string& Server::http_url() const { return impl_->http_url; }
int Server::https_port() const { return impl_->https_port; }
int Server::http_port() const { return impl_->http_port; }
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

Status Server::Remove(std::string_view name) { return impl_->namespaces.Remove(name); }

std::vector<std::string> Server::Namespaces() const { return impl_->namespaces.Names(); }

std::string Namespace::UserName(std::string_view user) const {
  return std::string(user) + '+' + name_;
}

std::shared_ptr<Transport> Namespace::InProcess() const { return server_->InProcess(name_); }

Status Namespace::ChangePlan(std::string_view plan, bool append) const {
  mockpb::PlanRequest request;
  if (Status status = document::ReadMessage(plan, request.mutable_plan()); !status.ok()) {
    return status;
  }
  request.set_namespace_(name_);
  request.set_append(append);
  return server_->impl_->control.PutPlan(request).status();
}

Status Namespace::SetPlan(std::string_view plan) const { return ChangePlan(plan, false); }
Status Namespace::AddRules(std::string_view plan) const { return ChangePlan(plan, true); }

StatusOr<std::string> Namespace::Plan() const {
  const StatusOr<mockpb::Plan> plan = server_->impl_->control.GetPlan(name_);
  if (!plan.ok()) return plan.status();
  return ToJson(*plan);
}

StatusOr<std::string> Namespace::Journal(std::string_view request) const {
  StatusOr<mockpb::JournalRequest> read = RequestOf<mockpb::JournalRequest>(request, name_);
  if (!read.ok()) return read.status();
  const StatusOr<mockpb::Journal> journal = server_->impl_->control.GetJournal(*read);
  if (!journal.ok()) return journal.status();
  return ToJson(*journal);
}

Status Namespace::Verify(std::string_view request) const {
  StatusOr<mockpb::VerifyRequest> read = RequestOf<mockpb::VerifyRequest>(request, name_);
  if (!read.ok()) return read.status();
  const StatusOr<mockpb::VerifyResponse> response = server_->impl_->control.Verify(*read);
  if (!response.ok()) return response.status();
  if (response->ok()) return Status();
  return FailedPreconditionError(response->explanation());
}

void Server::Stop(std::chrono::milliseconds grace) {
  const base::MutexLock lock(impl_->stopping);
  const bool first = impl_->stop.request_stop();
  const MachineClock::time_point deadline = MachineClock::now() + grace;
  const auto stop_grpc = [&] {
    if (impl_->grpc) impl_->grpc->Stop(deadline);
  };
  // All at once, so that none accepts new calls. Without threads, one after the other.
  std::optional<std::thread> grpc;
  try {
    grpc.emplace(stop_grpc);
  } catch (const std::exception&) {
    stop_grpc();
  }
  impl_->http.Stop(grace);
  impl_->gate->Close(deadline);
  if (grpc) grpc->join();
  if (first) impl_->Log(LogLevel::kInfo, "stopped");
}

}  // namespace tql::mock
