#include "tools/tql/settings.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <system_error>
#include <vector>

#include "proto/base/request_options.h"
#include "proto/base/text.h"

namespace tql::shell {
namespace {

using O = StatementOptions;
constexpr auto kShell = Setting::Group::kShell;
constexpr auto kService = Setting::Group::kService;

/// The settings of the shell itself. The names of some are also those of request options.
constexpr Setting kShellSettings[] = {
    {kShell, "format", "", "FORMAT",
     "Form of results: tql, aligned, box, expanded, vertical, auto (vertical when wider than the "
     "terminal), csv, tsv, json, jsonl, markdown, html; aligned on a terminal, otherwise tql",
     &Settings::format},
    {kShell, "null", "null_string", "TEXT", "What NULL is printed as, but in json and jsonl",
     &Style::null_text},
    {kShell, "header", "", "BOOL", "Print the names of the columns (true)", &Style::header},
    {kShell, "field-separator", "field_separator", "TEXT",
     "Between fields of tql (|) and csv (,); \\t is a tab", &Style::field_separator},
    {kShell, "row-separator", "row_separator", "TEXT", "Behind rows of tql; \\n is a line end",
     &Style::row_separator},
    {kShell, "top", "query_results_apply_top_row_count", "N",
     "Most rows of a SELECT without TOP or LIMIT; 0 or less for all; the service's own cap of 50 "
     "if not given",
     &O::query_results_apply_top_row_count},
    {kShell, "count", "", "SWITCH", "Print the number of rows of a SELECT, and no rows",
     &Settings::count},
    {kShell, "continue", "", "SWITCH", "Go on after a failed statement; the status still is 3",
     &Settings::keep_going},
    {kShell, "answer", "", "ANSWER",
     "Answer to what the service asks of -c, -f and standard input: yes or no", &Settings::answer},
    {kShell, "echo", "", "SWITCH", "Show each statement on standard error before it runs",
     &Settings::echo},
    {kShell, "color", "", "WHEN",
     "Colours on a terminal: auto (not where NO_COLOR is set, TERM is dumb or standard input is a "
     "pipe), always, never",
     &Settings::color},
    {kShell, "autocomplete", "", "BOOL",
     "Complete words and the service's names with Tab at the prompt (true)",
     &Settings::autocomplete},
    {kShell, "highlight", "", "BOOL",
     "Colour what is typed at the prompt, where there are colours (true)", &Settings::highlight},
    {kShell, "progress", "", "BOOL", "Show progress on standard error, if it is a terminal (true)",
     &Settings::progress},
    {kShell, "timing", "", "SWITCH", "Say how long each statement took", &Settings::timing},
};

/// The settings of the shell, followed by the request options that have no setting among them.
std::vector<Setting> MakeSettings() {
  std::vector<Setting> settings(std::begin(kShellSettings), std::end(kShellSettings));
  base::VisitMembers<StatementOptions>([&](const base::RequestOption& option, auto member) {
    if (option.help.empty()) return;
    const std::string_view field = option.field_name();
    settings.push_back({kService, option.name, field == option.name ? "" : field, option.value,
                        option.help, member});
  });
  return settings;
}

std::optional<std::int64_t> WholeNumber(const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || at != end) return std::nullopt;
  return number;
}

/// Replaces the escapes \t, \n and \\ in a separator.
std::string Unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '\\' && (next == 't' || next == 'n' || next == '\\')) {
      plain += next == 't' ? '\t' : next == 'n' ? '\n' : '\\';
      ++i;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::string Escaped(std::string_view plain) {
  std::string text;
  for (const char c : plain) {
    if (c == '\t') {
      text += "\\t";
    } else if (c == '\n') {
      text += "\\n";
    } else if (c == '\\') {
      text += "\\\\";
    } else {
      text += c;
    }
  }
  return text;
}

/// Calls the overload for the type of the setting's field.
struct Setter {
  const std::string& value;
  Settings* settings;

  std::string operator()(bool Settings::*field) const { return Bool(&(settings->*field)); }
  std::string operator()(bool Style::*field) const { return Bool(&(settings->style.*field)); }
  std::string operator()(std::optional<bool> O::*field) const {
    return Bool(&(settings->statement.*field));
  }
  std::string operator()(Color Settings::*field) const {
    const std::optional<Color> color = ColorOf(value);
    if (!color) return Mistake(value, "one of " + ColorNames());
    settings->*field = *color;
    return {};
  }
  std::string operator()(std::optional<Format> Settings::*field) const {
    const std::optional<Format> format = FormatOf(value);
    if (!format) return Mistake(value, "one of " + FormatNames());
    settings->*field = format;
    return {};
  }
  std::string operator()(std::optional<std::string> Settings::*field) const {
    if (value != "yes" && value != "no") return Mistake(value, "yes or no");
    settings->*field = value;
    return {};
  }
  std::string operator()(std::optional<std::string> Style::*field) const {
    const bool separates_fields = field == &Style::field_separator;
    const std::string text = field == &Style::null_text ? value : Unescaped(value);
    if (separates_fields && (text.empty() || text.find_first_of("\"\r\n") != text.npos)) {
      return Mistake(value, "a text without quotes and line ends, not an empty one");
    }
    settings->style.*field = text;
    return {};
  }
  std::string operator()(std::optional<std::int64_t> O::*field) const {
    const std::optional<std::int64_t> number = WholeNumber(value);
    if (!number) return Mistake(value, "a whole number");
    settings->statement.*field = number;
    return {};
  }
  std::string operator()(std::optional<std::string> O::*field) const {
    settings->statement.*field = value;
    return {};
  }

 private:
  template <typename T>
  std::string Bool(T* field) const {
    const std::optional<bool> on = BoolOf(value);
    if (!on) return Mistake(value, "true or false");
    *field = *on;
    return {};
  }
};

struct Getter {
  const Settings& settings;

  std::string operator()(bool Settings::*field) const { return Text(settings.*field); }
  std::string operator()(bool Style::*field) const { return Text(settings.style.*field); }
  std::string operator()(Color Settings::*field) const {
    return std::string(NameOf(settings.*field));
  }
  std::string operator()(std::optional<Format> Settings::*field) const {
    return std::string(NameOf((settings.*field).value_or(Format::kTql)));
  }
  std::string operator()(std::optional<std::string> Settings::*field) const {
    return (settings.*field).value_or("");
  }
  std::string operator()(std::optional<std::string> Style::*field) const {
    const std::string text = (settings.style.*field).value_or("");
    return field == &Style::null_text ? text : Escaped(text);
  }
  template <typename T>
  std::string operator()(std::optional<T> O::*field) const {
    const std::optional<T>& value = settings.statement.*field;
    return value ? Text(*value) : "";
  }

 private:
  static std::string Text(bool on) { return on ? "true" : "false"; }
  static std::string Text(std::int64_t number) { return std::to_string(number); }
  static std::string Text(const std::string& text) { return text; }
};

}  // namespace

Settings VendorSettings() {
  Settings settings;
  settings.format = Format::kTql;
  settings.progress = false;
  settings.color = Color::kNever;
  settings.autocomplete = false;
  settings.highlight = false;
  settings.vendor = true;
  return settings;
}

std::optional<bool> BoolOf(std::string_view text) {
  for (const char* word : {"true", "yes", "on", "t", "y", "1"}) {
    if (base::EqualsIgnoreCase(text, word)) return true;
  }
  for (const char* word : {"false", "no", "off", "f", "n", "0"}) {
    if (base::EqualsIgnoreCase(text, word)) return false;
  }
  return std::nullopt;
}

bool Setting::takes_bool() const { return value == "BOOL" || value == "SWITCH"; }

std::span<const Setting> AllSettings() {
  static const std::vector<Setting> settings = MakeSettings();
  return settings;
}

const Setting* FindSetting(std::string_view name) {
  const auto settings = AllSettings();
  const auto found = std::ranges::find_if(settings, [&](const Setting& setting) {
    return setting.name == name || (!name.empty() && setting.other_name == name);
  });
  return found == settings.end() ? nullptr : &*found;
}

std::string SetSetting(const Setting& setting, const std::string& value, Settings* settings) {
  return std::visit(Setter{value, settings}, setting.field);
}

std::string ValueOf(const Setting& setting, const Settings& settings) {
  return std::visit(Getter{settings}, setting.field);
}

std::string Mistake(const std::string& found, const std::string& expected) {
  return "found '" + found + "', expected " + expected;
}

}  // namespace tql::shell
