// The C interface, a wrapper of the C++ library. Exceptions do not leave it.
#include "tql.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "tql/client.h"

struct tql_client {
  tql::Client client;
};

struct tql_cancel {
  std::stop_source source;
};

struct tql_result {
  tql::QueryResult result;
  std::optional<tql::Row> row;                    // the current row
  std::vector<std::optional<std::string>> texts;  // NUL-terminated cells, created on demand
};

struct tql_script {
  tql::ScriptResult script;
};

namespace {

using tql::Status;

static_assert(TQL_UNAUTHENTICATED == static_cast<int>(tql::StatusCode::kUnauthenticated));
static_assert(TQL_TYPE_BIGINT == static_cast<int>(tql::ColumnType::kBigInt));

tql_status Report(const Status& status, char** message) {
  if (message) *message = status.ok() ? nullptr : strdup(status.message().c_str());
  const bool out_of_memory = message && !status.ok() && !*message;
  return out_of_memory ? TQL_RESOURCE_EXHAUSTED : static_cast<tql_status>(status.code());
}

// Executes `body` and converts exceptions to a status.
template <typename Body>
tql_status Guard(char** message, Body body) {
  try {
    return Report(body(), message);
  } catch (const std::bad_alloc&) {
    if (message) *message = nullptr;
    return TQL_RESOURCE_EXHAUSTED;
  } catch (const std::exception& error) {
    return Report(tql::InternalError(error.what()), message);
  } catch (...) {
    if (message) *message = nullptr;
    return TQL_INTERNAL;
  }
}

// Returns the value of `body`, or `otherwise` if it throws, for functions without a status.
template <typename Value, typename Body>
Value ValueOr(Value otherwise, Body body) {
  try {
    return body();
  } catch (...) {
    return otherwise;
  }
}

Status Missing(const char* what) {
  return tql::InvalidArgumentError(std::string(what) + " must not be NULL");
}

std::string TextOf(const char* text) { return text ? text : ""; }

tql::RequestOptions RequestOf(tql_cancel* cancel) {
  tql::RequestOptions request;
  if (cancel) request.stop = cancel->source.get_token();
  return request;
}

// No version of tql_options will be larger.
constexpr std::size_t kMostOptionsBytes = 4096;

// Copies the options of a program that may be older or newer than the library. Members beyond its
// size keep their default; bytes beyond its size are not read.
Status ReadOptions(const tql_options* given, tql_options& known) {
  if (!given) return {};
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof size);  // the first member of every version
  if (size < offsetof(tql_options, password) || size % alignof(tql_options) != 0 ||
      size > kMostOptionsBytes) {
    return tql::InvalidArgumentError(
        "tql_options.size is " + std::to_string(size) +
        ", which is not valid; initialise the struct with TQL_OPTIONS_INIT");
  }
  std::memcpy(&known, given, std::min(size, sizeof known));
  const auto* const bytes = reinterpret_cast<const unsigned char*>(given);
  for (std::size_t i = sizeof known; i < size; ++i) {
    if (bytes[i] == 0) continue;
    return tql::InvalidArgumentError(
        "tql_options has members that this version of libtql does not support; the program was "
        "compiled for a newer one");
  }
  return {};
}

tql::Options OptionsOf(const tql_options& given) {
  tql::Options options;
  options.user = TextOf(given.user);
  if (given.password) options.credentials = tql::Credentials::Password(given.password);
  options.database = TextOf(given.database);
  options.schema = TextOf(given.schema);
  options.profile = TextOf(given.profile);
  options.tls.ca_file = TextOf(given.ca_file);
  options.tls.insecure = given.insecure != 0;
  if (given.query_timeout_ms > 0) {
    options.query_timeout = std::chrono::milliseconds(given.query_timeout_ms);
  }
  if (given.connect_timeout_ms > 0) {
    options.connect_timeout = std::chrono::milliseconds(given.connect_timeout_ms);
  }
  return options;
}

template <typename T>
Status ReadCell(const tql_result* result, std::size_t column, T& value) {
  if (!result) return Missing("result");
  if (!result->row) return tql::OutOfRangeError("no row is current: call tql_result_next first");
  tql::StatusOr<T> cell = result->row->get<T>(column);
  if (!cell) return cell.status();
  value = *cell;
  return {};
}

}  // namespace

extern "C" {

int tql_abi_version(void) { return TQL_ABI_VERSION; }

const char* tql_status_name(tql_status status) {
  const int code = static_cast<int>(status);
  if (code < 0 || code > TQL_UNAUTHENTICATED) return "UNKNOWN";
  return tql::StatusCodeName(static_cast<tql::StatusCode>(code)).data();
}

void tql_free(char* message) { std::free(message); }

tql_status tql_connect(const char* url, const tql_options* options, tql_client** client,
                       char** message) {
  return Guard(message, [&]() -> Status {
    if (!client) return Missing("client");
    tql_options known{};
    if (Status status = ReadOptions(options, known); !status.ok()) return status;
    tql::StatusOr<tql::Client> made = tql::Client::Connect(TextOf(url), OptionsOf(known));
    if (!made) return made.status();
    *client = new tql_client{*std::move(made)};
    return {};
  });
}

void tql_client_free(tql_client* client) { delete client; }

tql_cancel* tql_cancel_new(void) {
  return ValueOr<tql_cancel*>(nullptr, [] { return new tql_cancel; });
}
void tql_cancel_request(tql_cancel* cancel) {
  if (cancel) cancel->source.request_stop();
}
void tql_cancel_free(tql_cancel* cancel) { delete cancel; }

tql_status tql_execute(tql_client* client, const char* statement, tql_cancel* cancel,
                       char** message) {
  return Guard(message, [&]() -> Status {
    if (!client) return Missing("client");
    if (!statement) return Missing("statement");
    return client->client.Execute(statement, RequestOf(cancel)).status;
  });
}

tql_status tql_query(tql_client* client, const char* statement, tql_cancel* cancel,
                     tql_result** result, char** message) {
  return Guard(message, [&]() -> Status {
    if (!client) return Missing("client");
    if (!statement) return Missing("statement");
    if (!result) return Missing("result");
    *result = new tql_result{client->client.Query(statement, RequestOf(cancel)), {}, {}};
    return {};
  });
}

tql_status tql_run_script(tql_client* client, const char* script, tql_cancel* cancel,
                          tql_script** result, char** message) {
  return Guard(message, [&]() -> Status {
    if (!client) return Missing("client");
    if (!script) return Missing("script");
    if (!result) return Missing("result");
    *result = new tql_script{client->client.RunScript(script, RequestOf(cancel))};
    return {};
  });
}

tql_status tql_result_next(tql_result* result, int* has_row, char** message) {
  return Guard(message, [&]() -> Status {
    if (!result) return Missing("result");
    if (!has_row) return Missing("has_row");
    result->row.reset();
    tql::StatusOr<std::optional<tql::Row>> row = result->result.Next();
    if (!row) return row.status();
    result->row = *std::move(row);
    // Cells are not NUL-terminated in a row; copies are made on demand.
    result->texts.assign(result->row ? result->row->size() : 0, std::nullopt);
    *has_row = result->row ? 1 : 0;
    return {};
  });
}

size_t tql_result_columns(tql_result* result) {
  return ValueOr<size_t>(0, [&] { return result ? result->result.columns().size() : 0; });
}

const char* tql_result_column_name(tql_result* result, size_t column) {
  return ValueOr<const char*>(nullptr, [&]() -> const char* {
    if (column >= tql_result_columns(result)) return nullptr;
    return result->result.columns()[column].name.c_str();
  });
}

tql_type tql_result_column_type(tql_result* result, size_t column) {
  return ValueOr(TQL_TYPE_UNKNOWN, [&] {
    if (column >= tql_result_columns(result)) return TQL_TYPE_UNKNOWN;
    return static_cast<tql_type>(result->result.columns()[column].type);
  });
}

const char* tql_result_message(tql_result* result, size_t index) {
  return ValueOr<const char*>(nullptr, [&]() -> const char* {
    if (!result || index >= result->result.messages().size()) return nullptr;
    return result->result.messages()[index].text.c_str();
  });
}

void tql_result_free(tql_result* result) { delete result; }

int tql_cell_is_null(const tql_result* result, size_t column) {
  if (!result || !result->row || column >= result->row->size()) return -1;
  return result->row->is_null(column) ? 1 : 0;
}

const char* tql_cell_text(tql_result* result, size_t column, size_t* size) {
  if (tql_cell_is_null(result, column) != 0) return nullptr;
  return ValueOr<const char*>(nullptr, [&] {
    std::optional<std::string>& text = result->texts[column];
    if (!text) text.emplace(result->row->text(column));
    if (size) *size = text->size();
    return text->c_str();
  });
}

tql_status tql_cell_int64(const tql_result* result, size_t column, int64_t* value, char** message) {
  return Guard(message,
               [&] { return value ? ReadCell(result, column, *value) : Missing("value"); });
}

tql_status tql_cell_double(const tql_result* result, size_t column, double* value, char** message) {
  return Guard(message,
               [&] { return value ? ReadCell(result, column, *value) : Missing("value"); });
}

tql_status tql_cell_bool(const tql_result* result, size_t column, int* value, char** message) {
  return Guard(message, [&]() -> Status {
    if (!value) return Missing("value");
    bool truth = false;
    Status status = ReadCell(result, column, truth);
    if (status.ok()) *value = truth ? 1 : 0;
    return status;
  });
}

tql_status tql_script_next(tql_script* script, tql_result** result, char** message) {
  return Guard(message, [&]() -> Status {
    if (!script) return Missing("script");
    if (!result) return Missing("result");
    std::optional<tql::QueryResult> next = script->script.Next();
    if (!next && !script->script.status().ok()) return script->script.status();
    *result = next ? new tql_result{*std::move(next), {}, {}} : nullptr;
    return {};
  });
}

void tql_script_free(tql_script* script) { delete script; }

}  // extern "C"
