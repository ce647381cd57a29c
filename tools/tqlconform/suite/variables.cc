#include "tools/tqlconform/suite/variables.h"

#include <charconv>
#include <system_error>

#include "proto/base/json_writer.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tools/tqlconform/suite/regex.h"

namespace tqlconform {
namespace {

using tql::InvalidArgumentError;
using tql::Status;
using tql::StatusOr;

Status TooLong() {
  return tql::ResourceExhaustedError("the text has more than " + std::to_string(kMaxExpandedBytes) +
                                     " bytes after its variables are replaced");
}

/// Takes the text up to the next colon, or all of it.
std::string_view TakePart(std::string_view* text) {
  const std::size_t end = text->find(':');
  const std::string_view part = text->substr(0, end);
  text->remove_prefix(end == text->npos ? text->size() : end + 1);
  return part;
}

StatusOr<std::size_t> TakeCount(std::string_view* text) {
  const std::string_view digits = TakePart(text);
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return InvalidArgumentError("expected a number, found \"" + tql::base::Excerpt(digits, 20) +
                                '"');
  }
  if (count > kMaxExpandedBytes) return TooLong();
  return count;
}

StatusOr<std::string> Repeat(std::string_view arguments) {
  const StatusOr<std::size_t> count = TakeCount(&arguments);
  if (!count.ok()) return count.status();
  if (*count * arguments.size() > kMaxExpandedBytes) return TooLong();
  std::string text;
  text.reserve(*count * arguments.size());
  for (std::size_t i = 0; i < *count; ++i) text += arguments;
  return text;
}

StatusOr<std::string> Sequence(std::string_view arguments) {
  const StatusOr<std::size_t> count = TakeCount(&arguments);
  if (!count.ok()) return count.status();
  const std::string_view item = TakePart(&arguments);
  std::string text;
  for (std::size_t i = 0; i < *count; ++i) {
    if (i > 0) text += arguments;
    for (const char c : item) {
      if (c == '#') {
        text += std::to_string(i);
      } else {
        text += c;
      }
    }
    if (text.size() > kMaxExpandedBytes) return TooLong();
  }
  return text;
}

StatusOr<std::string> Bytes(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    const int high = tql::base::HexDigit(hex[i]);
    const int low = tql::base::HexDigit(hex[i + 1]);
    if (high < 0 || low < 0) return InvalidArgumentError("expected hexadecimal digits");
    bytes += static_cast<char>(high * 16 + low);
  }
  if (bytes.empty() || hex.size() % 2 != 0) {
    return InvalidArgumentError("expected an even number of hexadecimal digits");
  }
  return bytes;
}

StatusOr<std::string> Value(std::string_view name, const Lookup& lookup) {
  struct Function {
    std::string_view prefix;
    StatusOr<std::string> (*call)(std::string_view arguments);
  };
  constexpr Function kFunctions[] = {{"repeat:", Repeat}, {"seq:", Sequence}, {"byte:", Bytes}};
  for (const Function& function : kFunctions) {
    if (name.starts_with(function.prefix)) {
      return function.call(name.substr(function.prefix.size()));
    }
  }
  return lookup(name);
}

void Append(const std::string& value, Quoting quoting, std::string* text) {
  switch (quoting) {
    case Quoting::kNone:
      *text += value;
      return;
    case Quoting::kRegex:
      *text += QuoteRegex(value);
      return;
    case Quoting::kJsonString: {
      std::string json;
      tql::base::AppendJsonString(value, &json);
      *text += std::string_view(json).substr(1, json.size() - 2);
    }
  }
}

}  // namespace

StatusOr<std::string> Expand(std::string_view text, const Lookup& lookup, Quoting quoting) {
  constexpr std::size_t kMostShown = 60;
  std::string expanded;
  while (true) {
    const std::size_t begin = text.find("${");
    expanded += text.substr(0, begin);
    if (expanded.size() > kMaxExpandedBytes) return TooLong();
    if (begin == text.npos) return expanded;
    if (begin > 0 && text[begin - 1] == '$') {  // $${
      expanded += '{';
      text.remove_prefix(begin + 2);
      continue;
    }
    const std::size_t end = text.find('}', begin);
    const std::string_view name = text.substr(begin + 2, end - begin - 2);
    if (end == text.npos) {
      return InvalidArgumentError("\"${" + tql::base::Excerpt(name, kMostShown) +
                                  "\" has no closing brace; a literal ${ is written $${");
    }
    const StatusOr<std::string> value = Value(name, lookup);
    if (!value.ok()) {
      return Status(value.status().code(),
                    "${" + tql::base::Excerpt(name, kMostShown) + "}: " + value.status().message());
    }
    text.remove_prefix(end + 1);
    // Otherwise the text after a long value doubles the memory.
    expanded.reserve(expanded.size() + value->size() + text.size());
    Append(*value, quoting, &expanded);
  }
}

}  // namespace tqlconform
