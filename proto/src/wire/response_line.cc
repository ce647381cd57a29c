#include "tql/wire/response_line.h"

#include <cassert>
#include <cstring>
#include <string>
#include <vector>

#include "proto/base/json_string.h"
#include "proto/base/json_writer.h"
#include "tql/wire/json.h"
#include "tql/wire/row_encoder.h"

namespace tql {

namespace {

using ColumnHeader = ResponseLineWriter::Table::ColumnHeader;

/// Appends `"key":` to an object whose members start at offset `start` of `*out`.
void AppendKey(std::string_view key, std::size_t start, std::string* out) {
  if (out->size() > start) *out += ',';
  *out += '"';
  *out += key;
  *out += "\":";
}

void StartColumn(std::string* json) { *json += json->empty() ? "\"headers\":[{" : ",{"; }

// Reflection looks a name up by its number, which takes longer than the rest of a column.
const std::string& NameOf(ColumnHeader::Type type) {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (int i = 0; i <= ColumnHeader::Type_MAX; ++i) {
      names.push_back(ColumnHeader::Type_Name(static_cast<ColumnHeader::Type>(i)));
    }
    return names;
  }();
  return kNames[static_cast<std::size_t>(type)];
}

}  // namespace

// Does not use JsonUtil, which needs more time for sixteen columns than a point SELECT in total.
// The same applies to Context.
std::string ResponseLineWriter::EncodeHeader(const Table& table) {
  if (table.headers().empty()) return {};
  std::string json;
  for (const auto& header : table.headers()) {
    StartColumn(&json);
    const std::size_t start = json.size();
    if (header.has_name()) {
      AppendKey("name", start, &json);
      base::AppendJsonString(header.name(), &json);
    }
    if (header.has_type()) {
      AppendKey("type", start, &json);
      json.append("\"").append(NameOf(header.type())) += '"';
    }
    json += '}';
  }
  return json + "]";
}

void ResponseLineWriter::AppendColumn(std::string_view name, ColumnHeader::Type type,
                                      std::string* json) {
  constexpr std::size_t kUsualName = 64;
  if (name.size() > kUsualName) {
    StartColumn(json);
    *json += "\"name\":";
    base::AppendJsonString(name, json);
    json->append(",\"type\":\"").append(NameOf(type)) += "\"}";
    return;
  }
  // In one piece, because a table has many columns and often few rows.
  char buffer[kUsualName * base::kMaxJsonGrowth + base::kJsonSlack + 64];
  char* end = buffer;
  const auto put = [&end](std::string_view text) {
    std::memcpy(end, text.data(), text.size());
    end += text.size();
  };
  put(json->empty() ? "\"headers\":[{\"name\":" : ",{\"name\":");
  end = base::PutJsonString(name, end);
  put(",\"type\":\"");
  put(NameOf(type));
  put("\"}");
  json->append(buffer, static_cast<std::size_t>(end - buffer));
}

void ResponseLineWriter::Begin(const pb::ExecuteQueryRequest* request, bool script_complete) {
  assert(state_ == State::kClosed);
  *out_ += '{';
  if (request != nullptr) {
    *out_ += "\"request\":";
    *out_ += ToJson(*request);
    *out_ += ',';
  }
  if (script_complete) *out_ += "\"script_complete\":true,";
  *out_ += "\"result\":{";
  state_ = State::kResult;
  script_complete_ = script_complete;
  first_key_ = true;
  empty_table_ = false;
  complete_ = false;
  context_ = false;
  seen_ = 0;
}

void ResponseLineWriter::CloseValue() {
  switch (state_) {
    case State::kQuestions:
    case State::kProgress:
    case State::kMessages:
      *out_ += ']';
      break;
    case State::kTable:
      *out_ += '}';
      break;
    case State::kRows:
      *out_ += "]}";
      break;
    case State::kClosed:
    case State::kResult:
      break;
  }
  state_ = State::kResult;
}

/// Closes the open value and starts the next key of the result. Returns false if the key was
/// already written, except for State::kResult, which stands for all keys with a single value.
bool ResponseLineWriter::StartKey(State state, std::string_view key) {
  const std::uint32_t bit = 1U << static_cast<unsigned>(state);
  const bool again = (seen_ & bit) != 0 && state != State::kResult;
  assert(state_ != State::kClosed && !again);
  if (state_ == State::kClosed || again) return false;
  CloseValue();
  if (!first_key_) *out_ += ',';
  first_key_ = false;
  *out_ += '"';
  *out_ += key;
  *out_ += "\":";
  seen_ |= bit;
  state_ = state;
  return true;
}

/// Starts an element of the array `key`, and the array if it is not open.
bool ResponseLineWriter::StartElement(State state, std::string_view key) {
  if (state_ == state) {
    *out_ += ',';
    return true;
  }
  if (!StartKey(state, key)) return false;
  *out_ += '[';
  return true;
}

std::string ResponseLineWriter::EncodeContext(const pb::QueryContext& context) {
  constexpr std::size_t kUsualBytes = 96;
  std::string json;
  json.reserve(kUsualBytes);
  json += '{';
  const std::size_t start = json.size();
  if (context.has_schema()) {
    AppendKey("schema", start, &json);
    base::AppendJsonString(context.schema(), &json);
  }
  if (context.has_database()) {
    AppendKey("database", start, &json);
    base::AppendJsonString(context.database(), &json);
  }
  if (context.has_server_schema_version()) {
    AppendKey("server_schema_version", start, &json);
    json += '"' + std::to_string(context.server_schema_version()) + '"';
  }
  json += '}';
  return json;
}

void ResponseLineWriter::Context(std::string_view context_json) {
  assert(!context_);
  if (context_ || !StartKey(State::kResult, "final_context")) return;
  context_ = true;
  *out_ += context_json;
}

void ResponseLineWriter::Question(const pb::InteractiveQueryQuestion& question) {
  if (StartElement(State::kQuestions, "interactive_question")) *out_ += ToJson(question);
}

void ResponseLineWriter::Progress(const ProgressMessage& progress) {
  if (StartElement(State::kProgress, "progress")) *out_ += ToJson(progress);
}

void ResponseLineWriter::Header(std::string_view header_json) {
  if (!StartKey(State::kTable, "table")) return;
  *out_ += '{';
  *out_ += header_json;
  empty_table_ = header_json.empty();
}

bool ResponseLineWriter::StartRows() {
  assert(state_ == State::kTable);
  if (state_ != State::kTable) return false;
  *out_ += empty_table_ ? "\"rows\":[" : ",\"rows\":[";
  state_ = State::kRows;
  return true;
}

void ResponseLineWriter::Rows(std::string_view encoded) {
  if (encoded.empty()) return;
  if (state_ != State::kRows) {
    if (!StartRows()) return;
    encoded.remove_prefix(1);
  }
  *out_ += encoded;
}

void ResponseLineWriter::Row(std::span<const std::string_view> cells) {
  if (state_ == State::kRows) {
    *out_ += ',';
  } else if (!StartRows()) {
    return;
  }
  if (!cell_objects_) return AppendRow(cells, out_);
  *out_ += "{\"v\":[";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    *out_ += i == 0 ? "{\"s\":" : ",{\"s\":";
    base::AppendJsonString(cells[i], out_);
    *out_ += '}';
  }
  *out_ += "]}";
}

void ResponseLineWriter::Message(OutMessage::Type type, std::string_view value) {
  if (!StartElement(State::kMessages, "message")) return;
  *out_ += "{\"type\":\"";
  *out_ += pb::ExecuteQueryResponse_Result_OutMessage_Type_Name(type);
  *out_ += "\",\"value\":";
  base::AppendJsonString(value, out_);
  *out_ += '}';
}

void ResponseLineWriter::Complete() {
  assert(!complete_);
  if (complete_ || !StartKey(State::kResult, "complete")) return;
  complete_ = true;
  *out_ += "true";
}

void ResponseLineWriter::End(bool script_complete) {
  assert(state_ != State::kClosed);
  if (state_ == State::kClosed) return;
  CloseValue();
  *out_ += '}';
  if (script_complete && !script_complete_) *out_ += ",\"script_complete\":true";
  *out_ += "}\n";
  state_ = State::kClosed;
}

}  // namespace tql
