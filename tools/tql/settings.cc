#include "tools/tql/settings.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "proto/base/text.h"

namespace tql::shell {
namespace {

using O = StatementOptions;
constexpr auto kShell = Setting::Group::kShell;
constexpr auto kService = Setting::Group::kService;

constexpr Setting kSettings[] = {
    {kShell, "--format", "FORMAT",
     "Form of results: tql, aligned, box, expanded, vertical, auto (vertical when wider than the "
     "terminal), csv, tsv, json, jsonl, markdown, html; aligned on a terminal, otherwise tql",
     &Settings::format},
    {kShell, "--null,--null_string", "TEXT", "What NULL is printed as, but in json and jsonl",
     &Style::null_text},
    {kShell, "--header", "BOOL", "Print the names of the columns (true)", &Style::header},
    {kShell, "--field-separator,--field_separator", "TEXT",
     "Between fields of tql (|) and csv (,); \\t is a tab", &Style::field_separator},
    {kShell, "--row-separator,--row_separator", "TEXT", "Behind rows of tql; \\n is a line end",
     &Style::row_separator},
    {kShell, "--top,--query_results_apply_top_row_count", "N",
     "Most rows of a SELECT without TOP or LIMIT; 0 or less for all; the service's own cap of 50 "
     "if "
     "not given",
     &O::query_results_apply_top_row_count},
    {kShell, "--count", "SWITCH", "Print the number of rows of a SELECT, and no rows",
     &Settings::count},
    {kShell, "--continue", "SWITCH", "Go on after a failed statement; the status still is 3",
     &Settings::keep_going},
    {kShell, "--answer", "ANSWER",
     "Answer to what the service asks of -c, -f and standard input: yes or no", &Settings::answer},
    {kShell, "--echo", "SWITCH", "Show each statement on standard error before it runs",
     &Settings::echo},
    {kShell, "--color", "WHEN",
     "Colours on a terminal: auto (not where NO_COLOR is set, TERM is dumb or standard input is a "
     "pipe), always, never",
     &Settings::color},
    {kShell, "--autocomplete", "BOOL",
     "Complete words and the service's names with Tab at the prompt (true)",
     &Settings::autocomplete},
    {kShell, "--highlight", "BOOL",
     "Colour what is typed at the prompt, where there are colours (true)", &Settings::highlight},
    {kShell, "--progress", "BOOL", "Show progress on standard error, if it is a terminal (true)",
     &Settings::progress},
    {kShell, "--timing", "SWITCH", "Say how long each statement took", &Settings::timing},

    {kService, "--query_row_count_only", "BOOL", "Count the rows of a SELECT and send none (false)",
     &O::query_row_count_only},
    {kService, "--pagination_start,--start", "N", "Rows to leave out (0)", &O::pagination_start},
    {kService, "--pagination_size,--size", "N", "Most rows to send (5000000)", &O::pagination_size},
    {kService, "--format_output", "BOOL", "Tables (true), or their protobuf text as messages",
     &O::format_output},
    {kService, "--date_format", "FORMAT", "Of DATE (%Y-%m-%d)", &O::date_format},
    {kService, "--date_time_format", "FORMAT", "Of DATETIME (%Y-%m-%d %H:%M:%S)",
     &O::date_time_format},
    {kService, "--time_format", "FORMAT", "Of TIME (%H:%M:%S)", &O::time_format},
    {kService, "--format_date_as_epoch", "BOOL", "Dates and times as seconds (false)",
     &O::format_date_as_epoch},
    {kService, "--add_database", "BOOL", "SCRIPT: the database before referenced tables (true)",
     &O::add_database},
    {kService, "--script_comments", "BOOL", "SCRIPT: comments (true)", &O::script_comments},
    {kService, "--script_extensions", "BOOL", "SCRIPT: what is not plain SQL (true)",
     &O::script_extensions},
    {kService, "--script_guids", "BOOL", "SCRIPT: guids (false)", &O::script_guids},
    {kService, "--script_parsing_hints", "BOOL", "SCRIPT: how dates are parsed (false)",
     &O::script_parsing_hints},
    {kService, "--script_schema_versions", "BOOL", "SCRIPT: versions (false)",
     &O::script_schema_versions},
    {kService, "--input_row_size_fetch_max_rows", "N",
     "Rows to look at when the size of rows is estimated; 0 or less for all (10000)",
     &O::input_row_size_fetch_max_rows},
    {kService, "--use_jit", "BOOL", "Compile queries (true)", &O::use_jit},
    {kService, "--skip_cache", "BOOL", "Pass by the cache of results (false)", &O::skip_cache},
    {kService, "--progress_wrapper_timeout_sec", "N",
     "Most seconds of statements that report progress (86400)", &O::progress_wrapper_timeout_sec},
    {kService, "--offlining_during_resharding_default", "BOOL",
     "Take a table offline while it is resharded (false)", &O::offlining_during_resharding_default},
    {kService, "--use_postgres_sql_parser", "BOOL", "Read statements as PostgreSQL does (false)",
     &O::use_postgres_sql_parser},
    {kService, "--generate_guids_in_ddl", "BOOL",
     "New guids for new objects; false: those of the script's comments (true)",
     &O::generate_guids_in_ddl},
    {kService, "--allow_unsafe", "BOOL", "Permit what is otherwise refused (false)",
     &O::allow_unsafe},
    {kService, "--continue_execution_on_error", "BOOL",
     "Go on with a script after an error; true is as good as --continue",
     &O::continue_execution_on_error},
};

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

std::string_view Setting::name() const {
  std::string_view first(names);
  first = first.substr(0, first.find(','));
  return first.substr(2);
}

bool Setting::takes_bool() const {
  return std::string_view(value) == "BOOL" || std::string_view(value) == "SWITCH";
}

std::span<const Setting> AllSettings() { return kSettings; }

const Setting* FindSetting(std::string_view name) {
  for (const Setting& setting : kSettings) {
    for (std::string_view names(setting.names); !names.empty();) {
      const std::size_t end = std::min(names.find(','), names.size());
      if (names.substr(2, end - 2) == name) return &setting;
      names.remove_prefix(std::min(end + 1, names.size()));
    }
  }
  return nullptr;
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
