#include "mockserver/frontend/messages/message_sink.h"

#include <string>
#include <utility>
#include <vector>

#include "mockserver/engine/row_encoder.h"
#include "mockserver/service/answers.h"
#include "proto/base/utf8.h"
#include "tql/wire/row_message.h"

namespace tql::frontend {
namespace {

/// gRPC takes more than twice as long, at both ends, for the same bytes in messages of 64 KiB.
constexpr std::size_t kMessageBytes = std::size_t{256} << 10;
/// As many bytes as the rows of a small result have.
constexpr std::size_t kUsualBytes = 4096;
/// The bytes of a cell or a row besides its text.
constexpr std::size_t kFrameBytes = 4;
/// Encoded rows of up to this size are not copied into smaller messages.
constexpr std::size_t kMostEncodedBytes = std::size_t{512} << 10;

class RowMessages : public engine::RowEncoder {
 public:
  void Append(std::span<const std::string_view> cells, std::string& out) const override {
    AppendRowMessage(cells, &out);
  }
};

}  // namespace

MessageSink::Result& MessageSink::Open() {
  open_ = true;
  return *message_.mutable_result();
}

bool MessageSink::Send() {
  // A filter may end the answer, which sends nothing again.
  const bool open = std::exchange(open_, false);
  if (open && !gone_) {
    gone_ = !(filter_ != nullptr ? filter_->Pass(message_, rows_, *this) : Write(message_, rows_));
  }
  if (open) {
    message_.Clear();
    rows_.clear();
    bytes_ = 0;
  }
  return !gone_;
}

/// Sends the message first if `bytes` more would exceed its size.
bool MessageSink::MakeRoom(std::size_t bytes) {
  if (bytes_ > 0 && bytes_ + bytes > kMessageBytes) {
    if (!Send()) return false;
    has_full_messages_ = true;
  }
  bytes_ += bytes;
  return !gone_;
}

engine::StatementSink& MessageSink::BeginStatement(const StatementInfo& info) {
  // The previous message is sent only here: now it is known that it was not the last.
  Send();
  script_ = info.script;
  asked_ = false;
  ended_ = false;
  omit_complete_ = false;
  has_full_messages_ = false;
  first_rows_.Reset();
  return *this;
}

bool MessageSink::OnProgress(std::span<const engine::Progress> stages) {
  Result& result = Open();
  for (const engine::Progress& stage : stages) *result.add_progress() = service::ToMessage(stage);
  return Send();
}

bool MessageSink::OnQuestion(const engine::Question& question) {
  *Open().add_interactive_question() = service::ToMessage(question);
  asked_ = true;
  return !gone_;
}

bool MessageSink::Begin(const engine::Context& final_context) {
  *Open().mutable_final_context() = service::ToMessage(final_context);
  return !gone_;
}

bool MessageSink::Header(std::span<const engine::Column> columns) {
  *Open().mutable_table() = service::HeadersOf(columns);
  return !gone_;
}

bool MessageSink::Row(std::span<const std::string_view> cells) {
  std::size_t bytes = kFrameBytes;
  for (const std::string_view cell : cells) bytes += kFrameBytes + cell.size();
  if (!MakeRoom(bytes)) return false;
  open_ = true;
  if (rows_.empty()) rows_.reserve(has_full_messages_ ? kMessageBytes : kUsualBytes);
  AppendRowMessage(cells, &rows_);
  return first_rows_.Due() ? Send() : !gone_;
}

const engine::RowEncoder* MessageSink::row_encoder() {
  static const RowMessages messages;
  return &messages;
}

bool MessageSink::Rows(engine::EncodedRows& rows) {
  const bool early = first_rows_.Due(rows.rows);
  if (rows.bytes.size() > kMostEncodedBytes) return AddOneByOne(rows.bytes);
  if (!MakeRoom(rows.bytes.size())) return false;
  open_ = true;
  if (rows_.empty()) {
    rows_.swap(rows.bytes);
  } else {
    rows_ += rows.bytes;
  }
  return early || bytes_ > kMessageBytes ? Send() : !gone_;
}

bool MessageSink::AddOneByOne(std::string_view encoded) {
  std::vector<std::string_view> rows;
  SplitRows(encoded, rows);
  for (const std::string_view row : rows) {
    const auto size = static_cast<std::size_t>(row.data() + row.size() - encoded.data());
    if (!MakeRoom(size)) return false;
    open_ = true;
    rows_ += encoded.substr(0, size);
    encoded.remove_prefix(size);
  }
  return !gone_;
}

bool MessageSink::Message(engine::MessageType type, std::string_view text) {
  if (!MakeRoom(kFrameBytes + text.size())) return false;
  Result::OutMessage& message = *Open().add_message();
  message.set_type(service::TypeOf(type));
  message.set_value(base::SanitizeUtf8(text));
  return !gone_;
}

void MessageSink::End() {
  if (asked_ || omit_complete_) return;
  if (script_) {
    Open().set_complete(true);
  } else {
    ended_ = true;
  }
}

void MessageSink::Finish() {
  if (ended_) Open().set_complete(true);
  if (script_) {
    message_.set_script_complete(true);
    open_ = true;
  }
  Send();
  FilterMessages(nullptr);
}

bool MessageSink::Write(pb::ExecuteQueryResponse& message, std::string& rows) {
  return !gone_ && receiver_.Take(message, rows);
}

void MessageSink::End(const net::Cut& cut) {
  if (gone_) return;
  Send();
  if (!gone_) receiver_.End(cut);
  gone_ = true;
}

void MessageSink::OmitComplete() { omit_complete_ = true; }

bool MessageSink::FilterMessages(service::MessageFilter* filter) {
  if (filter_ != nullptr) {
    Send();
    if (!gone_) gone_ = !filter_->Finish(*this);
  }
  filter_ = filter;
  return true;
}

}  // namespace tql::frontend
