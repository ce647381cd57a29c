#include "tools/tql/dry_run.h"

#include <cerrno>
#include <cstring>
#include <string>

#include "mockserver/dialect/parser.h"
#include "tools/tql/commands/meta_commands.h"
#include "tools/tql/copy/copy.h"

namespace tql::shell {
namespace {

std::string WithPlace(const Status& status) {
  const TextPlace* place = status.place();
  if (place == nullptr) return status.message();
  return status.message() + " at line " + std::to_string(place->line) + ", column " +
         std::to_string(place->column);
}

class DryRunner {
 public:
  DryRunner(const Settings& settings, Output& out, Output& err)
      : settings_(settings), out_(out), err_(err) {
    runner_.keep_going = true;
    runner_.rules = [this] { return RulesOf(settings_); };
    runner_.done = [this] { return out_.broken(); };
    runner_.run = [this](const std::string& statement, const Source& source) {
      Show(statement + ";");
      return Check(statement, source);
    };
    runner_.command = [this](const std::string& command, const PlacedText& begun,
                             const Source& source,
                             ScriptData* data) { return Command(command, begun, source, data); };
  }

  ExitCode Run(const std::vector<Input>& inputs) { return RunBatch(runner_, inputs); }

 private:
  void Show(const std::string& text) {
    out_.WriteText(text + "\n");
    out_.Flush();
  }

  ExitCode Refuse(const std::string& mistake, const std::string& statement, const Source& source) {
    WriteError(err_, settings_, mistake + "\n", statement, &source);
    err_.Flush();
    return ExitCode::kStatementFailed;
  }

  ExitCode Check(const std::string& statement, const Source& source) {
    if (settings_.statement.use_postgres_sql_parser.value_or(false)) return ExitCode::kOk;
    const auto parsed = dialect::ParseStatement(statement);
    return parsed.ok() ? ExitCode::kOk : Refuse(WithPlace(parsed.status()), statement, source);
  }

  CommandEnd Command(const std::string& command, const PlacedText& begun, const Source& source,
                     ScriptData* data) {
    const bool takes = MetaCommands::TakesStatement(command) && !begun.text.empty();
    Show(takes ? begun.text + " " + command : command);
    const std::string mistake = MetaCommands::MistakeIn(command);
    if (!mistake.empty()) return {.code = Refuse(mistake, "", source)};
    const MetaCommands::Words words = MetaCommands::WordsOf(command);
    if (words.name == "copy") return {.code = Copy(words.argument, source, data)};
    if (words.name == "i") return {.code = Include(words.argument, source)};
    if (words.name == "ir") return {.code = Include(NearbyFile(words.argument, &source), source)};
    return {.code = takes ? Check(begun.text, begun.source) : ExitCode::kOk,
            .took_statement = takes,
            .exit = words.name == "q"};
  }

  ExitCode Include(const std::string& file, const Source& source) {
    const Input input = {Input::Kind::kFile, file};
    if (depth_ == kDeepestInclude) {
      (void)Refuse(std::string(kEndlessInclude), "", source);
      return ExitCode::kUsage;  // ends all nested files
    }
    if (const std::string wrong = MistakeOf(input); !wrong.empty()) {
      return Refuse(wrong, "", source);
    }
    ++depth_;
    const ExitCode code = RunBatch(runner_, {input});
    --depth_;
    return code;
  }

  ExitCode Copy(const std::string& what, const Source& source, ScriptData* data) {
    const StatusOr<CopyCommand> command = ParseCopy(what);
    if (!command.ok()) return Refuse(command.status().message(), "", source);
    const bool from = command->direction == CopyCommand::Direction::kFrom;
    Show("-- " + (from ? command->Insert() + "…" : command->Select()) + ";");
    if (ScriptData* const own = DataFor(*command, data); own != nullptr) (void)own->Claim();
    if (from && !command->file.empty()) {
      const std::string wrong = MistakeOf({Input::Kind::kFile, command->file});
      if (!wrong.empty()) return Refuse(wrong, "", source);
    }
    return Check(command->Select(), source);
  }

  const Settings& settings_;
  Output& out_;
  Output& err_;
  Runner runner_;
  int depth_ = 0;  // nesting depth of included files
};

}  // namespace

ExitCode DryRun(const Settings& settings, const std::vector<Input>& inputs, Output& out,
                Output& err) {
  const ExitCode code = DryRunner(settings, out, err).Run(inputs);
  if (!out.broken() || out.error() == EPIPE) return code;
  err.WriteText("tql: cannot write: " + std::string(std::strerror(out.error())) + "\n");
  return ExitCode::kUsage;
}

}  // namespace tql::shell
