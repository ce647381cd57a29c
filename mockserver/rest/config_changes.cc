#include "mockserver/rest/config_changes.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/rest/world_edits.h"
#include "proto/base/json_writer.h"
#include "proto/base/status_macros.h"
#include "proto/base/utf8.h"
#include "proto/document/document.h"
#include "proto/document/node_json.h"

namespace tql::rest {
namespace {

using document::Node;

constexpr std::string_view kParameter = "configchanges: ";
constexpr std::size_t kQuoted = 60;
constexpr std::size_t kLongestPath = 16;      // steps
constexpr std::size_t kMostValues = 1000;     // of one request
constexpr std::size_t kMostOverrides = 5000;  // of a configuration

Status Wrong(std::string_view key, std::string_view reason) {
  return InvalidArgumentError(std::string(kParameter) + '"' + base::Excerpt(key, kQuoted) +
                              "\": " + std::string(reason));
}

Status Set(std::string_view path, const Node& value, Node& info) {
  Node* at = &info;
  std::size_t steps = 0;
  for (std::string_view rest = path;;) {
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    if (dot == 0 || ++steps > kLongestPath) return Wrong(path, "expected a path of names");
    if (at->kind != Node::Kind::kMap) return Wrong(path, "a part of the path is not an object");
    at = &Member(*at, rest.substr(0, dot));
    if (dot == rest.size()) break;
    rest.remove_prefix(dot + 1);
  }
  Merge(value, *at);
  return Status();
}

/// A value and its path.
struct Leaf {
  std::string path;
  const Node* value;
};

void Collect(const std::string& path, const Node& node, std::vector<Leaf>& leaves) {
  if (node.kind != Node::Kind::kMap) {
    leaves.push_back({path, &node});
    return;
  }
  for (const auto& [key, value] : node.entries) {
    if (leaves.size() > kMostValues) return;
    std::string inner = path;
    inner += '.';
    inner += key.text;
    Collect(inner, value, leaves);
  }
}

/// The documented names of types.
std::string_view TypeOf(const Node& value) {
  if (value.kind == Node::Kind::kList) return "ARRAYLIST";
  if (value.kind == Node::Kind::kScalar && !value.is_string) {
    return base::IsJsonNumber(value.text) ? "INTEGER" : "BOOLEAN";
  }
  return "STRING";
}

Status Override(const Leaf& leaf, worldpb::Config* config) {
  auto& overrides = *config->mutable_override();
  auto found = std::ranges::find_if(
      overrides, [&](const auto& candidate) { return candidate.key() == leaf.path; });
  if (found == overrides.end()) {
    if (static_cast<std::size_t>(overrides.size()) == kMostOverrides) {
      return Wrong(leaf.path, "the configuration has too many overrides");
    }
    worldpb::Config::Override& added = *config->add_override();
    added.set_key(leaf.path);
    added.set_category("MAIN");
    added.set_data_type(std::string(TypeOf(*leaf.value)));
    found = std::prev(overrides.end());
  }
  std::string text;
  if (leaf.value->is_string) {
    text = leaf.value->text;
  } else {
    document::AppendJson(*leaf.value, &text);
  }
  found->set_value(text);
  return Status();
}

}  // namespace

Status ApplyConfigChanges(std::string_view changes, worldpb::Config* config) {
  const StatusOr<Node> root = document::ParseJson(changes);
  if (!root.ok()) return InvalidArgumentError(std::string(kParameter) + root.status().message());
  if (root->kind != Node::Kind::kMap) {
    return InvalidArgumentError(std::string(kParameter) + "expected an object of JSON");
  }
  TQL_ASSIGN_OR_RETURN(Node info, document::ParseJson(config->info()));
  std::vector<Leaf> leaves;
  for (const auto& [key, value] : root->entries) {
    TQL_RETURN_IF_ERROR(Set(key.text, value, info));
    Collect(key.text, value, leaves);
    if (leaves.size() > kMostValues) {
      return Wrong(key.text, "expected at most " + std::to_string(kMostValues) + " values");
    }
  }
  for (const Leaf& leaf : leaves) TQL_RETURN_IF_ERROR(Override(leaf, config));
  config->clear_info();
  document::AppendJson(info, config->mutable_info());
  return Status();
}

}  // namespace tql::rest
