// A ResultStream for transports that receive protobuf messages.
#ifndef TQLKIT_CLIENT_SRC_MESSAGE_STREAM_H_
#define TQLKIT_CLIENT_SRC_MESSAGE_STREAM_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "tql/result_stream.h"
#include "tql/wire/messages.h"

namespace tql {

/// Splits messages into events. A subclass receives the messages.
class MessageStream : public ResultStream {
 public:
  StatusOr<ResultEvent> Next() final;

 protected:
  struct Received {
    pb::ExecuteQueryResponse message;    // without its rows
    std::vector<std::string_view> rows;  // encoded Row messages (row_message.h)
  };
  /// Replaces `received` with the next message; its rows are views that are valid until the next
  /// call. Returns false after the last message. An error ends the stream.
  virtual StatusOr<bool> Receive(Received& received) = 0;

 private:
  // The parts of a message, in the order of the JSON over HTTP. kReceive: the next message is
  // needed.
  enum class Part : std::uint8_t {
    kStatement,
    kContext,
    kQuestions,
    kProgress,
    kHeader,
    kRows,
    kMessages,
    kEnd,
    kReceive
  };
  // The next event of the message, or of the current part; false if it has no more.
  StatusOr<bool> NextInMessage(ResultEvent& event);
  StatusOr<bool> NextInPart(ResultEvent& event);
  StatusOr<bool> NextRow(ResultEvent& event);
  void NextPart();
  StatusOr<ResultEvent> Fail(Status status);

  Received received_;
  Part part_ = Part::kReceive;
  int at_ = 0;             // index of the next element of the part
  bool complete_ = false;  // the last event ended a statement or asked a question
  bool ended_ = false;
  Status status_;
  std::vector<std::string_view> cells_;  // of the current row
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_MESSAGE_STREAM_H_
