#include "tools/tqlconform/client/adapter.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "proto/base/file.h"
#include "proto/base/status_macros.h"
#include "proto/document/message_reader.h"
#include "tools/tqlconform/suite/regex.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

Status ErrorIn(const std::string& field, const Status& status) {
  return status.ok() ? status : Status(status.code(), field + ": " + status.message());
}

using Texts = google::protobuf::RepeatedPtrField<std::string>;
Status CheckPatterns(const char* field, const Texts& patterns) {
  for (int i = 0; i < patterns.size(); ++i) {
    TQL_RETURN_IF_ERROR(ErrorIn(std::string(field) + '[' + std::to_string(i) + ']',
                                Regex::Compile(patterns[i]).status()));
  }
  return Status();
}

using Map = google::protobuf::Map<std::string, std::string>;
Status CheckKeys(const char* field, const Map& map, std::initializer_list<std::string_view> known) {
  for (const auto& [key, text] : map) {
    if (std::ranges::find(known, key) != known.end()) continue;
    std::string names;
    for (const std::string_view name : known) {
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    return tql::InvalidArgumentError(std::string(field) + ": expected one of " + names +
                                     ", found \"" + key + '"');
  }
  return Status();
}

/// Everything that could otherwise fail in the middle of a run.
Status Check(const confpb::Adapter& adapter) {
  if (adapter.name().empty()) return tql::InvalidArgumentError("name: is missing");
  if (adapter.depth() == confpb::Adapter::UNSET_DEPTH) {
    return tql::InvalidArgumentError("depth: is missing, expected FULL, SHELL or WIRE");
  }
  TQL_RETURN_IF_ERROR(CheckKeys("url", adapter.url(), {"http", "https", "grpc", "grpcs"}));
  TQL_RETURN_IF_ERROR(CheckKeys("how", adapter.how(), {"query", "script"}));
  TQL_RETURN_IF_ERROR(CheckVariables(adapter));
  TQL_RETURN_IF_ERROR(CheckPatterns("failure", adapter.failure()));
  return CheckPatterns("noise", adapter.noise());
}

StatusOr<confpb::Adapter> Parse(const std::string& name, std::string_view text) {
  confpb::Adapter adapter;
  Status status = tql::document::ReadMessage(text, &adapter);
  if (status.ok()) status = Check(adapter);
  if (!status.ok()) return Status(status.code(), name + ": " + status.message());
  return adapter;
}

}  // namespace

StatusOr<confpb::Adapter> FindAdapter(const std::string& name_or_file) {
  std::string known;
  for (const EmbeddedFile& file : EmbeddedAdapters()) {
    const std::string_view name = file.name.substr(0, file.name.find('.'));
    if (name == name_or_file) return Parse(std::string(file.name), file.text);
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  const StatusOr<std::string> text = tql::base::ReadFile(name_or_file, kMostBytes);
  if (!text.ok()) {
    return tql::NotFoundError("--adapter " + name_or_file + ": not one of " + known +
                              ", and not a file that can be read: " + text.status().message());
  }
  return Parse(name_or_file, *text);
}

}  // namespace tqlconform
