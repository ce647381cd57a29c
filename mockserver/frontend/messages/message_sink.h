// Answers of statements as messages of the service: what gRPC and calls in process have in common.
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

/// Where the messages of an answer go.
class MessageReceiver {
 public:
  virtual ~MessageReceiver() = default;
  /// Takes a message, and the rows of its table as AppendRowMessage writes them, or the content of
  /// both. Waits while the client reads more slowly than it is answered. False when nobody listens
  /// any more. Called by the thread that runs the statement.
  virtual bool Take(pb::ExecuteQueryResponse& message, std::string& rows) = 0;
  /// Whether nobody listens any more. Asked for often, by the same thread.
  virtual bool Gone() const = 0;
};

/// The messages of one query or script. Each statement of a script is complete by itself; of those
/// of a query only the last is. At least one message a statement, more when it has many rows, so
/// that a message has some 64 KiB, or else one row or one text. Texts are valid UTF-8. Belongs to
/// one thread.
class MessageSink : public service::ResponseSink, private engine::StatementSink {
 public:
  /// Both are borrowed.
  MessageSink(MessageReceiver& receiver, const engine::Clock& clock)
      : receiver_(receiver), first_rows_(clock) {}

  engine::StatementSink& BeginStatement(const StatementInfo& info) override;
  void Finish() override;

 private:
  using Result = pb::ExecuteQueryResponse::Result;

  bool OnProgress(std::span<const engine::Progress> stages) override;
  bool OnQuestion(const engine::Question& question) override;
  bool Begin(const engine::Context& final_context) override;
  bool Header(std::span<const engine::Column> columns) override;
  bool Row(std::span<const std::string_view> cells) override;
  bool Message(engine::MessageType type, std::string_view text) override;
  void End() override;

  Result& Open();
  bool MakeRoom(std::size_t bytes);
  bool Send();

  MessageReceiver& receiver_;
  pb::ExecuteQueryResponse message_;
  std::string rows_;       // of its table, encoded: as messages they cost twice the time
  bool open_ = false;      // something is in message_ that was not sent
  std::size_t bytes_ = 0;  // of its rows and texts
  bool script_ = false;    // the answer is one to a script
  bool asked_ = false;     // the statement asked a question
  bool ended_ = false;     // a query's statement ended; it completes the answer if it is the last
  bool gone_ = false;
  FirstRows first_rows_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_MESSAGES_MESSAGE_SINK_H_
