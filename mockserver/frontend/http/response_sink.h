// Responses as lines of JSON, sent while they are produced.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_RESPONSE_SINK_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_RESPONSE_SINK_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/engine/environment.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/frontend/first_rows.h"
#include "mockserver/frontend/http/http_message.h"
#include "mockserver/frontend/http/wire_variant.h"
#include "mockserver/service/response_sink.h"
#include "tql/wire/response_line.h"

namespace tql::frontend {

/// Writes the lines of one query or script. Each statement of a script is marked complete; of those
/// of a query only the last one, because clients stop reading at the first `complete`. Output is
/// sent when a chunk is full, when the first rows have waited a few milliseconds, and before a
/// statement that may take long. Thread safety: one thread.
class HttpResponseSink : public service::ResponseSink,
                         private engine::StatementSink,
                         private service::AnswerControl,
                         private service::BodyOutput {
 public:
  /// All arguments must outlive the sink. Adds the size of the body to `answer_bytes`.
  HttpResponseSink(BodyWriter& body, const engine::Clock& clock, const WireVariant& variant,
                   std::uint64_t& answer_bytes)
      : body_(body),
        variant_(variant),
        answer_bytes_(answer_bytes),
        line_(&buffer_),
        first_rows_(clock) {
    line_.set_cell_objects(variant.cell_objects);
    buffer_.reserve(kUsualBytes);
  }

  engine::StatementSink& BeginStatement(const StatementInfo& info) override;
  void Finish() override;
  service::AnswerControl* control() override { return this; }

 private:
  /// As many bytes as a result of few rows has.
  static constexpr std::size_t kUsualBytes = 4096;

  bool OnProgress(std::span<const engine::Progress> stages) override;
  bool OnQuestion(const engine::Question& question) override;
  bool Begin(const engine::Context& final_context) override;
  bool Header(std::span<const engine::Column> columns) override;
  bool Row(std::span<const std::string_view> cells) override;
  const engine::RowEncoder* row_encoder() override;
  bool Rows(engine::EncodedRows& rows) override;
  bool Message(engine::MessageType type, std::string_view text) override;
  void End() override;

  void End(const net::Cut& cut) override;
  void OmitComplete() override { omit_complete_ = true; }
  bool Insert(std::string_view bytes) override;
  bool FilterBody(service::BodyFilter* filter) override;
  bool Flush() override;  // also of the filter's output
  // Of the filter's output:
  bool Write(std::string_view bytes) override;
  bool Gone() override { return gone_ || body_.Gone(); }

  void OpenLine();
  const std::string& ContextJson(const engine::Context& context);
  std::span<const std::string_view> InLowerCase(std::span<const std::string_view> cells);
  bool WriteBuffer();
  bool FlushBuffer();

  BodyWriter& body_;
  const WireVariant& variant_;
  std::uint64_t& answer_bytes_;
  std::string buffer_;
  ResponseLineWriter line_;
  engine::Context context_;   // of the last statement
  std::string context_json_;  // its JSON
  bool script_ = false;       // the response is that of a script
  bool last_ = false;         // the statement is known to be the last one
  bool asked_ = false;        // the statement asked a question
  bool ended_ =
      false;  // a statement of a query ended; it completes the response if it is the last one
  bool omit_complete_ = false;
  bool gone_ = false;
  service::BodyFilter* filter_ = nullptr;
  FirstRows first_rows_;
  std::vector<std::size_t> text_columns_;  // columns in lower case; empty if strings are unchanged
  std::vector<std::string> lower_;         // the converted cells
  std::vector<std::string_view> lower_row_;
  std::size_t flush_at_ = 0;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_RESPONSE_SINK_H_
