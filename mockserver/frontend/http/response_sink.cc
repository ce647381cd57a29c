#include "mockserver/frontend/http/response_sink.h"

#include <tuple>
#include <utility>

#include "mockserver/engine/name_index.h"
#include "mockserver/engine/row_encoder.h"
#include "mockserver/service/answers.h"
#include "proto/base/text.h"
#include "tql/wire/row_encoder.h"

namespace tql::frontend {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

/// Quotes in names are escaped, so a match is a type and not part of a name.
void RenameDateTime(std::string& header_json) {
  constexpr std::string_view kDocumented = "\"type\":\"DATETIME\"";
  constexpr std::string_view kOther = "\"type\":\"DATE_TIME\"";
  for (std::size_t at = 0; (at = header_json.find(kDocumented, at)) != std::string::npos;) {
    header_json.replace(at, kDocumented.size(), kOther);
    at += kOther.size();
  }
}

class JsonRows : public engine::RowEncoder {
 public:
  void Append(std::span<const std::string_view> cells, std::string& out) const override {
    out += ',';
    AppendRow(cells, &out);
  }
};

}  // namespace

engine::StatementSink& HttpResponseSink::BeginStatement(const StatementInfo& info) {
  // The previous line ends only here: now it is known that it was not the last.
  if (line_.open()) line_.End();
  if (info.index > 0 && info.may_wait) FlushBuffer();
  body_.LimitWrites(info.deadline);
  script_ = info.script;
  last_ = info.last;
  asked_ = false;
  ended_ = false;
  omit_complete_ = false;
  first_rows_.Reset();
  flush_at_ = kChunkBytes;
  return *this;
}

void HttpResponseSink::OpenLine() {
  if (!line_.open()) line_.Begin(nullptr, script_ && last_);
}

bool HttpResponseSink::OnProgress(std::span<const engine::Progress> stages) {
  line_.Begin();
  for (const engine::Progress& stage : stages) line_.Progress(service::ToMessage(stage));
  line_.End();
  return FlushBuffer();
}

bool HttpResponseSink::OnQuestion(const engine::Question& question) {
  OpenLine();
  line_.Question(service::ToMessage(question));
  asked_ = true;
  return !gone_;
}

bool HttpResponseSink::Begin(const engine::Context& final_context) {
  OpenLine();
  line_.Context(ContextJson(final_context));
  return !gone_;
}

/// Most statements of a script have the same context.
const std::string& HttpResponseSink::ContextJson(const engine::Context& context) {
  const auto key = [](const engine::Context& c) {
    return std::tie(c.server_schema_version, c.database, c.schema);
  };
  if (context_json_.empty() || key(context) != key(context_)) {
    context_json_ = ResponseLineWriter::EncodeContext(service::ToMessage(context));
    context_ = context;
  }
  return context_json_;
}

bool HttpResponseSink::Header(std::span<const engine::Column> columns) {
  constexpr std::size_t kColumnBytes = 48;
  std::string json;
  json.reserve(columns.size() * kColumnBytes);
  for (const engine::Column& column : columns) {
    ResponseLineWriter::AppendColumn(column.name, service::TypeOf(column.type.kind), &json);
  }
  if (!json.empty()) json += ']';
  if (variant_.date_time) RenameDateTime(json);
  line_.Header(json);
  text_columns_.clear();
  for (std::size_t i = 0; variant_.lowercase_strings && i < columns.size(); ++i) {
    if (columns[i].type.kind == values::TypeKind::kVarchar) text_columns_.push_back(i);
  }
  return !gone_;
}

std::span<const std::string_view> HttpResponseSink::InLowerCase(
    std::span<const std::string_view> cells) {
  lower_row_.assign(cells.begin(), cells.end());
  lower_.resize(text_columns_.size());
  for (std::size_t i = 0; i < text_columns_.size(); ++i) {
    lower_[i] = base::Lower(cells[text_columns_[i]]);
    lower_row_[text_columns_[i]] = lower_[i];
  }
  return lower_row_;
}

bool HttpResponseSink::Row(std::span<const std::string_view> cells) {
  line_.Row(text_columns_.empty() ? cells : InLowerCase(cells));
  const bool early = first_rows_.Due();
  if (buffer_.size() < flush_at_ && !early) return !gone_;
  return FlushBuffer();
}

const engine::RowEncoder* HttpResponseSink::row_encoder() {
  static const JsonRows json;
  return variant_.cell_objects || variant_.lowercase_strings ? nullptr : &json;
}

bool HttpResponseSink::Rows(engine::EncodedRows& rows) {
  const bool early = first_rows_.Due(rows.rows);
  if (line_.in_rows() && buffer_.size() + rows.bytes.size() >= flush_at_) {
    if (!WriteBuffer()) return false;
    buffer_.swap(rows.bytes);  // not copied
    return FlushBuffer();
  }
  line_.Rows(rows.bytes);
  return buffer_.size() < flush_at_ && !early ? !gone_ : FlushBuffer();
}

bool HttpResponseSink::Message(engine::MessageType type, std::string_view text) {
  line_.Message(service::TypeOf(type), text);
  return buffer_.size() < flush_at_ ? !gone_ : FlushBuffer();
}

void HttpResponseSink::End() {
  if (asked_ || omit_complete_ || !line_.open()) return;
  if (script_) {
    line_.Complete();
  } else {
    ended_ = true;
  }
}

void HttpResponseSink::Finish() {
  if (ended_ && line_.open()) line_.Complete();
  if (line_.open()) line_.End(script_ && !last_);
  WriteBuffer();  // sent with the end of the answer
  FilterBody(nullptr);
}

bool HttpResponseSink::WriteBuffer() {
  if (filter_ == nullptr) {
    if (!gone_ && !buffer_.empty()) gone_ = !Write(buffer_);
    buffer_.clear();
    return !gone_;
  }
  const std::string bytes = std::exchange(buffer_, {});  // the filter may end the answer
  if (!gone_ && !bytes.empty()) gone_ = !filter_->Pass(bytes, *this);
  return !gone_;
}

bool HttpResponseSink::FlushBuffer() {
  if (WriteBuffer() && !Flush()) gone_ = true;
  return !gone_;
}

bool HttpResponseSink::Write(std::string_view bytes) {
  answer_bytes_ += bytes.size();
  return !gone_ && body_.Write(bytes);
}

bool HttpResponseSink::Flush() { return !gone_ && body_.Flush(); }

/// Sends an unfinished line as far as it was written.
void HttpResponseSink::End(const net::Cut& cut) {
  if (WriteBuffer()) body_.End(cut);
  gone_ = true;
}

bool HttpResponseSink::Insert(std::string_view bytes) {
  if (!WriteBuffer()) return true;
  gone_ = filter_ != nullptr ? !filter_->Pass(bytes, *this) : !Write(bytes);
  return true;
}

bool HttpResponseSink::FilterBody(service::BodyFilter* filter) {
  WriteBuffer();
  if (filter_ != nullptr && !gone_) gone_ = !filter_->Finish(*this);
  filter_ = filter;
  return true;
}

}  // namespace tql::frontend
