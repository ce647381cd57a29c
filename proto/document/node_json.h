// Writes the nodes of a document as JSON.
#ifndef TQLKIT_PROTO_DOCUMENT_NODE_JSON_H_
#define TQLKIT_PROTO_DOCUMENT_NODE_JSON_H_

#include <string>

#include "proto/document/document.h"

namespace tql::document {

/// Appends a node as JSON without blanks. Scalars that are not strings are written as they are, so
/// that the node should come from a document in JSON.
void AppendJson(const Node& node, std::string* out);

}  // namespace tql::document

#endif  // TQLKIT_PROTO_DOCUMENT_NODE_JSON_H_
