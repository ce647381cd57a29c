#include "tql/wire/error_body.h"

#include "wire/json_reader.h"

namespace tql {
namespace {

using wire::JsonReader;

constexpr int kMaxDepth = 64;

/// Parses an object. `read` parses the value of the member `key`; other members are skipped.
template <typename Read>
bool ReadMember(JsonReader& in, std::string_view key, Read read) {
  if (in.Peek() != '{' || !in.Enter() || !in.Take('{')) return false;
  for (bool first = true; !in.Take('}'); first = false) {
    std::string name;
    if (!first && !in.Expect(',', "between members")) return false;
    if (!in.ReadString(&name) || !in.Expect(':', "after a key")) return false;
    if (!(name == key ? read() : in.SkipValue())) return false;
  }
  in.Leave();
  return true;
}

/// Returns the first text of an error of the REST API v1, whose member `debug` is a text that holds
/// a JSON array of texts: "Error Code: …\nError Message: …".
std::optional<std::string> MessageOfDebug(std::string_view body) {
  JsonReader in(body, kMaxDepth);
  std::string debug;
  const auto read_debug = [&] { return in.Peek() == '"' && in.ReadString(&debug); };
  if (!ReadMember(in, "debug", read_debug) || !in.AtEnd() || debug.empty()) return std::nullopt;
  JsonReader texts(debug, kMaxDepth);
  std::string text;
  if (!texts.Take('[') || texts.Peek() != '"' || !texts.ReadString(&text)) return std::nullopt;
  constexpr std::string_view kMessage = "Error Message: ";
  const std::size_t message = text.find(kMessage);
  return message == text.npos ? text : text.substr(message + kMessage.size());
}

}  // namespace

std::optional<std::string> MessageOfErrorBody(std::string_view body) {
  JsonReader in(body, kMaxDepth);
  std::optional<std::string> message;
  const auto read_message = [&] { return in.Peek() == '"' && in.ReadString(&message.emplace()); };
  const auto read_error = [&] { return ReadMember(in, "message", read_message); };
  if (!ReadMember(in, "error", read_error) || !in.AtEnd()) return std::nullopt;
  return message ? message : MessageOfDebug(body);
}

}  // namespace tql
