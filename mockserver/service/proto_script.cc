#include "mockserver/service/proto_script.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <string>
#include <utility>

namespace tql::service {
namespace {

/// Replaces the compiled names of protobuf messages in the text by their public names.
std::string WithPublicNames(std::string text) {
  const std::string compiled = pb::ExecuteSqlScriptRequest::descriptor()->file()->package() + ".";
  for (std::size_t at = text.find(compiled); at != text.npos; at = text.find(compiled, at)) {
    text.replace(at, compiled.size(), "tql.v1.");
  }
  return text;
}

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (!status_.ok()) return;
    TextPlace place;
    place.line = static_cast<std::uint32_t>(line + 1);
    place.column = static_cast<std::uint32_t>(column + 1);
    status_ = Status(StatusCode::kInvalidArgument,
                     "the script is not an ExecuteSqlScriptRequest in protobuf text format: line " +
                         std::to_string(place.line) + ", column " + std::to_string(place.column) +
                         ": " + WithPublicNames(message),
                     place);
  }
  const Status& status() const { return status_; }

 private:
  Status status_;
};

}  // namespace

StatusOr<pb::ExecuteSqlScriptRequest> UnwrapProtoScript(const pb::ExecuteSqlScriptRequest& outer) {
  pb::ExecuteSqlScriptRequest inner;
  FirstError errors;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.SetRecursionLimit(32);
  if (!parser.ParseFromString(outer.script(), &inner)) return errors.status();
  pb::ExecuteSqlScriptRequest merged = outer;
  merged.clear_script();
  merged.MergeFrom(inner);
  merged.set_script_type(pb::ExecuteSqlScriptRequest::TQL_SCRIPT);
  return merged;
}

}  // namespace tql::service
