// What a front end lets a wrapper of its response sinks do beyond the content of an answer: end it
// early, and change its encoded form. For test doubles.
#ifndef TQLKIT_MOCKSERVER_SERVICE_ANSWER_CONTROL_H_
#define TQLKIT_MOCKSERVER_SERVICE_ANSWER_CONTROL_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/net/cut.h"
#include "tql/wire/messages.h"

namespace tql::service {

/// Receives the bytes that a BodyFilter lets through.
class BodyOutput {
 public:
  virtual ~BodyOutput() = default;
  // Return false when nothing more can be sent.
  virtual bool Write(std::string_view bytes) = 0;
  virtual bool Flush() = 0;
  /// Sends what was written, then ends the answer.
  virtual void End(const net::Cut& cut) = 0;
  /// Whether the client has disconnected. For filters that wait.
  virtual bool Gone() = 0;
};

/// Changes the bytes of the body of an HTTP response.
class BodyFilter {
 public:
  virtual ~BodyFilter() = default;
  /// Receives the next bytes. Returns false when nothing more is to be sent.
  virtual bool Pass(std::string_view bytes, BodyOutput& out) = 0;
  /// No further bytes follow: writes what was held back.
  virtual bool Finish(BodyOutput& out) = 0;
};

/// Changes the body of an HTTP response that a front end makes itself, while it is sent. It may
/// outlive the context of its call.
class CallBodyFilter : public BodyFilter {
 public:
  /// Called before the first Pass. Returns false when nothing more is to be sent.
  virtual bool Begin(BodyOutput& out) = 0;
  /// Whether the response has the status 200 and the body that Begin writes, whatever the front end
  /// has made. Then only Begin and Finish are called.
  virtual bool replaces() const = 0;
};

/// Receives the messages that a MessageFilter lets through.
class MessageOutput {
 public:
  virtual ~MessageOutput() = default;
  /// `rows` are encoded rows of the message's table; both may be moved from.
  virtual bool Write(pb::ExecuteQueryResponse& message, std::string& rows) = 0;
  virtual void End(const net::Cut& cut) = 0;
};

/// Changes the messages of an answer over gRPC or in process; as BodyFilter.
class MessageFilter {
 public:
  virtual ~MessageFilter() = default;
  virtual bool Pass(pb::ExecuteQueryResponse& message, std::string& rows, MessageOutput& out) = 0;
  virtual bool Finish(MessageOutput& out) = 0;
};

/// Belongs to the thread that runs the call.
class AnswerControl {
 public:
  virtual ~AnswerControl() = default;
  /// Sends what was written, then ends the answer. The sink accepts nothing more.
  virtual void End(const net::Cut& cut) = 0;
  /// The statement in progress gets no mark that it is complete.
  virtual void OmitComplete() = 0;
  /// Adds bytes to the body at this point; they pass through the filter, too. Returns false if the
  /// transport has no bytes.
  virtual bool Insert(std::string_view /*bytes*/) { return false; }
  /// Sends the bytes that were written. Returns false if the transport has no bytes, or if the
  /// client has disconnected.
  virtual bool Flush() { return false; }
  /// Sets the filter of what is written from now on, after BeginStatement; null: none. It must
  /// outlive its use, which ends with the next call of this method or with the answer. Returns
  /// false if the transport has no bytes, or no messages.
  virtual bool FilterBody(BodyFilter* /*filter*/) { return false; }
  virtual bool FilterMessages(MessageFilter* /*filter*/) { return false; }
};

/// Changes of the head of an HTTP response, and the status and body of an error.
struct HeadChanges {
  std::vector<std::pair<std::string, std::string>> set;
  std::vector<std::string> remove;
  int status = 0;  // of an error; 0: that of its code
  std::string content_type;
  std::string body;  // of an error; empty: the usual one
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_ANSWER_CONTROL_H_
