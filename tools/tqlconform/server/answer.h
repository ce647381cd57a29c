// The response to one call, the same for every transport.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SERVER_ANSWER_H_
#define TQLKIT_TOOLS_TQLCONFORM_SERVER_ANSWER_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlconform/server/http_response.h"

namespace tqlconform {

struct Answer {
  /// How it ended. Those from kStalled on have nothing that could be judged.
  enum class End : std::uint8_t {
    kWhole,
    kLeft,         // The case closed the connection early (leave_after).
    kCut,          // The connection ended within the response, or its framing is invalid.
    kStalled,      // The response had begun, but did not end in time.
    kClosed,       // The connection ended before a response.
    kSilent,       // No response in time.
    kForeign,      // The peer does not speak the protocol.
    kTooLarge,     // More than kMaxBodyBytes.
    kUnreachable,  // No connection.
    kInterrupted,
    kNotSent,  // The call cannot be made over this transport.
  };
  End end = End::kWhole;
  std::string why;  // of an end other than kWhole

  int status = 0;    // of HTTP; 0: none
  std::string grpc;  // the code of a gRPC call: "OK"
  HeaderFields headers;
  std::string body;    // over gRPC each message is a line of JSON
  std::string cookie;  // what a login brought, to be sent with later calls
  std::string error;   // the message of a gRPC status

  std::chrono::nanoseconds first_byte{0};
  std::chrono::nanoseconds first_line{0};
  std::chrono::nanoseconds duration{0};

  // For the trace: the first kMaxTraceBytes of each, and how many there were.
  std::string what;
  std::string sent;
  std::string received;
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;

  /// The lines of the body, at most kMostLines + 1: views into it.
  std::vector<std::string_view> Lines() const;
  bool can_be_judged() const { return end < End::kStalled; }
};

/// A response with more lines is not judged: each takes time.
inline constexpr std::size_t kMostLines = 100'000;
/// A body with more bytes is not read to its end.
inline constexpr std::size_t kMaxBodyBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMaxTraceBytes = std::size_t{16} << 10;

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SERVER_ANSWER_H_
