// Commands of the shell itself: lines at its prompt that begin with a backslash.
#ifndef TQLKIT_TOOLS_TQL_META_COMMANDS_H_
#define TQLKIT_TOOLS_TQL_META_COMMANDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/flags.h"
#include "tools/tql/session.h"

namespace tql::shell {

/// Thread safety: none.
class MetaCommands {
 public:
  /// `session` is borrowed; `flags` say how to connect elsewhere.
  MetaCommands(Session& session, Flags flags);

  /// Whether the line is such a command.
  static bool Is(std::string_view line);
  /// Runs it. False: the shell is to end.
  bool Run(std::string_view line);

  /// Of the commands, without their backslashes.
  static std::vector<std::string> Names();
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

  void Statement(const std::string& text);
  void Describe(const std::string& table);
  void Connect(const std::string& target);
  void Include(const std::string& file);
  void RedirectOutput(const std::string& file);
  Format FormatNow() const;
  void SetTo(const std::string& name, const std::string& value);
  void Set(const std::string& argument);
  void SetFormat(const std::string& name);
  void ToggleExpanded(const std::string&);
  void ToggleTiming(const std::string&);
  void ShowConnection(const std::string&);
  void ShowHelp(const std::string&);
  void Quit(const std::string&) { ending_ = true; }
  void Say(const std::string& text);

  Session& session_;
  Flags flags_;
  Format before_expanded_ = Format::kAligned;
  bool ending_ = false;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_META_COMMANDS_H_
