#include "tools/tql/load/load_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <iostream>
#include <string_view>
#include <utility>

#include "tools/documents/documents.h"

namespace tql::shell {
namespace {

constexpr const char* kFooter = R"(
The rows are stored together when all of them were received: all or none. A row with the primary key
of an existing row replaces it. The text comes from --source_file or standard input:
  gzip -dc store.csv.gz | tql load --user ann --target_database retail --target_table store

Without a port in the URL the port is 8442, or, if nothing listens there, 443. The user, the password
and the certificates come from the same places as those of tql: see tql --help.

A BOOL is true or false; --flexible is --flexible=true, and --noflexible is --flexible=false. Flags
also come with one dash, as in scripts for the vendor's tsload. A program name that ends in tsload is
tql load.

Exit status:
  0    the rows are stored, apart from at most --max_ignored_rows that are not valid
  1    the command line is wrong, a file cannot be read, or a file cannot be written
  2    the service cannot be reached, or refuses the login
  3    the load failed, and the table is unchanged
  130  interrupted)";

std::string SetBool(const std::string& value, std::optional<bool>* field) {
  *field = BoolOf(value);
  return *field ? "" : Mistake(value, "true or false");
}

std::string SetBool(const std::string& value, bool* field) {
  std::optional<bool> parsed;
  std::string mistake = SetBool(value, &parsed);
  if (parsed) *field = *parsed;
  return mistake;
}

template <typename Field>
std::string SetNumber(const std::string& value, Field* field) {
  std::int64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || at != end || number < 0) return Mistake(value, "a number");
  *field = number;
  return "";
}

template <typename Field>
std::string SetText(const std::string& value, Field* field) {
  *field = value;
  return "";
}

std::string SetBooleans(const std::string& value, LoadFormat* format) {
  const std::size_t bar = value.find('_');
  const bool one = bar != std::string::npos && value.find('_', bar + 1) == std::string::npos;
  if (!one || bar == 0 || bar + 1 == value.size()) {
    return Mistake(value, "the words for true and false, like T_F, True_False, 1_0 or Y_N");
  }
  format->true_format = value.substr(0, bar);
  format->false_format = value.substr(bar + 1);
  return "";
}

std::string SetSeconds(const std::string& value, LoadFlags* flags) {
  double seconds = 0;
  const char* const end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, seconds);
  if (error != std::errc() || at != end || !(seconds >= 0.001 && seconds <= 1e9)) {
    return Mistake(value, "a number from 0.001 to 1000000000");
  }
  flags->connection.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  return "";
}

struct LoadFlag {
  const char* name;
  const char* value;  // the placeholder in the help; BOOL is optional
  const char* help;
  /// Returns the error; empty on success.
  std::string (*set)(const std::string& value, LoadFlags* flags);
  const char* group = "Flags of the vendor's tsload";
};

using Text = const std::string&;
constexpr const char* kOwn = "Options";

const LoadFlag kFlags[] = {
    {"target_database", "NAME", "Database of the table",
     [](Text v, LoadFlags* f) { return SetText(v, &f->request.database); }},
    {"target_schema", "NAME", "Schema of the table [falcon_default_schema]",
     [](Text v, LoadFlags* f) { return SetText(v, &f->request.schema); }},
    {"target_table", "NAME", "Table to load into",
     [](Text v, LoadFlags* f) { return SetText(v, &f->request.table); }},
    {"empty_target", "BOOL", "Delete all rows of the table first [false]",
     [](Text v, LoadFlags* f) { return SetBool(v, &f->request.empty_target); }},
    {"max_ignored_rows", "N", "Rows that may be not valid, before the load fails [0]",
     [](Text v, LoadFlags* f) { return SetNumber(v, &f->request.max_ignored_rows); }},
    {"bad_records_file", "FILE", "File for the rows that are not valid, as they are in the text",
     [](Text v, LoadFlags* f) { return SetText(v, &f->bad_records_file); }},
    {"source_file", "FILE", "File to load; - or none: standard input",
     [](Text v, LoadFlags* f) { return SetText(v == "-" ? "" : v, &f->source_file); }},
    {"source_data_format", "FORMAT", "Format of the text: csv or delimited [csv]",
     [](Text v, LoadFlags* f) -> std::string {
       if (v != "csv" && v != "delimited") return Mistake(v, "csv or delimited");
       f->request.format.type = v == "csv" ? "CSV" : "DELIMITED";
       return "";
     }},
    {"field_separator", "CHAR", "Character between fields [,]; \\t is a tab",
     [](Text v, LoadFlags* f) { return SetText(v, &f->request.format.field_separator); }},
    {"trailing_field_separator", "BOOL", "Every line ends with a separator [false]",
     [](Text v, LoadFlags* f) { return SetBool(v, &f->request.format.trailing_field_separator); }},
    {"enclosing_character", "CHAR", "Character around fields of csv [\"]; empty: none",
     [](Text v, LoadFlags* f) { return SetText(v, &f->request.format.enclosing_character); }},
    {"escape_character", "CHAR", "Character that escapes the next one, of delimited [none]",
     [](Text v, LoadFlags* f) { return SetText(v, &f->request.format.escape_character); }},
    {"null_value", "TEXT", "Text of NULL [(null)]",
     [](Text v, LoadFlags* f) { return SetText(v, &f->request.format.null_value); }},
    {"has_header_row", "BOOL", "The first line is a header [false]",
     [](Text v, LoadFlags* f) { return SetBool(v, &f->request.format.has_header_row); }},
    {"flexible", "BOOL", "Drop surplus fields, and read missing ones as NULL [false]",
     [](Text v, LoadFlags* f) { return SetBool(v, &f->request.format.flexible); }},
    {"date_converted_to_epoch", "BOOL", "Dates and times are seconds since 1970",
     [](Text v, LoadFlags* f) { return SetBool(v, &f->request.format.date_converted_to_epoch); }},
    {"date_time_format", "FORMAT", "Format of strptime [%Y%m%d %H:%M:%S]",
     [](Text v, LoadFlags* f) { return SetText(v, &f->request.format.date_time_format); }},
    {"date_format", "FORMAT", "Format of strptime [%Y%m%d]",
     [](Text v, LoadFlags* f) { return SetText(v, &f->request.format.date_format); }},
    {"time_format", "FORMAT", "Format of strptime [%H:%M:%S]",
     [](Text v, LoadFlags* f) { return SetText(v, &f->request.format.time_format); }},
    {"skip_second_fraction", "BOOL", "Drop fractions of seconds [false]",
     [](Text v, LoadFlags* f) { return SetBool(v, &f->request.format.skip_second_fraction); }},
    {"second_fraction_start", "CHAR", "Character that begins a fraction [.]",
     [](Text v, LoadFlags* f) { return SetText(v, &f->request.format.second_fraction_start); }},
    {"boolean_representation", "TRUE_FALSE", "Words for true and false [T_F]",
     [](Text v, LoadFlags* f) { return SetBooleans(v, &f->request.format); }},
    {"use_bit_boolean_values", "BOOL", "Booleans are 1 and 0 [false]",
     [](Text v, LoadFlags* f) { return SetBool(v, &f->request.format.use_bit_boolean_values); }},
    {"v", "N", "1 or more: the same as --debug",
     [](Text v, LoadFlags* f) {
       std::int64_t level = 0;
       std::string mistake = SetNumber(v, &level);
       if (level > 0) f->connection.debug = true;
       return mistake;
     }},

    {"validate_only", "BOOL", "Check the text, but store nothing [false]",
     [](Text v, LoadFlags* f) { return SetBool(v, &f->request.validate_only); }, kOwn},
    {"max_reported_parsing_errors", "N", "Reasons that are shown for rows that are not valid [100]",
     [](Text v, LoadFlags* f) { return SetNumber(v, &f->request.max_reported_parsing_errors); },
     kOwn},
    {"host", "HOST[:PORT]", "Host of the service, over TLS, instead of a URL",
     [](Text v, LoadFlags* f) { return SetText(v, &f->connection.host); }, kOwn},
    {"profile", "NAME", "Profile with the settings of a connection",
     [](Text v, LoadFlags* f) { return SetText(v, &f->connection.profile); }, kOwn},
    {"user", "NAME", "User name",
     [](Text v, LoadFlags* f) { return SetText(v, &f->connection.user); }, kOwn},
    {"password-file", "FILE",
     "File with the password in its first line, for nobody but its owner to read",
     [](Text v, LoadFlags* f) { return SetText(v, &f->connection.password_file); }, kOwn},
    {"cacert", "FILE", "PEM file with the certificates to trust",
     [](Text v, LoadFlags* f) { return SetText(v, &f->connection.ca_file); }, kOwn},
    {"insecure", "BOOL", "Accept any certificate [false]",
     [](Text v, LoadFlags* f) { return SetBool(v, &f->connection.insecure); }, kOwn},
    {"timeout", "SECONDS", "Most seconds for an upload or another call [600]", SetSeconds, kOwn},
    {"debug", "BOOL", "Show the traffic on standard error, without passwords and tokens [false]",
     [](Text v, LoadFlags* f) { return SetBool(v, &f->connection.debug); }, kOwn},
    {"progress", "BOOL", "Show the progress if standard error is a terminal [true]",
     [](Text v, LoadFlags* f) { return SetBool(v, &f->progress); }, kOwn},
};

bool IsBool(const LoadFlag& flag) { return std::string_view(flag.value) == "BOOL"; }

const LoadFlag* Find(std::string_view name) {
  const auto found =
      std::ranges::find_if(kFlags, [&](const LoadFlag& flag) { return flag.name == name; });
  return found == std::end(kFlags) ? nullptr : found;
}

/// Converts the spellings of flags to "--NAME", "VALUE"; other words are unchanged.
std::vector<std::string> PlainLoadWords(const std::vector<std::string>& words) {
  std::vector<std::string> plain;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const std::size_t dashes = word.starts_with("--") ? 2 : word.starts_with('-') ? 1 : 0;
    const std::size_t equal = std::min(word.find('='), word.size());
    const std::string name = dashes > 0 ? word.substr(dashes, equal - dashes) : "";
    const LoadFlag* flag = Find(name);
    const bool off = flag == nullptr && name.starts_with("no") && equal == word.size();
    if (off) flag = Find(std::string_view(name).substr(2));
    if (flag == nullptr || (off && !IsBool(*flag))) {
      plain.push_back(word);
      continue;
    }
    plain.push_back("--" + std::string(flag->name));
    if (equal < word.size()) {
      plain.push_back(word.substr(equal + 1));
    } else if (off) {
      plain.emplace_back("false");
    } else if (!IsBool(*flag)) {
      if (i + 1 < words.size()) plain.push_back(words[++i]);
    } else {
      const bool given =
          i + 1 < words.size() && (words[i + 1] == "true" || words[i + 1] == "false");
      plain.push_back(given ? words[++i] : "true");
    }
  }
  return plain;
}

void Add(CLI::App& app, const LoadFlag& flag, LoadFlags* flags) {
  const auto set = [&flag, flags](const std::string& value) {
    const std::string mistake = flag.set(value, flags);
    if (!mistake.empty()) throw CLI::ValidationError("--" + std::string(flag.name), mistake);
  };
  app.add_option_function<std::string>("--" + std::string(flag.name), set, flag.help)
      ->type_name(flag.value)
      ->group(flag.group)
      ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
}

}  // namespace

ParsedLoadFlags ParseLoadFlags(const std::vector<std::string>& words) {
  CLI::App app("Loads delimited text into a table, through ThoughtSpot's tsload service.",
               "tql-load");
  app.footer(kFooter);
  app.set_version_flag("--version", "tql load " TQLKIT_VERSION);
  LoadFlags flags;
  app.add_option("url", flags.connection.url, "URL of the service, as for tql")->type_name("URL");
  for (const LoadFlag& flag : kFlags) Add(app, flag, &flags);
  bool logs = false;
  app.add_flag("--alsologtostderr", logs, "No effect: messages go to standard error")
      ->group("Flags of the vendor's tsload");
  std::vector<const char*> argv{"tql-load"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  if (const auto document = tools::Document(app, static_cast<int>(argv.size()), argv.data(),
                                            {{"--source_data_format", "csv, delimited"}})) {
    std::cout << *document;
    return {std::nullopt, 0};
  }
  try {
    std::vector<std::string> plain = PlainLoadWords(words);
    std::ranges::reverse(plain);  // CLI11 expects them in reverse order
    app.parse(std::move(plain));
    for (const char* required : {"--target_database", "--target_table"}) {
      if (app.get_option(required)->count() == 0) throw CLI::RequiredError(required);
    }
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage)};
  }
  return {std::move(flags), 0};
}

}  // namespace tql::shell
