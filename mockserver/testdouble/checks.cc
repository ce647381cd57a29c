#include "mockserver/testdouble/checks.h"

#include <re2/re2.h>

#include <cstdint>

#include "proto/base/utf8.h"

namespace tql::testdouble {
namespace {

/// The memory of a compiled pattern with its automaton, most of which hostile patterns fill. A plan
/// may have thousands, so that a pattern gets more only if it needs it.
constexpr std::int64_t kRegexMemory[] = {std::int64_t{64} << 10U, std::int64_t{256} << 10U};
constexpr std::size_t kExcerpt = 80;

std::string Quoted(std::string_view text) { return '"' + base::Excerpt(text, kExcerpt) + '"'; }

}  // namespace

std::string Element(std::string_view path, int index) {
  return std::string(path) + "[" + std::to_string(index) + "]";
}

std::string Element(std::string_view path, std::string_view key) {
  return std::string(path) + "[" + Quoted(key) + "]";
}

Status ErrorAt(std::string_view path, std::string_view message) {
  return InvalidArgumentError(std::string(path) + ": " + std::string(message));
}

Status CheckLength(std::string_view text, std::string_view path, std::size_t most) {
  if (text.size() <= most) return Status();
  return ErrorAt(path, "found " + std::to_string(text.size()) + " bytes, expected at most " +
                           std::to_string(most));
}

Status RegexBudget::Take(std::int64_t bytes, std::string_view path) {
  used_ += bytes;
  if (used_ <= kMostBytes) return Status();
  return ErrorAt(path, "the regular expressions up to this one may take " +
                           std::to_string(used_ >> 10U) + " KiB of memory, expected at most " +
                           std::to_string(kMostBytes >> 10U) + " KiB together");
}

StatusOr<Regex> CompileRegex(const std::string& pattern, std::string_view path,
                             RegexBudget& budget) {
  if (Status status = CheckLength(pattern, path); !status.ok()) return status;
  re2::RE2::Options options;
  options.set_log_errors(false);
  Regex regex;
  for (const std::int64_t memory : kRegexMemory) {
    options.set_max_mem(memory);
    regex = std::make_shared<const re2::RE2>(pattern, options);
    if (regex->ok()) {
      if (Status status = budget.Take(memory, path); !status.ok()) return status;
      return regex;
    }
    if (regex->error_code() != re2::RE2::ErrorPatternTooLarge) break;
  }
  return ErrorAt(path, "invalid regular expression " + Quoted(pattern) + ": " +
                           base::Excerpt(regex->error(), 2 * kExcerpt) +
                           "; the syntax is that of RE2, without look-around and back references");
}

Status CheckEnum(int value, const google::protobuf::EnumDescriptor& type, std::string_view path) {
  if (type.FindValueByNumber(value) != nullptr) return Status();
  std::string names;
  for (int i = 0; i < type.value_count(); ++i) {
    names += (i == 0 ? "" : i + 1 == type.value_count() ? " or " : ", ") + type.value(i)->name();
  }
  return ErrorAt(path, "found the number " + std::to_string(value) + ", expected " + names);
}

StatusOr<std::chrono::nanoseconds> CheckDuration(const google::protobuf::Duration& duration,
                                                 std::string_view path, std::chrono::seconds most) {
  constexpr std::int32_t kNanos = 1'000'000'000;
  if (duration.seconds() < 0 || duration.nanos() < 0) {
    return ErrorAt(path, "the duration is negative");
  }
  if (duration.nanos() >= kNanos) return ErrorAt(path, "the duration has more than 999999999 ns");
  if (duration.seconds() > most.count() ||
      (duration.seconds() == most.count() && duration.nanos() > 0)) {
    return ErrorAt(path, "found a duration of more than " + std::to_string(most.count()) +
                             " s, the longest possible one");
  }
  return std::chrono::seconds(duration.seconds()) + std::chrono::nanoseconds(duration.nanos());
}

}  // namespace tql::testdouble
