// The commands that repeat, edit or print statements.
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "mockserver/dialect/splitter.h"
#include "tools/tql/batch.h"
#include "tools/tql/commands/editor_program.h"
#include "tools/tql/commands/meta_commands.h"

namespace tql::shell {

namespace {

/// Returns the position of a statement in a script, given its position in a text of that script.
Source Within(Source source, const TextPlace& place) {
  source.column = place.column + (place.line == 1 ? source.column - 1 : 0);
  source.line += place.line - 1;
  return source;
}

}  // namespace

bool MetaCommands::RunStatements(const PlacedText& text) {
  dialect::ScriptSplitter splitter(text.text, RulesOf(session_.settings()));
  while (const auto statement = splitter.Next()) {
    if (IsExit(statement->text)) return false;
    const Source source = Within(text.source, statement->place);
    const ExitCode code = session_.Run(std::string(statement->text), &source);
    if (code != ExitCode::kOk) code_ = code;
    if (code == ExitCode::kInterrupted) {
      prompt_.interrupted = true;
      break;
    }
  }
  return true;
}

/// Returns the typed text, which becomes the last executed one, or the last executed text. Prints
/// an error and returns an empty text if there is neither.
PlacedText MetaCommands::TakeText() {
  const dialect::ScriptRules rules = RulesOf(session_.settings());
  if (dialect::StateOf(prompt_.buffer.text, rules) != dialect::InputState::kBlank) {
    prompt_.last = prompt_.buffer;
  }
  took_statement_ = true;
  prompt_.buffer = {};
  if (prompt_.last.text.empty()) Fail("no statement has been run yet");
  return prompt_.last;
}

void MetaCommands::ResetBuffer(const std::string&) {
  took_statement_ = true;
  prompt_.buffer = {};
}

void MetaCommands::ShowBuffer(const std::string&) {
  const std::string& text = prompt_.buffer.text.empty() ? prompt_.last.text : prompt_.buffer.text;
  if (!text.empty()) Say(text + (text.ends_with('\n') ? "" : "\n"));
}

void MetaCommands::Include(const std::string& file) {
  const std::vector<Input> inputs = {{Input::Kind::kFile, file}};
  if (depth_ == kDeepestInclude) {
    Fail(std::string(kEndlessInclude));
    code_ = ExitCode::kUsage;  // ends all nested files
    return;
  }
  const std::string wrong = MistakeOf(inputs[0]);
  if (!wrong.empty()) return Fail(wrong);
  const PlacedText buffer = prompt_.buffer;
  ++depth_;
  const ExitCode code = RunBatch(session_, *this, inputs);
  --depth_;
  prompt_.buffer = buffer;
  code_ = code;
  ending_ = false;  // \q only ends the file that contains it
  took_statement_ = false;
}

void MetaCommands::IncludeNearby(const std::string& file) { Include(NearbyFile(file, source_)); }

std::string NearbyFile(const std::string& file, const Source* source) {
  const std::filesystem::path includer = source != nullptr ? source->file : "";
  return (includer.parent_path() / file).string();
}

void MetaCommands::Go(const std::string& target) {
  const PlacedText text = TakeText();
  if (text.text.empty()) return;
  auto opened = OpenTarget(target);
  if (!opened.ok()) return Fail(opened.status().message());
  std::unique_ptr<FileOutput> before;
  if (*opened) before = session_.WriteTo(*std::move(opened));
  if (!RunStatements(text)) ending_ = true;
  if (!target.empty()) session_.WriteTo(std::move(before));
}

void MetaCommands::Edit(const std::string& file) {
  StatusOr<std::string> text =
      file.empty() ? EditText(prompt_.buffer.text.empty() ? prompt_.last.text : prompt_.buffer.text)
                   : EditFile(file);
  if (!text.ok()) return Fail(text.status().message());
  while (text->ends_with('\n')) text->pop_back();
  Say(*text + "\n");
  prompt_.buffer = {*std::move(text), {}};
}

void MetaCommands::Watch(const std::string& argument) {
  double seconds = 2;
  if (!argument.empty()) {
    const char* const end = argument.data() + argument.size();
    const auto [at, error] = std::from_chars(argument.data(), end, seconds);
    if (error != std::errc() || at != end || !(seconds >= 0.01 && seconds <= 86400)) {
      return Fail(Mistake(argument, "a number from 0.01 to 86400"));
    }
  }
  const PlacedText text = TakeText();
  if (text.text.empty()) return;
  for (;;) {
    dialect::ScriptSplitter splitter(text.text, RulesOf(session_.settings()));
    while (const auto statement = splitter.Next()) {
      if (IsExit(statement->text)) return;
      const Source source = Within(text.source, statement->place);
      code_ = session_.Run(std::string(statement->text), &source);
      if (code_ != ExitCode::kOk) return;
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
    return Fail(Mistake(mode, "on, auto or off"));
  }
  if (!mode.empty()) pager = mode != "off";
  if (pager && PagerProgram().empty()) {
    return Say("Nothing is paged: PAGER is empty, TERM is dumb, or standard input is a pipe.\n");
  }
  Say(pager ? "The pager shows what does not fit.\n" : "The pager is off.\n");
}

}  // namespace tql::shell
