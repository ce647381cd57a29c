// The commands that run statements again, change them first, or show them.
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "mockserver/dialect/splitter.h"
#include "tools/tql/batch.h"
#include "tools/tql/editor_program.h"
#include "tools/tql/meta_commands.h"

namespace tql::shell {

std::size_t CommandIn(const std::string& buffer, const std::string& line) {
  for (std::size_t at = line.find('\\'); at != line.npos; at = line.find('\\', at + 1)) {
    const std::string before = line.substr(0, at);
    // Behind a comment a backslash is a part of it.
    if (before.find("--") != before.npos) return line.npos;
    const dialect::InputState state = dialect::StateOf(buffer + before);
    const bool open = state == dialect::InputState::kString ||
                      state == dialect::InputState::kName || state == dialect::InputState::kComment;
    if (!open) return at;
  }
  return line.npos;
}

bool MetaCommands::RunStatements(const std::string& text) {
  dialect::ScriptSplitter splitter(text);
  while (const auto statement = splitter.Next()) {
    if (IsExit(statement->text)) return false;
    if (session_.Run(std::string(statement->text)) == ExitCode::kInterrupted) break;
  }
  return true;
}

/// What is typed, which is then the last that ran, or what ran last; empty after saying that there
/// is neither.
std::string MetaCommands::TakeText() {
  if (dialect::StateOf(prompt_.buffer) != dialect::InputState::kBlank) {
    prompt_.last = prompt_.buffer;
  }
  prompt_.buffer.clear();
  if (prompt_.last.empty()) Say("error: there is no statement yet\n");
  return prompt_.last;
}

void MetaCommands::Go(const std::string& file) {
  const std::string text = TakeText();
  if (text.empty()) return;
  if (!file.empty()) {
    const int error = session_.RedirectTo(file);
    if (error != 0) return Say("error: cannot write " + file + ": " + std::strerror(error) + "\n");
  }
  if (!RunStatements(text)) ending_ = true;
  if (!file.empty()) session_.RedirectTo("");
}

void MetaCommands::Edit(const std::string& file) {
  StatusOr<std::string> text =
      file.empty() ? EditText(prompt_.buffer.empty() ? prompt_.last : prompt_.buffer)
                   : EditFile(file);
  if (!text.ok()) return Say("error: " + text.status().message() + "\n");
  while (text->ends_with('\n')) text->pop_back();
  Say(*text + "\n");
  prompt_.buffer = *text;
}

void MetaCommands::Watch(const std::string& argument) {
  double seconds = 2;
  if (!argument.empty()) {
    const char* const end = argument.data() + argument.size();
    const auto [at, error] = std::from_chars(argument.data(), end, seconds);
    if (error != std::errc() || at != end || !(seconds >= 0.01 && seconds <= 86400)) {
      return Say("error: " + Mistake(argument, "a number from 0.01 to 86400") + "\n");
    }
  }
  const std::string text = TakeText();
  if (text.empty()) return;
  for (;;) {
    dialect::ScriptSplitter splitter(text);
    while (const auto statement = splitter.Next()) {
      if (IsExit(statement->text)) return;
      if (session_.Run(std::string(statement->text)) != ExitCode::kOk) return;
    }
    if (session_.interrupts().Wait(static_cast<int>(seconds * 1000))) return;
  }
}

void MetaCommands::ShowHistory(const std::string&) {
  if (!prompt_.history) return;
  for (const std::string& entry : prompt_.history()) Say(entry + "\n");
}

void MetaCommands::SetPager(const std::string& mode) {
  bool& pager = session_.settings().pager;
  if (!mode.empty() && mode != "on" && mode != "auto" && mode != "off") {
    return Say("error: " + Mistake(mode, "on, auto or off") + "\n");
  }
  if (!mode.empty()) pager = mode != "off";
  Say(pager ? "The pager shows what does not fit.\n" : "The pager is off.\n");
}

}  // namespace tql::shell
