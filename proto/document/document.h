// Documents in YAML or JSON as a tree of nodes that know their places: plan files, worlds, cases.
#ifndef TQLKIT_PROTO_DOCUMENT_DOCUMENT_H_
#define TQLKIT_PROTO_DOCUMENT_DOCUMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tql/status.h"

namespace tql::document {

struct Node {
  enum class Kind : std::uint8_t { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  std::string text;        // of a scalar
  bool is_string = false;  // a scalar that is written as a string: in quotes or as a block
  bool is_binary = false;  // the text is base64 (YAML: !!binary)
  bool is_json = false;    // a scalar of a document in JSON, where bytes are base64
  std::uint32_t line = 1;
  std::uint32_t column = 1;  // in characters
  std::vector<Node> items;   // of a list
  struct Entry;
  std::vector<Entry> entries;  // of a map; no key twice
};

struct Node::Entry {
  Node key;
  Node value;
};

struct Limits {
  std::size_t max_bytes = std::size_t{10} << 20;
  std::size_t max_nodes = 200'000;  // aliases count with all that they stand for
  int max_depth = 64;
  bool permits_nul = false;  // in strings of JSON; YAML never does
};

/// Parses exactly one document. A text that begins with { or [ is read as JSON first. Errors:
/// INVALID_ARGUMENT "line 3, column 7: reason", RESOURCE_EXHAUSTED for more than max_bytes.
StatusOr<Node> Parse(std::string_view text, const Limits& limits = {});

/// YAML 1.2 without tags other than !!str and !!binary, without merge keys; scalars are texts.
StatusOr<Node> ParseYaml(std::string_view text, const Limits& limits = {});
StatusOr<Node> ParseJson(std::string_view text, const Limits& limits = {});

/// Why the key cannot be added to the map: it is there, or the map is full. Empty: it can.
std::string WrongKey(const Node& map, const Node& key);

/// "line 3, column 7: reason", with the place of the node.
Status ErrorAt(const Node& node, std::string_view reason);

}  // namespace tql::document

#endif  // TQLKIT_PROTO_DOCUMENT_DOCUMENT_H_
