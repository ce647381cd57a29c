#include "tools/tql/flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <system_error>

#include "proto/base/environment.h"
#include "tools/documents/documents.h"
#include "tools/tql/plain_words.h"
#include "tools/tql/session.h"

namespace tql::shell {
namespace {

constexpr const char* kFooter = R"(
Without -c and -f statements come from standard input; on a terminal, from a prompt. Commands
begin with a backslash and end with their line; they stand between statements or behind them. \?
lists them.
Statements run in their order up to the first that fails, or, with --continue, all of them.

A BOOL is true or false; --use_jit is --use_jit=true, and --nouse_jit is --use_jit=false. The
options of the service also come with one dash: -skip_cache, -query_results_apply_top_row_count=-1.

The password is that of --password-file, of TQL_PASSWORD, of the profile, or is asked for on the
terminal. It is never taken from the command line, which others can read. Everything else about the
connection comes from the flags and the URL, which must not contradict each other, then from
TQL_USER, TQL_DATABASE, TQL_SCHEMA, TQL_TIMEOUT, TQL_CACERT and TQL_URL, then from the profile.

Results go to standard output, everything else to standard error.

With --vendor, or with TQL_VENDOR=1, or under a name that ends in tql-vendor, scripts go on after an
error and end with 0 also when statements failed (unless -continue_execution_on_error=false), and an
error begins with "error=". On a terminal rows are separated by | and not aligned, without colours,
pager, progress, completion and history; tqlrc does not run; the prompt of a line that continues a
statement is "$> ", and what is typed ahead shows behind its prompt. Flags that say otherwise win.

Exit status:
  0    every statement succeeded, or --vendor is given
  1    the command line is wrong, a file cannot be read, or the output not written
  2    the service cannot be reached, or refuses the login
  3    a statement or a command failed
  130  interrupted)";

/// Removes the value of an option, which CLI11's messages do not repeat either.
constexpr const char* kNoPassword =
    "is not taken from the command line, which others can read: set TQL_PASSWORD, or give "
    "--password-file";

/// The names and descriptions of the flags, from which the help is generated.
struct Text {
  const char* names;
  const char* help;
};
constexpr Text kUrl = {
    "url",
    "The service: tql://, https:// or http://[USER@]HOST[:PORT][/DATABASE], "
    "with ?transport=grpc for gRPC; otherwise --host, TQL_URL, the profile's, or "
    "https://127.0.0.1:8443"};
constexpr Text kHost = {"--host", "The service as HOST[:PORT], over https"};
constexpr Text kProfile = {"--profile",
                           "Section of ~/.config/tql/profiles with a URL, a user and the like; "
                           "TQL_PROFILE if not given"};
constexpr Text kCommand = {"-c,--command", "Run this text (repeatable)"};
constexpr Text kFile = {"-f,--file",
                        "Run the statements of this file, - for standard input (repeatable)"};
constexpr Text kOutput = {"-o,--output",
                          "Write results to this file, which changes when all of them are there"};
constexpr Text kDryRun = {"--dry-run",
                          "Print the statements that would run, and what is wrong with them"};
constexpr Text kServerScript = {
    "--server_script",
    "-c, -f and standard input each have a request in protobuf text form (a PROTO_SCRIPT), and no "
    "statements"};
constexpr Text kDebug = {"--debug",
                         "Show on standard error what goes to the service and comes from it, "
                         "without passwords, cookies and tokens"};
constexpr Text kVendor = {"--vendor",
                          "Behave as the vendor's program towards programs that drive it (see "
                          "below); also TQL_VENDOR=1, or a program name that ends in tql-vendor"};
constexpr Text kNoRc = {"--no-rc", "Do not run ~/.config/tql/tqlrc before the prompt"};
constexpr Text kNoHeader = {"--no-header", "The same as --header=false"};
constexpr Text kDatabase = {"--database", "Current database at the start"};
constexpr Text kSchema = {"--schema", "Schema of names without one; falcon_default_schema"};
constexpr Text kUser = {"--user,--username", "User name"};
constexpr Text kPassword = {"--password", "Refused, for others can read it: see below"};
constexpr Text kPasswordFile = {"--password-file",
                                "File with the password in its first line, for nobody but its "
                                "owner to read"};
constexpr Text kCaFile = {"--cacert", "PEM file with the certificates to trust"};
constexpr Text kInsecure = {"--insecure", "Accept any certificate"};
constexpr Text kTimeout = {
    "--timeout",
    "Most seconds for a statement, and for connecting and the login; 600 and "
    "30 if not given"};

constexpr double kLeastSeconds = 0.001;
constexpr double kMostSeconds = 1e9;

/// Parses the whole text as a number; "nan" is rejected.
std::optional<double> SecondsOf(const std::string& text) {
  double seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, seconds);
  const bool in_range = seconds >= kLeastSeconds && seconds <= kMostSeconds;
  if (error != std::errc() || at != end || !in_range) return {};
  return seconds;
}

std::string CheckSeconds(const std::string& text) {
  if (SecondsOf(text)) return {};
  return Mistake(text, "a number from 0.001 to 1000000000");
}

/// Determines vendor mode from the flag, otherwise TQL_VENDOR, otherwise the program's name. Throws
/// CLI::ValidationError if the variable is neither true nor false.
bool WantsVendorMode(const CLI::Option& flag, bool value, std::string_view program) {
  if (flag.count() > 0) return value;
  const std::string variable = base::Environment("TQL_VENDOR");
  if (variable.empty()) return program.ends_with("tql-vendor");
  const std::optional<bool> on = BoolOf(variable);
  if (!on) throw CLI::ValidationError("TQL_VENDOR", Mistake(variable, "true or false"));
  return *on;
}

/// Adds a flag for each setting.
class SettingFlags {
 public:
  explicit SettingFlags(CLI::App& app) : values_(AllSettings().size()) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const Setting& setting = AllSettings()[i];
      std::string names = "--" + std::string(setting.name);
      if (!setting.other_name.empty()) names.append(",--").append(setting.other_name);
      auto* option = app.add_option(names, values_[i], std::string(setting.help));
      option->multi_option_policy(CLI::MultiOptionPolicy::Throw)->check([&](const auto& value) {
        Settings scratch;
        return SetSetting(setting, value, &scratch);
      });
      option->type_name(setting.value == "SWITCH" ? "" : std::string(setting.value));
      if (setting.group == Setting::Group::kService) option->group("Options of the service");
      options_.push_back(option);
    }
  }

  /// The values from the command line.
  void Take(Settings* settings) const {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (options_[i]->count() > 0) SetSetting(AllSettings()[i], values_[i], settings);
    }
  }

 private:
  std::vector<std::string> values_;
  std::vector<CLI::Option*> options_;
};

/// Prints the help, the version or the error. Returns the exit status.
int Explain(const CLI::App& app, const CLI::ParseError& error) {
  errno = 0;
  if (app.exit(error) != 0) return static_cast<int>(ExitCode::kUsage);
  std::cout.flush();
  if (std::cout) return static_cast<int>(ExitCode::kOk);
  std::cerr << "tql: cannot write: " << std::strerror(errno) << "\n";
  return static_cast<int>(ExitCode::kUsage);
}

std::vector<Input> InputsInOrder(const CLI::App& app, const CLI::Option* command,
                                 const std::vector<std::string>& commands, const CLI::Option* file,
                                 const std::vector<std::string>& files) {
  std::vector<Input> inputs;
  std::size_t next_command = 0;
  std::size_t next_file = 0;
  for (const CLI::Option* option : app.parse_order()) {
    if (option == command && next_command < commands.size()) {
      inputs.push_back({Input::Kind::kText, commands[next_command++]});
    } else if (option == file && next_file < files.size()) {
      inputs.push_back({Input::Kind::kFile, files[next_file++]});
    }
  }
  return inputs;
}

}  // namespace

ParsedFlags ParseFlags(int argc, const char* const* argv) {
  CLI::App app("A shell for ThoughtSpot's TQL service.", "tql");
  app.footer(kFooter);
  app.set_help_flag("-h,--help,--usage", "Print this help message and exit");
  app.set_version_flag("--version", "tql " TQLKIT_VERSION);
  Flags flags;
  std::vector<std::string> commands;
  std::vector<std::string> files;
  std::string timeout;
  const auto once = [](CLI::Option* option) {
    return option->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  };
  app.add_option(kUrl.names, flags.url, kUrl.help)->type_name("URL");
  once(app.add_option(kHost.names, flags.host, kHost.help))->type_name("HOST");
  once(app.add_option(kProfile.names, flags.profile, kProfile.help))->type_name("NAME");
  auto* command = app.add_option(kCommand.names, commands, kCommand.help)
                      ->type_name("TEXT")
                      ->allow_extra_args(false);
  auto* file =
      app.add_option(kFile.names, files, kFile.help)->type_name("FILE")->allow_extra_args(false);
  once(app.add_option(kOutput.names, flags.output, kOutput.help))->type_name("FILE");
  auto* dry_run = app.add_flag(kDryRun.names, flags.dry_run, kDryRun.help);
  app.add_flag(kServerScript.names, flags.server_script, kServerScript.help)->excludes(dry_run);
  app.add_flag(kDebug.names, flags.debug, kDebug.help);
  bool vendor = false;
  auto* vendor_flag = app.add_flag(kVendor.names, vendor, kVendor.help);
  app.add_flag(kNoRc.names, flags.no_rc, kNoRc.help);
  auto* no_header = app.add_flag(kNoHeader.names, kNoHeader.help);
  once(app.add_option(kDatabase.names, flags.database, kDatabase.help))->type_name("NAME");
  once(app.add_option(kSchema.names, flags.schema, kSchema.help))->type_name("NAME");
  once(app.add_option(kUser.names, flags.user, kUser.help))->type_name("NAME");
  app.add_option_function<std::string>(
         kPassword.names,
         [](const std::string&) { throw CLI::ValidationError(kPassword.names, kNoPassword); },
         kPassword.help)
      ->group("");
  once(app.add_option(kPasswordFile.names, flags.password_file, kPasswordFile.help))
      ->type_name("FILE");
  once(app.add_option(kCaFile.names, flags.ca_file, kCaFile.help))->type_name("FILE");
  app.add_flag(kInsecure.names, flags.insecure, kInsecure.help);
  once(app.add_option(kTimeout.names, timeout, kTimeout.help))
      ->check(CheckSeconds)
      ->type_name("SECONDS");
  SettingFlags settings(app);
  if (const auto document = tools::Document(
          app, argc, argv, {{"--format", FormatNames()}, {"--color", ColorNames()}})) {
    std::cout << *document;
    return {std::nullopt, 0};
  }
  try {
    std::vector<std::string> words = PlainWords(argc, argv);
    std::ranges::reverse(words);  // CLI11 expects them in reverse order
    app.parse(std::move(words));
    vendor = WantsVendorMode(*vendor_flag, vendor, argc > 0 ? argv[0] : "");
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, Explain(app, error)};
  }
  flags.inputs = InputsInOrder(app, command, commands, file, files);
  if (vendor) {
    flags.settings = VendorSettings();
    flags.no_rc = true;
  }
  settings.Take(&flags.settings);
  if (no_header->count() > 0) flags.settings.style.header = false;
  if (const auto seconds = SecondsOf(timeout)) {
    flags.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
  }
  return {std::move(flags), 0};
}

}  // namespace tql::shell
