// Checks of the fields of a plan or a request, whose errors name the path of the field.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_CHECKS_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_CHECKS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>

#include "tql/status.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace tql::testdouble {

using Regex = std::shared_ptr<const re2::RE2>;

/// The longest pattern or other text of a match.
inline constexpr std::size_t kMaxPatternBytes = std::size_t{64} << 10U;
inline constexpr std::chrono::hours kMaxDuration{24};

/// "match" and 3 → "match[3]"; "header" and "X-A" → `header["X-A"]`.
std::string Element(std::string_view path, int index);
std::string Element(std::string_view path, std::string_view key);

/// INVALID_ARGUMENT with "path: message".
Status ErrorAt(std::string_view path, std::string_view message);

/// An error if the text is longer than `most` bytes.
Status CheckLength(std::string_view text, std::string_view path,
                   std::size_t most = kMaxPatternBytes);
/// The memory that the regular expressions of one plan or request may take together, when their
/// automata are full.
class RegexBudget {
 public:
  static constexpr std::int64_t kMostBytes = std::int64_t{256} << 20;
  /// An error with the path if the sum exceeds kMostBytes.
  Status Take(std::int64_t bytes, std::string_view path);

 private:
  std::int64_t used_ = 0;
};
/// Compiles an RE2. Its memory is bounded, and matching takes time linear in the text.
StatusOr<Regex> CompileRegex(const std::string& pattern, std::string_view path,
                             RegexBudget& budget);
/// An error for a number that is not a value of the enum.
Status CheckEnum(int value, const google::protobuf::EnumDescriptor& type, std::string_view path);
/// An error for a duration that is malformed, negative, or longer than `most`.
StatusOr<std::chrono::nanoseconds> CheckDuration(const google::protobuf::Duration& duration,
                                                 std::string_view path,
                                                 std::chrono::seconds most = kMaxDuration);

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_CHECKS_H_
