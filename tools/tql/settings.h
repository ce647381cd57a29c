// What a person can set: by flags of the command line and by \set at the prompt. One table makes
// both, and the help.
#ifndef TQLKIT_TOOLS_TQL_SETTINGS_H_
#define TQLKIT_TOOLS_TQL_SETTINGS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "mockserver/dialect/statement_scanner.h"
#include "tools/tql/render/colors.h"
#include "tools/tql/render/renderer.h"
#include "tql/statement_options.h"

namespace tql::shell {

struct Settings {
  std::optional<Format> format;  ///< Unset: tql.
  Style style;
  StatementOptions statement;  ///< Sent with each statement.
  bool count = false;          ///< Of a SELECT, print the number of rows and nothing else.
  bool echo = false;           ///< Show each statement on standard error before it runs.
  bool timing = false;         ///< Say how long each statement took.
  bool keep_going = false;     ///< After a failed statement of a batch.
  bool pager = false;          ///< For what does not fit. No setting: it is the prompt's.
  bool progress = true;        ///< Show it on standard error, when that is a terminal.
  Color color = Color::kAuto;  ///< Of what a terminal shows.
  bool autocomplete = true;    ///< Tab completes at the prompt.
  bool highlight = true;       ///< Colour what is typed at the prompt, where there are colours.
  std::optional<std::string> answer;  ///< To questions of the service in a batch.
  /// Programs that drive the vendor's `tql` drive this one. No setting: it holds from the start.
  bool vendor = false;
};

/// The settings of vendor mode where no flag says otherwise.
Settings VendorSettings();

/// Whether a batch goes on after a failed statement.
inline bool KeepsGoing(const Settings& settings) {
  return settings.keep_going ||
         settings.statement.continue_execution_on_error.value_or(settings.vendor);
}

/// The rules by which the service will read what is sent: the shell cuts scripts by the same.
inline dialect::ScriptRules RulesOf(const Settings& settings) {
  return dialect::RulesFor(settings.statement.use_postgres_sql_parser.value_or(false));
}

/// "true", "yes", "on", "1" and the like, in any case; nothing for another text.
std::optional<bool> BoolOf(std::string_view text);

/// One thing to set. Immutable; lives as long as the program.
struct Setting {
  enum class Group : std::uint8_t { kShell, kService };
  Group group;
  const char* names;  ///< As CLI11 takes them, the first is that of \set: "--null,--null_string".
  const char* value;  ///< What the help calls the value; BOOL and SWITCH can be left out.
  const char* help;
  std::variant<bool Settings::*, Color Settings::*, std::optional<Format> Settings::*,
               std::optional<std::string> Settings::*, bool Style::*,
               std::optional<std::string> Style::*, std::optional<bool> StatementOptions::*,
               std::optional<std::int64_t> StatementOptions::*,
               std::optional<std::string> StatementOptions::*>
      field;

  /// Without dashes; the first of `names`.
  std::string_view name() const;
  /// Whether its value can be left out, which is as good as "true".
  bool takes_bool() const;
};

std::span<const Setting> AllSettings();

/// The setting of that name, or of one of its other names, without dashes; null if there is none.
const Setting* FindSetting(std::string_view name);

/// Sets it. Empty, or what is wrong: then nothing is set.
std::string SetSetting(const Setting& setting, const std::string& value, Settings* settings);

/// Its value as SetSetting would take it; empty when nothing is set.
std::string ValueOf(const Setting& setting, const Settings& settings);

/// "found 'x', expected y".
std::string Mistake(const std::string& found, const std::string& expected);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_SETTINGS_H_
