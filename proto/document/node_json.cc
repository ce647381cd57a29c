#include "proto/document/node_json.h"

#include <utility>

#include "proto/base/json_writer.h"

namespace tql::document {

void AppendJson(const Node& node, std::string* out) {
  using Kind = Node::Kind;
  bool first = true;
  const auto separate = [&] {
    if (!std::exchange(first, false)) *out += ',';
  };
  switch (node.kind) {
    case Kind::kNull:
      *out += "null";
      return;
    case Kind::kScalar:
      node.is_string ? base::AppendJsonString(node.text, out) : void(*out += node.text);
      return;
    case Kind::kList:
      *out += '[';
      for (const Node& item : node.items) {
        separate();
        AppendJson(item, out);
      }
      *out += ']';
      return;
    case Kind::kMap:
      *out += '{';
      for (const auto& [key, value] : node.entries) {
        separate();
        base::AppendJsonString(key.text, out);
        *out += ':';
        AppendJson(value, out);
      }
      *out += '}';
      return;
  }
}

}  // namespace tql::document
