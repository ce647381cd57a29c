// Durations of messages.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_DURATIONS_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_DURATIONS_H_

#include <google/protobuf/duration.pb.h>

#include <chrono>
#include <cstdint>

namespace tqlconform {

inline std::chrono::nanoseconds ToNanoseconds(const google::protobuf::Duration& duration) {
  return std::chrono::seconds(duration.seconds()) + std::chrono::nanoseconds(duration.nanos());
}

inline void SetDuration(std::chrono::nanoseconds time, google::protobuf::Duration* duration) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  duration->set_seconds(time.count() / kSecond);
  duration->set_nanos(static_cast<std::int32_t>(time.count() % kSecond));
}

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_DURATIONS_H_
