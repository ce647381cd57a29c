#include "client/src/messages.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

#include "client/src/fork.h"
#include "proto/base/mutex.h"
#include "tql/wire/json.h"
#include "tql/wire/message_utf8.h"

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
  if (from.query_results_apply_top_row_count)
    to->mutable_query_options()->set_query_results_apply_top_row_count(
        *from.query_results_apply_top_row_count);
  if (from.query_row_count_only)
    to->mutable_query_options()->set_query_row_count_only(*from.query_row_count_only);
  if (from.pagination_start)
    to->mutable_query_options()->mutable_pagination()->set_start(*from.pagination_start);
  if (from.pagination_size)
    to->mutable_query_options()->mutable_pagination()->set_size(*from.pagination_size);
  if (from.format_output) to->set_format_output(*from.format_output);
  if (from.field_separator)
    to->mutable_formatting_options()->set_field_separator(*from.field_separator);
  if (from.row_separator) to->mutable_formatting_options()->set_row_separator(*from.row_separator);
  if (from.null_string) to->mutable_formatting_options()->set_null_string(*from.null_string);
  if (from.date_format)
    to->mutable_formatting_options()->mutable_date_format()->set_date_format(*from.date_format);
  if (from.date_time_format)
    to->mutable_formatting_options()->mutable_date_format()->set_date_time_format(
        *from.date_time_format);
  if (from.time_format)
    to->mutable_formatting_options()->mutable_date_format()->set_time_format(*from.time_format);
  if (from.format_date_as_epoch)
    to->mutable_formatting_options()->mutable_date_format()->set_format_date_as_epoch(
        *from.format_date_as_epoch);
  if (from.add_database) to->mutable_scripting_options()->set_add_database(*from.add_database);
  if (from.script_comments)
    to->mutable_scripting_options()->set_script_comments(*from.script_comments);
  if (from.script_extensions)
    to->mutable_scripting_options()->set_script_extensions(*from.script_extensions);
  if (from.script_guids) to->mutable_scripting_options()->set_script_guids(*from.script_guids);
  if (from.script_parsing_hints)
    to->mutable_scripting_options()->set_script_parsing_hints(*from.script_parsing_hints);
  if (from.script_schema_versions)
    to->mutable_scripting_options()->set_script_schema_versions(*from.script_schema_versions);
  if (from.input_row_size_fetch_max_rows)
    to->mutable_adv_options()->set_input_row_size_fetch_max_rows(
        *from.input_row_size_fetch_max_rows);
  if (from.use_jit) to->mutable_adv_options()->set_use_jit(*from.use_jit);
  if (from.skip_cache) to->mutable_adv_options()->set_skip_cache(*from.skip_cache);
  if (from.progress_wrapper_timeout_sec)
    to->mutable_adv_options()->set_progress_wrapper_timeout_sec(*from.progress_wrapper_timeout_sec);
  if (from.offlining_during_resharding_default)
    to->mutable_adv_options()->set_offlining_during_resharding_default(
        *from.offlining_during_resharding_default);
  if (from.use_postgres_sql_parser)
    to->mutable_adv_options()->set_use_postgres_sql_parser(*from.use_postgres_sql_parser);
  if (from.generate_guids_in_ddl)
    to->mutable_adv_options()->set_generate_guids_in_ddl(*from.generate_guids_in_ddl);
  if (from.allow_unsafe) to->mutable_adv_options()->set_allow_unsafe(*from.allow_unsafe);
  if (from.continue_execution_on_error)
    to->mutable_adv_options()->set_continue_execution_on_error(*from.continue_execution_on_error);
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

pb::ExecuteSqlScriptRequest ToMessage(const ScriptParams& params) {
  pb::ExecuteSqlScriptRequest request;
  request.set_script_type(params.kind == ScriptKind::kProto
                              ? pb::ExecuteSqlScriptRequest::PROTO_SCRIPT
                              : pb::ExecuteSqlScriptRequest::TQL_SCRIPT);
  SetOptions(params.options, request.mutable_options());
  SetContext(params.context, request.mutable_context());
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
std::string RequestJson(const ScriptParams& params) { return LockedJson(ToMessage(params)); }

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
