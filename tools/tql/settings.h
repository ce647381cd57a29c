// The settings of the shell and the request options. One table defines the flags of the command
// line, \set and the help.
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
  bool count = false;          ///< Only print the number of rows of a SELECT.
  bool echo = false;           ///< Print each statement to standard error before it is executed.
  bool timing = false;         ///< Print the duration of each statement.
  bool keep_going = false;     ///< Continue a batch after a failed statement.
  bool pager = false;          ///< Use a pager for long output. Not a setting; set by the prompt.
  bool progress = true;        ///< Display progress on standard error if it is a terminal.
  Color color = Color::kAuto;  ///< Use of colours on terminals.
  bool autocomplete = true;    ///< Tab completes at the prompt.
  bool highlight = true;       ///< Highlight the text at the prompt, if colours are used.
  std::optional<std::string> answer;  ///< The answer to questions of the service in a batch.
  /// Vendor mode, for programs that drive the vendor's `tql`. Not a setting; constant after the
  /// start.
  bool vendor = false;
};

/// The default settings of vendor mode.
Settings VendorSettings();

/// Whether a batch continues after a failed statement.
inline bool KeepsGoing(const Settings& settings) {
  return settings.keep_going ||
         settings.statement.continue_execution_on_error.value_or(settings.vendor);
}

/// The rules by which the shell splits scripts; the same as those of the service for these
/// settings.
inline dialect::ScriptRules RulesOf(const Settings& settings) {
  return dialect::RulesFor(settings.statement.use_postgres_sql_parser.value_or(false));
}

/// Parses "true", "yes", "on", "1" and similar words, in any case; nullopt for other text.
std::optional<bool> BoolOf(std::string_view text);

/// A setting. Immutable; exists as long as the program.
struct Setting {
  enum class Group : std::uint8_t { kShell, kService };
  Group group;
  std::string_view name;
  std::string_view other_name;  ///< Accepted as well; may be empty.
  std::string_view value;       ///< The value in the help; BOOL and SWITCH are optional.
  std::string_view help;
  std::variant<bool Settings::*, Color Settings::*, std::optional<Format> Settings::*,
               std::optional<std::string> Settings::*, bool Style::*,
               std::optional<std::string> Style::*, std::optional<bool> StatementOptions::*,
               std::optional<std::int64_t> StatementOptions::*,
               std::optional<std::string> StatementOptions::*>
      field;

  /// Whether the value is optional, meaning "true".
  bool takes_bool() const;
};

std::span<const Setting> AllSettings();

/// Returns the setting with this name or other name; null if none has it.
const Setting* FindSetting(std::string_view name);

/// Sets the setting. Returns the error, in which case nothing is set; empty on success.
std::string SetSetting(const Setting& setting, const std::string& value, Settings* settings);

/// Returns the value in the form that SetSetting accepts; empty if it is not set.
std::string ValueOf(const Setting& setting, const Settings& settings);

/// Returns "found 'x', expected y".
std::string Mistake(const std::string& found, const std::string& expected);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_SETTINGS_H_
