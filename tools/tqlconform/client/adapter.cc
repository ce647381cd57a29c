#include "tools/tqlconform/client/adapter.h"

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

/// Everything that could otherwise fail in the middle of a run.
Status Check(const confpb::Adapter& adapter) {
  if (adapter.name().empty()) return tql::InvalidArgumentError("name: is missing");
  if (adapter.depth() == confpb::Adapter::UNSET_DEPTH) {
    return tql::InvalidArgumentError("depth: is missing, expected FULL, SHELL or WIRE");
  }
  for (const auto* const patterns : {&adapter.failure(), &adapter.noise()}) {
    for (const std::string& pattern : *patterns) {
      TQL_RETURN_IF_ERROR(Regex::Compile(pattern).status());
    }
  }
  return Status();
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
