#include "tools/tqlconform/suite/changes.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "proto/document/document.h"
#include "tools/tqlconform/suite/regex.h"
#include "tools/tqlconform/suite/variables.h"

namespace tqlconform {
namespace {

using tql::document::Node;

bool HasChangingWord(std::string_view text) {
  static const Regex* const kChanging = new Regex(
      *Regex::Compile("(?i)\\b(create|drop|alter|insert|upsert|update|delete|truncate|compact|"
                      "into)\\b"));
  return kChanging->Matches(text);
}

bool HasChangingWord(const Node& node) {
  const auto in_entry = [](const Node::Entry& entry) {
    return HasChangingWord(entry.key.text) || HasChangingWord(entry.value);
  };
  const auto in_item = [](const Node& item) { return HasChangingWord(item); };
  return HasChangingWord(node.text) || std::ranges::any_of(node.items, in_item) ||
         std::ranges::any_of(node.entries, in_entry);
}

/// Of a body, a request with its head, or a message of gRPC as JSON. A word may be hidden in JSON
/// that has escapes and cannot be read: a server may forgive the mistake in it.
bool Changes(std::string_view text) {
  if (HasChangingWord(text)) return true;
  // Without this escape, letters stand for themselves.
  if (text.find("\\u") == text.npos) return false;
  constexpr tql::document::Limits kLimits{
      .max_bytes = kMaxExpandedBytes, .max_nodes = 1'000'000, .permits_nul = true};
  const std::size_t begin = std::min(text.find('{'), text.size());
  const tql::StatusOr<Node> json = tql::document::ParseJson(text.substr(begin), kLimits);
  return !json.ok() || HasChangingWord(*json);
}

bool StartsLoad(const confpb::Step& step) {
  return step.session() != "none" &&
         step.http().path().starts_with("/ts_dataservice/v1/public/loads") &&
         (step.http().method() == "POST" || !step.http().body().empty());
}

}  // namespace

bool MayChange(const confpb::Step& step) {
  // The text of a statement is sent as it is; an escape in it has no meaning.
  return HasChangingWord(step.query()) || HasChangingWord(step.script()) || Changes(step.raw()) ||
         Changes(step.http().body()) || std::ranges::any_of(step.rpc().request(), Changes) ||
         StartsLoad(step);
}

}  // namespace tqlconform
