// Responses as protobuf messages, shared by gRPC and in-process calls.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_MESSAGES_MESSAGE_SINK_H_
#define TQLKIT_MOCKSERVER_FRONTEND_MESSAGES_MESSAGE_SINK_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "mockserver/engine/environment.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/frontend/first_rows.h"
#include "mockserver/service/response_sink.h"
#include "tql/wire/messages.h"

namespace tql::frontend {

/// The receiver of the messages of a response.
class MessageReceiver {
 public:
  virtual ~MessageReceiver() = default;
  /// Receives a message and the rows of its table, encoded by AppendRowMessage; may move from both.
  /// Blocks while the client reads too slowly. Returns false if the client has disconnected. Called
  /// by the thread that runs the statement.
  virtual bool Take(pb::ExecuteQueryResponse& message, std::string& rows) = 0;
  /// Whether the client has disconnected. Called often, by the same thread.
  virtual bool Gone() const = 0;
  /// Ends the response early, after the messages that were taken. Blocks while it stalls.
  virtual void End(const net::Cut& cut) = 0;
};

/// Creates the messages of one query or script. Each statement of a script is marked complete; of
/// those of a query only the last one. A statement has at least one message, and more if it has
/// many rows, so that a message has about 256 KiB, or a single larger row or text, or up to 512 KiB
/// of rows that other threads have encoded. Strings are valid UTF-8. Thread safety: one thread.
class MessageSink : public service::ResponseSink,
                    private engine::StatementSink,
                    private service::AnswerControl,
                    private service::MessageOutput {
 public:
  /// Both arguments must outlive the sink.
  MessageSink(MessageReceiver& receiver, const engine::Clock& clock)
      : receiver_(receiver), first_rows_(clock) {}

  engine::StatementSink& BeginStatement(const StatementInfo& info) override;
  void Finish() override;
  service::AnswerControl* control() override { return this; }

 private:
  using Result = pb::ExecuteQueryResponse::Result;

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
  void OmitComplete() override;
  bool FilterMessages(service::MessageFilter* filter) override;
  bool Write(pb::ExecuteQueryResponse& message, std::string& rows) override;

  Result& Open();
  bool MakeRoom(std::size_t bytes);
  bool AddOneByOne(std::string_view encoded);
  bool Send();

  MessageReceiver& receiver_;
  pb::ExecuteQueryResponse message_;
  std::string rows_;       // the encoded rows of its table, which is twice as fast as messages
  bool open_ = false;      // message_ has content that was not sent
  std::size_t bytes_ = 0;  // size of its rows and texts
  bool script_ = false;    // the response is that of a script
  bool asked_ = false;     // the statement asked a question
  bool ended_ =
      false;  // a statement of a query ended; it completes the response if it is the last one
  bool omit_complete_ = false;
  bool has_full_messages_ = false;  // the statement has many rows
  bool gone_ = false;
  service::MessageFilter* filter_ = nullptr;
  FirstRows first_rows_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_MESSAGES_MESSAGE_SINK_H_
