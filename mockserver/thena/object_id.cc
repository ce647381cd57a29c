#include "mockserver/thena/object_id.h"

#include "proto/base/text.h"

namespace tql::thena {
namespace {

constexpr std::size_t kDigits = 24;
constexpr std::size_t kSecondsDigits = 8;
constexpr std::size_t kSourceDigits = 10;

/// The number of these digits; nullopt if one is not a lower-case hexadecimal digit.
std::optional<std::uint64_t> NumberOf(std::string_view digits) {
  std::uint64_t number = 0;
  for (const char digit : digits) {
    const std::size_t value = base::kLowerHex.find(digit);
    if (value == base::kLowerHex.npos) return std::nullopt;
    number = number << 4U | value;
  }
  return number;
}

std::string LastDigits(std::uint64_t number, std::size_t count) {
  return base::Hex(number).substr(16 - count);
}

}  // namespace

std::string ObjectId::ToString() const {
  return LastDigits(seconds, kSecondsDigits) + LastDigits(source, kSourceDigits) +
         LastDigits(counter, kDigits - kSecondsDigits - kSourceDigits);
}

std::optional<ObjectId> ParseObjectId(std::string_view text) {
  if (text.size() != kDigits) return std::nullopt;
  const auto seconds = NumberOf(text.substr(0, kSecondsDigits));
  const auto source = NumberOf(text.substr(kSecondsDigits, kSourceDigits));
  const auto counter = NumberOf(text.substr(kSecondsDigits + kSourceDigits));
  if (!seconds || !source || !counter) return std::nullopt;
  return ObjectId{static_cast<std::uint32_t>(*seconds), *source,
                  static_cast<std::uint32_t>(*counter)};
}

}  // namespace tql::thena
