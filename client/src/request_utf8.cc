#include "client/src/request_utf8.h"

#include <concepts>
#include <optional>
#include <string>
#include <utility>

#include "proto/base/request_options.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql {
namespace {

/// Drops the position, which callers would interpret as one in the statement.
Status CheckShort(std::string_view what, std::string_view text) {
  const Status status = CheckUtf8(what, text);
  return status.ok() ? status : InvalidArgumentError(status.message());
}

Status CheckNames(const Context& context, const StatementOptions& options) {
  const std::pair<const char*, const std::string*> names[] = {
      {"the database of the context", &context.database},
      {"the schema of the context", &context.schema}};
  for (const auto& [what, text] : names) {
    if (Status status = CheckShort(what, *text); !status.ok()) return status;
  }
  Status status;
  base::VisitMembers<StatementOptions>([&](const base::RequestOption& option, auto member) {
    if constexpr (std::same_as<decltype(member), std::optional<std::string> StatementOptions::*>) {
      if (!status.ok() || !(options.*member)) return;
      status = CheckShort("the option " + std::string(option.name), *(options.*member));
    }
  });
  return status;
}

}  // namespace

Status CheckUtf8(std::string_view what, std::string_view text) {
  const std::size_t valid = base::ValidUtf8Prefix(text);
  if (valid == text.size()) return {};
  const TextPlace place = PlaceOf(text, valid);
  return Status(StatusCode::kInvalidArgument,
                std::string(what) + " is not valid UTF-8: found the byte " +
                    base::ShownByte(text[valid]) + " at line " + std::to_string(place.line) +
                    ", column " + std::to_string(place.column),
                place);
}

Status CheckUtf8(const QueryParams& params) {
  if (Status status = CheckUtf8("the statement", params.statement); !status.ok()) return status;
  for (const Answer& answer : params.answers) {
    Status status = CheckShort("the answer to a question", answer.answer);
    if (!status.ok()) return status;
  }
  return CheckNames(params.context, params.options);
}

Status CheckUtf8(const LoginParams& params) {
  if (Status status = CheckShort("the user", params.user); !status.ok()) return status;
  if (base::ValidUtf8Prefix(params.password) == params.password.size()) return {};
  return InvalidArgumentError("the password is not valid UTF-8");
}

Status CheckUtf8(const ScriptParams& params) {
  if (Status status = CheckUtf8("the script", params.script); !status.ok()) return status;
  return CheckNames(params.context, params.options);
}

}  // namespace tql
