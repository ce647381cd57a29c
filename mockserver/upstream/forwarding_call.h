// What the forwarded statements of one call have in common.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_FORWARDING_CALL_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_FORWARDING_CALL_H_

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/service/service.h"
#include "mockserver/testdouble/messages.h"
#include "mockserver/testdouble/option_values.h"
#include "mockserver/upstream/forwarded_statement.h"
#include "mockserver/upstream/statement_places.h"
#include "tql/client.h"

namespace tql::upstream {

/// The service that statements are forwarded to.
struct Upstream {
  Client client;
  std::string name;  // its URL without user and parameters, for messages
  bool allow_writes = false;
};

/// The error of a call that the other service did not answer. A login that it rejects is not one of
/// the caller.
Status Explained(const Upstream& upstream, const Status& status);

/// The answers to questions that a query repeats.
std::vector<Answer> AnswersOf(const pb::ExecuteQueryRequest& request);

/// A query or a script. Belongs to the thread of the call.
class ForwardingCall {
 public:
  using PendingStatement = service::ResponseSink::PendingStatement;

  /// `upstream` and the context outlive the call.
  ForwardingCall(const Upstream& upstream, service::CallContext& context, std::stop_token stop,
                 mockpb::Call kind, std::string text, const pb::TqlOptions& options,
                 std::vector<Answer> answers = {});

  const Upstream& upstream() const { return upstream_; }
  mockpb::Call kind() const { return kind_; }
  const std::vector<testdouble::OptionValue>& option_values() const { return option_values_; }
  /// The text of NULL in the answer that the client reads.
  const std::string& null_string() const { return null_string_; }

  bool MayForward(const PendingStatement& pending) const;
  /// The request to forward a statement in this context. To be called in the order of statements.
  Forwarded RequestOf(std::string_view text, const engine::Context& context);
  /// Waits for the next part of the answer of a statement.
  StatusOr<std::optional<ForwardedStatement::Result>> Next(ForwardedStatement& statement) const;
  const std::stop_token& stop() const { return stop_; }

 private:
  const Upstream& upstream_;
  service::CallContext& context_;
  const std::stop_token stop_;
  const mockpb::Call kind_;
  StatementPlaces places_;
  const std::vector<testdouble::OptionValue> option_values_;
  const StatementOptions options_;
  const std::string null_string_;
  const std::vector<Answer> answers_;
};

/// Replaces NullMarker() in messages, e.g. in the output of SHOW, by the text that the client
/// reads. Cells keep it, since their text does not tell whether they are NULL.
void ReplaceNull(const std::string& null_string, ForwardedStatement::Result& part);

/// Writes the answer of a statement that may not be forwarded: an ERROR message.
service::ResponseSink::Answered RefuseStatement(
    const ForwardingCall& call, const service::ResponseSink::PendingStatement& pending,
    service::ResponseSink& sink);

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_FORWARDING_CALL_H_
