// Commands of the shell itself, which begin with a backslash and end with their line.
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

namespace tql::shell {

/// Files that include others; what is said about one too many.
inline constexpr int kDeepestInclude = 50;
inline constexpr std::string_view kEndlessInclude = "files include each other without an end";

/// The file that \ir names, which is looked for from the folder of the file that says so.
std::string NearbyFile(const std::string& file, const Source* source);

/// What was typed, or read, as far as commands use it.
struct PromptState {
  PlacedText buffer;                                  // a statement that has not ended
  PlacedText last;                                    // what ran last; may be several statements
  std::function<std::vector<std::string>()> history;  // the oldest first; may be empty
  bool interrupted = false;                           // set when a statement is
  ScriptData* data = nullptr;                         // behind the command, in a script with data
};

/// Thread safety: none.
class MetaCommands {
 public:
  /// `session` is borrowed; `flags` say how to connect elsewhere.
  MetaCommands(Session& session, Flags flags);

  PromptState& prompt() { return prompt_; }
  /// Runs the statements of the text up to one that is interrupted; false: one of them was exit.
  bool RunStatements(const PlacedText& text);

  /// Whether the line is such a command.
  static bool Is(std::string_view line);
  /// Runs it; errors name the place in `source`, if there is one. A command that cannot do what it
  /// should counts as a failed statement.
  CommandEnd Run(std::string_view line, const Source* source = nullptr);
  /// What is wrong with the line before anything is run; empty when nothing is.
  static std::string MistakeIn(std::string_view line);
  /// The command of a line without a mistake, without its backslash, and what stands behind it.
  struct Words {
    std::string_view name;
    std::string argument;
  };
  static Words WordsOf(std::string_view line);
  /// Whether the command takes the statement that it interrupts.
  static bool TakesStatement(std::string_view line);

  /// Of the commands, without their backslashes.
  static std::vector<std::string> Names();
  /// What \? calls the argument of one; empty when there is none.
  static std::string ArgumentOf(std::string_view name);
  /// Where the session is connected to.
  const std::string& service() const { return flags_.url; }

  /// What \? prints.
  static std::string Help();
  /// "; did you mean \dt?" for a name (without its backslash) that is nearly one of a command,
  /// else empty.
  static std::string DidYouMean(std::string_view name);

 private:
  struct Command;
  static const Command kCommands[];

  struct Parsed;
  static Parsed Parse(std::string_view line);

  void Statement(const std::string& text);
  void Describe(const std::string& table);
  void Connect(const std::string& target);
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
  void Switch(const std::string& what, const std::string& mode, bool* on);
  void ShowConnection(const std::string&);
  void ShowHelp(const std::string&);
  void Quit(const std::string&) { ending_ = true; }
  void Say(const std::string& text);
  /// Says what is wrong; the command has failed.
  void Fail(const std::string& mistake, const std::string& statement = "");

  Session& session_;
  Flags flags_;
  PromptState prompt_;
  Format before_expanded_ = Format::kAligned;
  bool ending_ = false;
  ExitCode code_ = ExitCode::kOk;
  bool took_statement_ = false;
  const Source* source_ = nullptr;  // of the command that runs
  int depth_ = 0;                   // of files that include others
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COMMANDS_META_COMMANDS_H_
