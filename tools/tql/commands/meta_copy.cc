// The command \copy.
#include <algorithm>

#include "tools/tql/commands/meta_commands.h"
#include "tools/tql/copy/copy.h"

namespace tql::shell {

ScriptData* DataFor(const CopyCommand& command, ScriptData* data) {
  if (!command.from_standard_input() || data == nullptr) return nullptr;
  return command.of_shell && !data->of_standard_input() ? nullptr : data;
}

void MetaCommands::Copy(const std::string& what) {
  const StatusOr<CopyCommand> command = ParseCopy(what);
  if (!command.ok()) return Fail(command.status().message());
  const bool from = command->direction == CopyCommand::Direction::kFrom;
  ScriptData* const data = DataFor(*command, prompt_.data);
  const bool has_statements =
      prompt_.history || std::ranges::any_of(flags_.inputs, [](const Input& input) {
        return input.kind == Input::Kind::kFile && input.value == "-";
      });
  if (command->from_standard_input() && data == nullptr && has_statements) {
    return Fail("\\copy: standard input has the statements; name a file");
  }
  // Claim the lines even if the copy fails, because they are not statements.
  if (data != nullptr) (void)data->Claim();
  const CopyEnd end = from ? CopyFrom(session_, *command, data) : CopyTo(session_, *command);
  if (end.error.empty()) return Say("COPY " + std::to_string(end.rows) + "\n");
  Fail(end.error, end.statement);
  code_ = end.code;
}

}  // namespace tql::shell
