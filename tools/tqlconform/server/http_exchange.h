// One request and its response over HTTP, as bytes.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SERVER_HTTP_EXCHANGE_H_
#define TQLKIT_TOOLS_TQLCONFORM_SERVER_HTTP_EXCHANGE_H_

#include <string>
#include <string_view>

#include "tools/tqlconform/server/answer.h"
#include "tools/tqlconform/server/connection.h"
#include "tools/tqlconform/server/http_response.h"
#include "tools/tqlconform/server/target.h"

namespace tqlconform {

class HttpExchange {
 public:
  /// `no_body`: the request is HEAD. The references must outlive the exchange.
  HttpExchange(Connection* connection, const Call& call, const Interrupt& interrupt, bool no_body)
      : connection_(*connection), call_(call), interrupt_(interrupt), reader_(no_body) {}

  /// Sends the bytes in as many pieces as the step says, then reads the response.
  Answer Perform(std::string_view bytes);
  /// Whether the connection can be used for another request.
  bool keeps_alive() const;

 private:
  Io SendPieces(std::string_view bytes);
  void Receive();
  void TakeNewBytes(std::string_view bytes);
  void End(Io io);
  void Finish();

  Connection& connection_;
  const Call& call_;
  const Interrupt& interrupt_;
  HttpResponseReader reader_;
  Answer answer_;
  Answer::End answer_end_ = Answer::End::kWhole;
  std::string rest_;  // received, and not read yet
  Clock::time_point begun_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SERVER_HTTP_EXCHANGE_H_
