#include "tools/tqlconform/server/http_exchange.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "proto/base/text.h"
#include "tools/tqlconform/suite/durations.h"

namespace tqlconform {
namespace {

using std::chrono::nanoseconds;

std::string CookiesOf(const HeaderFields& fields) {
  std::string cookies;
  for (const auto& [name, value] : fields) {
    if (name != "set-cookie") continue;
    const std::string_view pair =
        tql::base::Trim(std::string_view(value).substr(0, value.find(';')));
    if (pair.find('=') == pair.npos || pair.ends_with('=')) continue;
    cookies.append(cookies.empty() ? "" : "; ").append(pair);
  }
  return cookies;
}

}  // namespace

Answer HttpExchange::Perform(std::string_view bytes) {
  answer_.sent = bytes.substr(0, kMaxTraceBytes);
  answer_.sent_bytes = bytes.size();
  begun_ = Clock::now();
  const Io sent = SendPieces(bytes);
  // A server may respond before it has read everything, and close the connection.
  if (sent == Io::kTimeout || sent == Io::kInterrupted) {
    End(sent);
  } else {
    Receive();
  }
  Finish();
  return std::move(answer_);
}

bool HttpExchange::keeps_alive() const {
  return answer_end_ == Answer::End::kWhole && reader_.keeps_alive() && rest_.empty();
}

Io HttpExchange::SendPieces(std::string_view bytes) {
  const auto& pauses = call_.step->split();
  const auto pieces = static_cast<std::size_t>(pauses.size()) + 1;
  const std::size_t size = (bytes.size() + pieces - 1) / pieces;
  for (std::size_t i = 0; i < pieces; ++i) {
    if (i > 0) interrupt_.SleepFor(ToNanoseconds(pauses.Get(static_cast<int>(i) - 1)));
    const Io io = connection_.Send(bytes.substr(0, size), call_.deadline, interrupt_);
    if (io != Io::kOk) return io;
    bytes.remove_prefix(std::min(size, bytes.size()));
  }
  return Io::kOk;
}

void HttpExchange::Receive() {
  const bool leaves = call_.step->has_leave_after();
  while (!reader_.done() && reader_.error().empty()) {
    if (leaves && answer_.received_bytes >= call_.step->leave_after()) {
      answer_.end = Answer::End::kLeft;
      return;
    }
    if (reader_.body().size() > kMaxBodyBytes) {
      answer_.end = Answer::End::kTooLarge;
      answer_.why = "the response has more than " + std::to_string(kMaxBodyBytes) + " bytes";
      return;
    }
    // Receive() checks the time only while it waits, and it does not wait while bytes arrive.
    if (interrupt_.token().stop_requested()) return End(Io::kInterrupted);
    if (Clock::now() >= call_.deadline) return End(Io::kTimeout);
    const std::size_t before = rest_.size();
    const Io io = connection_.Receive(&rest_, call_.deadline, interrupt_);
    if (io == Io::kClosed) {
      reader_.Close();
      if (reader_.done()) return;
    }
    if (io != Io::kOk) return End(io);
    TakeNewBytes(std::string_view(rest_).substr(before));
  }
}

void HttpExchange::TakeNewBytes(std::string_view bytes) {
  const nanoseconds at = Clock::now() - begun_;
  if (answer_.received_bytes == 0) answer_.first_byte = at;
  answer_.received_bytes += bytes.size();
  const std::size_t room = kMaxTraceBytes - std::min(kMaxTraceBytes, answer_.received.size());
  answer_.received += bytes.substr(0, room);
  reader_.Feed(&rest_);
  const bool has_line =
      answer_.first_line == nanoseconds(0) && reader_.body().find('\n') != std::string::npos;
  if (has_line) answer_.first_line = at;
}

void HttpExchange::End(Io io) {
  const bool begun = answer_.received_bytes > 0;
  const std::string after = std::to_string(answer_.received_bytes) + " bytes";
  switch (io) {
    case Io::kTimeout:
      answer_.end = begun ? Answer::End::kStalled : Answer::End::kSilent;
      answer_.why = begun ? "the response did not end in time; it stopped after " + after
                          : "no response in time";
      return;
    case Io::kInterrupted:
      answer_.end = Answer::End::kInterrupted;
      answer_.why = "interrupted";
      return;
    default:
      answer_.end = begun ? Answer::End::kCut : Answer::End::kClosed;
      answer_.why =
          std::string(io == Io::kReset ? "the connection was reset" : "the connection was closed") +
          (begun ? " within the response, after " + after : " without a response");
  }
}

void HttpExchange::Finish() {
  answer_.duration = Clock::now() - begun_;
  if (!reader_.error().empty()) {
    answer_.end = reader_.has_head() ? Answer::End::kCut : Answer::End::kForeign;
    answer_.why = reader_.error();
  }
  answer_.status = reader_.status();
  answer_.headers = reader_.headers();
  answer_.body = reader_.body();
  if (answer_.Lines().size() > kMostLines && answer_.can_be_judged()) {
    answer_.end = Answer::End::kTooLarge;
    answer_.why = "the response has more than " + std::to_string(kMostLines) + " lines";
  }
  if (answer_.status != 0) answer_.cookie = CookiesOf(answer_.headers);
  answer_end_ = answer_.end;
}

}  // namespace tqlconform
