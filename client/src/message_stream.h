// The events of an answer that arrives as messages of the service.
#ifndef TQLKIT_CLIENT_SRC_MESSAGE_STREAM_H_
#define TQLKIT_CLIENT_SRC_MESSAGE_STREAM_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "tql/result_stream.h"
#include "tql/wire/messages.h"

namespace tql {

/// A stream over whatever brings the messages: a subclass says how the next one comes.
class MessageStream : public ResultStream {
 public:
  StatusOr<ResultEvent> Next() final;

 protected:
  /// Fills the message, which holds an earlier one; false after the last. An error ends the stream.
  virtual StatusOr<bool> Receive(pb::ExecuteQueryResponse& message) = 0;

 private:
  // The part of the message that comes next, in the order in which HTTP has them.
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
  bool Take(ResultEvent& event);
  bool TakeOne(ResultEvent& event);
  void GoOn();
  RowView CellsOf(int row);
  StatusOr<ResultEvent> Fail(Status status);

  pb::ExecuteQueryResponse message_;
  Part part_ = Part::kReceive;
  int at_ = 0;             // the next element of the part
  bool complete_ = false;  // whether what came last ended a statement, or asked something
  bool ended_ = false;
  Status status_;
  std::vector<std::string_view> cells_;
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_MESSAGE_STREAM_H_
