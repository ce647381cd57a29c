// Answers of statements as lines of JSON, sent while they are made.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_RESPONSE_SINK_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_RESPONSE_SINK_H_

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "mockserver/engine/environment.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/frontend/http/response_writer.h"
#include "mockserver/service/response_sink.h"
#include "tql/wire/response_line.h"

namespace tql::frontend {

/// The content type of the answers to /query and /script. One for which python-requests finds no
/// encoding: with any other, the vendor's client cannot read them.
inline constexpr std::string_view kLinesType = "application/octet-stream";

/// The lines of one query or script. What is ready is sent when a chunk is full, when the first
/// rows have waited a few milliseconds, and when the next statement may take its time. A short
/// answer goes out whole, with its length. Belongs to one thread.
class HttpResponseSink : public service::ResponseSink, private engine::StatementSink {
 public:
  HttpResponseSink(ResponseWriter& writer, const engine::Clock& clock)
      : writer_(writer), clock_(clock), line_(&buffer_) {}

  engine::StatementSink& BeginStatement(const StatementInfo& info) override;
  void Finish() override;

 private:
  bool OnProgress(std::span<const engine::Progress> stages) override;
  bool OnQuestion(const engine::Question& question) override;
  bool Begin(const engine::Context& final_context) override;
  bool Header(std::span<const engine::Column> columns) override;
  bool Row(std::span<const std::string_view> cells) override;
  bool Message(engine::MessageType type, std::string_view text) override;
  void End() override;

  void OpenLine();
  bool Flush();

  ResponseWriter& writer_;
  const engine::Clock& clock_;
  std::string buffer_;
  ResponseLineWriter line_;
  bool script_ = false;  // the answer is one to a script
  bool last_ = false;    // the statement is known to be the last one
  bool asked_ = false;   // the statement asked a question
  bool gone_ = false;
  std::size_t rows_ = 0;  // of the statement
  std::size_t flush_at_ = 0;
  std::chrono::steady_clock::time_point first_row_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_RESPONSE_SINK_H_
