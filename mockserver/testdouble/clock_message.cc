#include "mockserver/testdouble/clock_message.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <chrono>

#include "mockserver/testdouble/checks.h"
#include "proto/base/status_macros.h"

namespace tql::testdouble {
namespace {

using engine::AdjustableClock;

/// The longest time between two moments that a clock can show.
constexpr std::chrono::seconds kMostAdvance{std::chrono::years(231)};

/// A time that nanoseconds cannot represent becomes another one that is out of the clock's range.
AdjustableClock::WallTimePoint TimeOf(const google::protobuf::Timestamp& time) {
  constexpr std::int64_t kMost = kMostAdvance.count();
  const std::chrono::seconds seconds(std::clamp<std::int64_t>(time.seconds(), -1, kMost));
  return AdjustableClock::WallTimePoint(seconds + std::chrono::nanoseconds(time.nanos()));
}

}  // namespace

Status Adjust(const mockpb::Clock& change, AdjustableClock& clock) {
  const bool moves = change.has_now() || change.has_advance();
  if (change.real() && (moves || change.has_frozen())) {
    return ErrorAt("real", "expected no other field, because the time is that of the machine then");
  }
  if (!change.real() && !moves && !change.has_frozen()) {
    return InvalidArgumentError("expected now, advance, frozen or real");
  }
  AdjustableClock::Change adjustment{.real = change.real()};
  if (change.has_now()) adjustment.now = TimeOf(change.now());
  if (change.has_frozen()) adjustment.frozen = change.frozen();
  TQL_ASSIGN_OR_RETURN(adjustment.advance,
                       CheckDuration(change.advance(), "advance", kMostAdvance));
  const Status status = clock.Adjust(adjustment);
  return status.ok() ? status : ErrorAt(change.has_advance() ? "advance" : "now", status.message());
}

mockpb::Clock ToMessage(const AdjustableClock& clock) {
  const AdjustableClock::Reading reading = clock.Read();
  mockpb::Clock message;
  *message.mutable_now() = google::protobuf::util::TimeUtil::NanosecondsToTimestamp(
      std::chrono::nanoseconds(reading.now.time_since_epoch()).count());
  message.set_frozen(reading.frozen);
  message.set_real(reading.real);
  return message;
}

}  // namespace tql::testdouble
