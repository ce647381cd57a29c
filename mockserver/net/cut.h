// Ways to end a response early, for test doubles.
#ifndef TQLKIT_MOCKSERVER_NET_CUT_H_
#define TQLKIT_MOCKSERVER_NET_CUT_H_

#include <cstdint>
#include <functional>

namespace tql::net {

struct Cut {
  enum class How : std::uint8_t {
    kClose,  // the connection is closed without the end of the response
    kReset,  // the connection is reset; where that is impossible, as kClose
    kStall,  // nothing more is sent, and the connection stays open
  };
  How how = How::kClose;
  /// Polled during a stall, which ends as kClose when it returns true or when the client
  /// disconnects. Null: only then.
  std::function<bool()> released = {};
  /// What was not sent yet is dropped, if nothing of the response was sent.
  bool drop_unsent = false;
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_CUT_H_
