// The shell's own commands, which begin with a backslash and end with the line.
#ifndef TQLKIT_TOOLS_TQL_COMMANDS_META_COMMANDS_H_
#define TQLKIT_TOOLS_TQL_COMMANDS_META_COMMANDS_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/batch.h"
#include "tools/tql/flags.h"
#include "tools/tql/session.h"

namespace tql {}  // namespace tql

namespace tql::shell {

class MockServer;
struct MockCommand;
struct MockTable;

/// The maximum depth of included files, and the error if it is exceeded.
inline constexpr int kDeepestInclude = 50;
inline constexpr std::string_view kEndlessInclude = "files include each other without an end";

/// Returns the path of the file that \ir names, relative to the folder of the including file.
std::string NearbyFile(const std::string& file, const Source* source);

/// The state of the prompt or script that commands use.
struct PromptState {
  PlacedText buffer;  // an incomplete statement
  PlacedText last;    // the last executed text; may have several statements
  std::function<std::vector<std::string>()> history;  // oldest first; may be empty
  bool interrupted = false;                           // set if a statement is interrupted
  ScriptData* data = nullptr;                         // data after the command in a script
};

/// Thread safety: one thread.
class MetaCommands {
 public:
  /// `session` must outlive this object; `flags` are used to connect to other services.
  MetaCommands(Session& session, Flags flags);

  PromptState& prompt() { return prompt_; }
  /// Executes the statements of a text, up to one that is interrupted. Returns false if one was
  /// exit.
  bool RunStatements(const PlacedText& text);

  /// Whether the line is a command.
  static bool Is(std::string_view line);
  /// Executes the command. Errors have the position in `source`, if it is not null. A command that
  /// fails counts as a failed statement.
  CommandEnd Run(std::string_view line, const Source* source = nullptr);
  /// Checks the line without executing it. Returns the error; empty if there is none.
  static std::string MistakeIn(std::string_view line);
  /// The name of the command, without its backslash, and its argument.
  struct Words {
    std::string_view name;
    std::string argument;
  };
  static Words WordsOf(std::string_view line);
  /// Whether the command consumes the incomplete statement before it.
  static bool TakesStatement(std::string_view line);

  /// The names of all commands, without their backslashes.
  static std::vector<std::string> Names();
  /// The argument of a command as \? describes it; empty if it has none.
  static std::string ArgumentOf(std::string_view name);
  /// The URL of the service that the session is connected to.
  const std::string& service() const { return flags_.url; }

  /// The text that \? prints.
  static std::string Help();
  /// Returns "; did you mean \dt?" if the name (without its backslash) is similar to that of a
  /// command, otherwise an empty string.
  static std::string DidYouMean(std::string_view name);

 private:
  struct Command;
  static const Command kCommands[];

  struct Parsed;
  static Parsed Parse(std::string_view line);

  void Statement(const std::string& text);
  void Describe(const std::string& table);
  void Connect(const std::string& target);
  void ConnectBy(Flags flags);
  void Include(const std::string& file);
  void IncludeNearby(const std::string& file);
  void Copy(const std::string& what);
  void RedirectOutput(const std::string& target);
  Format FormatNow() const;
  void SetTo(const std::string& name, const std::string& value);
  void Set(const std::string& argument);
  void SetFormat(const std::string& name);
  void Go(const std::string& target);
  void Edit(const std::string& file);
  void ShowHistory(const std::string&);
  void Watch(const std::string& seconds);
  void SetPager(const std::string& mode);
  PlacedText TakeText();
  void ResetBuffer(const std::string&);
  void ShowBuffer(const std::string&);
  void Echo(const std::string& text);
  void SetExpanded(const std::string& mode);
  void SetTiming(const std::string& mode);
  void SetProgress(const std::string& mode);
  void Mock(const std::string& argument);
  Status RunMock(const MockCommand& command, const MockServer& server);
  void UseNamespace(const std::string& space);
  void ShowTable(const MockTable& table);
  void Switch(const std::string& what, const std::string& mode, bool* on);
  void ShowConnection(const std::string&);
  void ShowHelp(const std::string&);
  void Quit(const std::string&) { ending_ = true; }
  void Say(const std::string& text);
  /// Prints an error and marks the command as failed.
  void Fail(const std::string& mistake, const std::string& statement = "");

  Session& session_;
  Flags flags_;
  PromptState prompt_;
  Format before_expanded_ = Format::kAligned;
  bool ending_ = false;
  ExitCode code_ = ExitCode::kOk;
  bool took_statement_ = false;
  const Source* source_ = nullptr;  // position of the current command
  int depth_ = 0;                   // nesting depth of included files
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COMMANDS_META_COMMANDS_H_
