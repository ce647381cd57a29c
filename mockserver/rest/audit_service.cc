#include "mockserver/rest/audit_service.h"

#include <optional>
#include <string>
#include <utility>

#include "mockserver/rest/caller.h"
#include "proto/base/json_writer.h"
#include "proto/base/utf8.h"

namespace tql::rest {
namespace {

constexpr std::size_t kMostStatement = 1000;

/// The type of the event of a statement; empty for one that changes no definition of a table.
std::string_view EventOf(dialect::StatementKind kind) {
  switch (kind) {
    case dialect::StatementKind::kCreateTable:
      return "CREATE_TABLES";
    case dialect::StatementKind::kAlterTable:
      return "UPDATE_TABLES";
    case dialect::StatementKind::kDropTable:
      return "DELETE_TABLES";
    default:
      return {};
  }
}

std::string DescriptionOf(dialect::StatementKind kind) {
  return std::string(dialect::StatementKindName(kind)) + " in TQL";
}

/// The documented data of the events of logins.
std::string UserNameData(std::string_view name) {
  std::string data;
  base::JsonWriter(&data).BeginObject().Key("userName").String(name).EndObject();
  return data;
}

/// Notices the changes of definitions that succeed. Other statements use the wrapped sink itself.
class AuditSink : public service::ResponseSinkWrapper {
 public:
  using Record = std::function<void(dialect::StatementKind kind, std::string_view text)>;
  AuditSink(ResponseSink& wrapped, Record record)
      : ResponseSinkWrapper(wrapped), sink_(wrapped), record_(std::move(record)) {}

  bool Answers(const PendingStatement& pending) override {
    kind_.reset();
    if (sink_.Answers(pending)) return true;
    if (pending.statement != nullptr && !EventOf(pending.statement->kind()).empty()) {
      kind_ = pending.statement->kind();
    }
    return false;
  }
  engine::StatementSink& BeginStatement(const StatementInfo& info) override {
    if (!kind_) return sink_.BeginStatement(info);
    text_ = base::Excerpt(info.text, kMostStatement);
    failed_ = false;
    return ResponseSinkWrapper::BeginStatement(info);
  }

 private:
  bool OnQuestion(const engine::Question& question) override {
    failed_ = true;  // it runs once it is answered
    return StatementSinkWrapper::OnQuestion(question);
  }
  bool Message(engine::MessageType type, std::string_view text) override {
    if (type == engine::MessageType::kError) failed_ = true;
    return StatementSinkWrapper::Message(type, text);
  }
  void End() override {
    if (kind_ && !failed_) record_(*kind_, text_);
    kind_.reset();
    StatementSinkWrapper::End();
  }

  ResponseSink& sink_;
  const Record record_;
  std::optional<dialect::StatementKind> kind_;
  std::string text_;
  bool failed_ = false;
};

class AuditedCall : public service::AdmittedCall {
 public:
  AuditedCall(std::unique_ptr<AdmittedCall> wrapped, AuditSink::Record record)
      : wrapped_(std::move(wrapped)), record_(std::move(record)) {}

  std::optional<service::ResponseSink::PendingStatement> First() const override {
    return wrapped_->First();
  }
  Status Run(service::ResponseSink& sink) override {
    AuditSink audit(sink, record_);
    return wrapped_->Run(audit);
  }

 private:
  const std::unique_ptr<AdmittedCall> wrapped_;
  const AuditSink::Record record_;
};

}  // namespace

void AuditService::Record(std::string_view space, const AuditEvent& event) const {
  const auto found = namespaces_.Peek(space);
  if (!found) return;
  if (const auto log = found->Find<AuditLog>()) log->Add(event, *found->environment());
}

StatusOr<service::LoginResult> AuditService::Login(service::CallContext& context,
                                                   const pb::LoginRequest& request) {
  auto login = ServiceWrapper::Login(context, request);
  AuditEvent event{
      .type = "LOGIN_SUCCESSFUL", .description = "User login successful", .peer = context.peer};
  std::string name;
  if (login.ok()) {
    event.user = login->session.user.get();
    event.org = OrgIdOf(namespaces_, login->session);
    event.data = UserNameData(event.user->name);
  } else {
    name = base::Excerpt(request.username(), kMostStatement);
    event.user_name = name;
    event.data = UserNameData(name);
    const bool locked = login.status().code() == StatusCode::kResourceExhausted;
    event.type = locked ? "ACCOUNT_LOCKED" : "LOGIN_FAILED";
    event.description = locked ? "User account locked" : "User login failed";
  }
  Record(context.space, event);
  return login;
}

void AuditService::Logout(service::CallContext& context) {
  const bool live = Authenticate(context).ok();
  ServiceWrapper::Logout(context);
  if (!live) return;
  Record(context.space, {.type = "LOGOUT_SUCCESSFUL",
                         .description = "User logout successful",
                         .user = context.session->user.get(),
                         .peer = context.peer,
                         .org = OrgIdOf(namespaces_, *context.session)});
}

StatusOr<std::unique_ptr<service::AdmittedCall>> AuditService::Watch(
    const service::CallContext& context,
    StatusOr<std::unique_ptr<service::AdmittedCall>> admitted) const {
  if (!admitted.ok()) return admitted;
  auto record = [this, &context](dialect::StatementKind kind, std::string_view text) {
    const std::string description = DescriptionOf(kind);
    AuditEvent event{.type = EventOf(kind),
                     .description = description,
                     .user = context.session->user.get(),
                     .peer = context.peer,
                     .org = OrgIdOf(namespaces_, *context.session)};
    event.data.clear();
    base::JsonWriter(&event.data).BeginObject().Key("statement").String(text).EndObject();
    Record(context.space, event);
  };
  return std::unique_ptr<service::AdmittedCall>(
      std::make_unique<AuditedCall>(*std::move(admitted), std::move(record)));
}

StatusOr<std::unique_ptr<service::AdmittedCall>> AuditService::Query(
    service::CallContext& context, pb::ExecuteQueryRequest request) {
  return Watch(context, ServiceWrapper::Query(context, std::move(request)));
}

StatusOr<std::unique_ptr<service::AdmittedCall>> AuditService::RunScript(
    service::CallContext& context, pb::ExecuteSqlScriptRequest request) {
  return Watch(context, ServiceWrapper::RunScript(context, std::move(request)));
}

}  // namespace tql::rest
