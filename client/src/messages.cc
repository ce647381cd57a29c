#include "client/src/messages.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

#include "client/src/fork.h"
#include "proto/base/json_writer.h"
#include "proto/base/mutex.h"
#include "tql/wire/json.h"
#include "tql/wire/message_utf8.h"
#include "tql/wire/request_option_fields.h"

namespace tql {
namespace {

// Created before any thread exists: if a fork() happened during the initialisation of a local
// static, the child would wait for its end forever. Never destroyed, because threads may print
// while the process exits.
ForkMutex& json_mutex = *new ForkMutex;

std::string LockedJson(const google::protobuf::Message& message) {
  const base::MutexLock lock(json_mutex);
  return ToJson(message);
}

void SetContext(const Context& from, pb::QueryContext* to) {
  to->set_schema(from.schema);
  if (!from.database.empty()) to->set_database(from.database);
  to->set_server_schema_version(from.server_schema_version);
}

void SetOptions(const StatementOptions& from, pb::TqlOptions* to) {
  base::VisitMembers<StatementOptions>([&](const base::RequestOption& option, auto member) {
    if (const auto& value = from.*member) SetOption(option, *value, to);
  });
}

template <typename Message>
Message Clean(Message message) {
  if (!HasValidUtf8(message)) SanitizeStrings(&message);
  return message;
}

/// Resolves the types of all fields, which protobuf otherwise does on first use.
void PrepareFields(const google::protobuf::Descriptor& message) {
  for (int i = 0; i < message.field_count(); ++i) {
    (void)message.field(i)->message_type();
    (void)message.field(i)->enum_type();
  }
  for (int i = 0; i < message.nested_type_count(); ++i) PrepareFields(*message.nested_type(i));
}

}  // namespace

void PrepareMessages() {
  (void)pb::ExecuteQueryRequest::default_instance().GetReflection();
  (void)pb::LoginRequest::default_instance().GetReflection();
  for (const google::protobuf::FileDescriptor* file :
       {pb::ExecuteQueryRequest::descriptor()->file(), pb::LoginRequest::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i) PrepareFields(*file->message_type(i));
  }
  PrepareOptionFields();
}

pb::ExecuteQueryRequest ToMessage(const QueryParams& params) {
  pb::ExecuteQueryRequest request;
  SetOptions(params.options, request.mutable_options());
  SetContext(params.context, request.mutable_context());
  request.mutable_query()->set_statement(params.statement);
  for (const Answer& answer : params.answers) {
    auto* response = request.mutable_query()->add_prompt_responses();
    response->set_question_id(answer.question_id);
    response->set_answer(answer.answer);
  }
  return Clean(std::move(request));
}

namespace {

/// The request without its script.
pb::ExecuteSqlScriptRequest SettingsOf(const ScriptParams& params) {
  pb::ExecuteSqlScriptRequest request;
  request.set_script_type(params.kind == ScriptKind::kProto
                              ? pb::ExecuteSqlScriptRequest::PROTO_SCRIPT
                              : pb::ExecuteSqlScriptRequest::TQL_SCRIPT);
  SetOptions(params.options, request.mutable_options());
  SetContext(params.context, request.mutable_context());
  return request;
}

}  // namespace

pb::ExecuteSqlScriptRequest ToMessage(const ScriptParams& params) {
  pb::ExecuteSqlScriptRequest request = SettingsOf(params);
  request.set_script(params.script);
  return Clean(std::move(request));
}

pb::LoginRequest ToMessage(const LoginParams& params) {
  pb::LoginRequest request;
  request.set_username(params.user);
  request.set_password(params.password);
  return Clean(std::move(request));
}

pb::GetTokensRequest ToMessage(const TokensParams& params) {
  pb::GetTokensRequest request;
  request.set_kind(params.kind == TokenKind::kStatic ? pb::GetTokensRequest::STATIC
                                                     : pb::GetTokensRequest::DYNAMIC);
  return request;
}

std::string RequestJson(const QueryParams& params) { return LockedJson(ToMessage(params)); }

/// Returns the JSON of the message. The script is appended to it, because JsonUtil would copy it
/// several times.
std::string RequestJson(const ScriptParams& params) {
  const std::string settings = LockedJson(Clean(SettingsOf(params)));
  std::string json;
  json.reserve(settings.size() + params.script.size() + params.script.size() / 8 + 64);
  json.append(settings, 0, settings.size() - 1);  // without its last brace; never empty
  json += ",\"script\":";
  base::AppendJsonString(params.script, &json);
  return json += '}';
}

ContextChange FromMessage(const pb::QueryContext& context) {
  ContextChange change;
  if (context.has_database()) change.database = context.database();
  if (context.has_schema()) change.schema = context.schema();
  if (context.has_server_schema_version()) {
    change.server_schema_version = context.server_schema_version();
  }
  return change;
}

Question FromMessage(const pb::InteractiveQueryQuestion& question) {
  return {question.question_id(),
          question.banner(),
          question.prompt(),
          {question.options().begin(), question.options().end()}};
}

Progress FromMessage(const pb::ExecuteQueryResponse::Result::Progress& progress) {
  return {progress.id(), progress.label(), std::clamp(progress.percentage(), 0, 100),
          progress.details()};
}

Header FromMessage(const pb::ExecuteQueryResponse::Result::TableResult& table) {
  Header header;
  for (const auto& column : table.headers()) {
    header.columns.push_back({column.name(), static_cast<ColumnType>(column.type())});
  }
  return header;
}

Message FromMessage(const pb::ExecuteQueryResponse::Result::OutMessage& message) {
  return {static_cast<Severity>(message.type()), message.value()};
}

Tokens FromMessage(const pb::GetTokensResponse& response) {
  Tokens tokens;
  tokens.tokens.assign(response.tokens().begin(), response.tokens().end());
  if (response.has_server_schema_version()) {
    tokens.server_schema_version = response.server_schema_version();
  }
  return tokens;
}

StatusOr<std::int64_t> FromMessage(const pb::GetSchemaVersionResponse& response) {
  if (response.context().has_server_schema_version()) {
    return response.context().server_schema_version();
  }
  return InternalError("the response has no valid schema version");
}

}  // namespace tql
