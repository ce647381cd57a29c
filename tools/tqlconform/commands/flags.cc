#include "tools/tqlconform/commands/flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>

#include "proto/base/text.h"
#include "tools/documents/documents.h"
#include "tools/tqlconform/report/formats.h"
#include "tools/tqlconform/report/outcomes.h"
#include "tools/tqlconform/suite/features.h"

namespace tqlconform {
namespace {

using tql::InvalidArgumentError;
using tql::Status;

/// Bits of the commands that a flag belongs to.
enum Commands : std::uint8_t {
  kServer = 1,
  kList = 2,
  kLint = 4,
  kShow = 8,
  kDiff = 16,
  kSelftest = 32,
  kClient = 64
};
constexpr std::uint8_t kRuns = kServer | kSelftest | kClient;
constexpr std::uint8_t kSelects = kRuns | kList;
constexpr std::uint8_t kReadsCases = kSelects | kLint | kShow;

Status Copy(const std::string& value, std::string& field) {
  field = value;
  return Status();
}
Status Append(const std::string& value, std::vector<std::string>& field) {
  field.push_back(value);
  return Status();
}
Status Insert(const std::string& value, std::set<std::string>& field) {
  field.insert(value);
  return Status();
}

/// Parses one of the words, given in lower case with hyphens.
template <typename Enum>
Status ParseWord(const std::string& value,
                 std::initializer_list<std::pair<const char*, Enum>> words, Enum& field) {
  std::string known;
  for (const auto& [word, meaning] : words) {
    if (value == word) {
      field = meaning;
      return Status();
    }
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  return InvalidArgumentError("expected one of " + known + ", found \"" + value + '"');
}

Status ParseJobs(const std::string& value, unsigned& jobs) {
  constexpr unsigned kMostJobs = 256;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, jobs);
  if (error == std::errc() && stop == end && jobs >= 1 && jobs <= kMostJobs) return Status();
  return InvalidArgumentError("expected a number from 1 to 256, found \"" + value + '"');
}

Status ParseTime(const std::string& value, std::chrono::milliseconds& time) {
  std::uint32_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  constexpr std::uint32_t kMost = 86'400'000;
  const std::uint64_t factor = unit == "ms" ? 1 : unit == "s" || unit.empty() ? 1000 : 60'000;
  const bool known = unit.empty() || unit == "ms" || unit == "s" || unit == "m";
  if (error != std::errc() || !known || number == 0 || number * factor > kMost) {
    return InvalidArgumentError("expected a time like 500ms, 10s or 2m, found \"" + value + '"');
  }
  time = std::chrono::milliseconds(number * factor);
  return Status();
}

Status ParseReport(const std::string& value, std::vector<ReportFile>& reports) {
  const std::size_t equals = value.find('=');
  ReportFile report{value.substr(0, equals), ""};
  if (equals != std::string::npos) report.path = value.substr(equals + 1);
  if (FindReportWriter(report.format) == nullptr || report.path.empty()) {
    return InvalidArgumentError(
        "expected junit, tap, tap14, json or html, =, and a file; found \"" + value + '"');
  }
  reports.push_back(std::move(report));
  return Status();
}

Status ParseFeature(const std::string& value, std::set<std::string>& lacks) {
  if (!IsFeature(value)) {
    std::string known;
    for (const Feature& feature : Features()) {
      known += (known.empty() ? "" : ", ") + std::string(feature.name);
    }
    return InvalidArgumentError("unknown feature \"" + value + "\"; known are " + known);
  }
  return Insert(value, lacks);
}

struct Flag {
  const char* name;
  const char* value;  // The placeholder of the value in the help; null for a switch.
  const char* help;
  std::uint8_t commands;
  Status (*set)(Flags& flags, const std::string& value);
  bool repeatable = false;
};

const Flag kFlags[] = {
    {"--url", "URL",
     "Server: http://HOST:PORT, https://HOST:PORT; gRPC with ?transport=grpc; repeatable", kServer,
     [](Flags& f, const std::string& v) { return Append(v, f.urls); }, true},
    {"--user", "NAME", "User to log in as [tsadmin]; the password is in $TQL_PASSWORD", kServer,
     [](Flags& f, const std::string& v) { return Copy(v, f.user); }},
    {"--password-file", "FILE", "File with the password, for its owner only", kServer,
     [](Flags& f, const std::string& v) { return Copy(v, f.password_file); }},
    {"--unprivileged-user", "NAME",
     "User who may log in but not run statements; the password is in $TQL_UNPRIVILEGED_PASSWORD",
     kServer, [](Flags& f, const std::string& v) { return Copy(v, f.unprivileged_user); }},
    {"--cacert", "FILE", "Certificates in PEM to trust instead of the system's", kServer,
     [](Flags& f, const std::string& v) { return Copy(v, f.ca_file); }},
    {"--insecure", nullptr, "Do not verify the server's certificate", kServer,
     [](Flags& f, const std::string&) {
       f.insecure = true;
       return Status();
     }},
    {"--risk", "read-only|read-write|destructive",
     "Greatest risk of a case that is run [read-only]; read-write creates and drops databases of "
     "its own; destructive can disturb other users",
     kServer,
     [](Flags& f, const std::string& v) {
       return ParseWord<confpb::Risk>(v,
                                      {{"read-only", confpb::READ_ONLY},
                                       {"read-write", confpb::READ_WRITE},
                                       {"destructive", confpb::DESTRUCTIVE}},
                                      f.risk);
     }},
    {"--lacks", "FEATURE", "Feature that the server does not have; repeatable", kServer,
     [](Flags& f, const std::string& v) { return ParseFeature(v, f.lacks); }, true},
    {"--wire-variant", "VARIANT",
     "Variant of the protocol that the server is known to have, e.g. cell-objects; repeatable",
     kServer, [](Flags& f, const std::string& v) { return Insert(v, f.variants); }, true},
    {"--adapter", "NAME|FILE",
     "How the program is called and read: full [full], tql, vendor, wire, or an adapter file",
     kClient, [](Flags& f, const std::string& v) { return Copy(v, f.adapter); }},
    {"--over", "http|https|grpc", "Only over this transport; repeatable", kClient,
     [](Flags& f, const std::string& v) {
       return ParseWord<confpb::Transport>(
           v, {{"http", confpb::HTTP}, {"https", confpb::HTTPS}, {"grpc", confpb::GRPC}},
           f.transports.emplace_back());
     },
     true},
    {"--mutants", nullptr,
     "The program has the fault that $TQLCONFORM_MUTANT names: check that each case fails on the "
     "mutants that it names",
     kClient,
     [](Flags& f, const std::string&) {
       f.mutants = true;
       return Status();
     }},
    {"--strict", nullptr, "Fail cases that are MAY, or INFERRED by this project, too",
     kServer | kClient,
     [](Flags& f, const std::string&) {
       f.strict = true;
       return Status();
     }},
    {"--cases", "PATH",
     "Case file, or folder of case files, instead of those of the program; "
     "repeatable",
     kReadsCases, [](Flags& f, const std::string& v) { return Append(v, f.case_paths); }, true},
    {"--mutants", "FILE", "Mutants of the self-test instead of those of the program; repeatable",
     kSelftest, [](Flags& f, const std::string& v) { return Append(v, f.mutant_paths); }, true},
    {"--run", "GLOB", "Cases to run, e.g. 'stream*/*'; repeatable", kSelects,
     [](Flags& f, const std::string& v) { return Append(v, f.selection.run); }, true},
    {"--skip", "GLOB", "Cases not to run; repeatable", kSelects,
     [](Flags& f, const std::string& v) { return Append(v, f.selection.skip); }, true},
    {"--level", "must|should|may", "Least binding level of the cases to run [may]", kSelects,
     [](Flags& f, const std::string& v) {
       return ParseWord<confpb::Level>(
           v, {{"must", confpb::MUST}, {"should", confpb::SHOULD}, {"may", confpb::MAY}},
           f.selection.level);
     }},
    {"--jobs", "N",
     "Number of cases, of programs under test, or of servers of the self-test, at a time [8; 4; "
     "one "
     "for each core]",
     kRuns, [](Flags& f, const std::string& v) { return ParseJobs(v, f.jobs); }},
    {"--timeout", "TIME", "Time to wait for a response, e.g. 500ms, 10s, 2m [10s]", kRuns,
     [](Flags& f, const std::string& v) { return ParseTime(v, f.timeout); }},
    {"--known-failing", "FILE", "List of cases that fail; entries that do not hold are an error",
     kRuns, [](Flags& f, const std::string& v) { return Copy(v, f.known_failing); }},
    {"--known-flaky", "FILE", "List of cases that are tried several times", kRuns,
     [](Flags& f, const std::string& v) { return Copy(v, f.known_flaky); }},
    {"--fix", nullptr, "Rewrite the list of --known-failing by the results of this run", kRuns,
     [](Flags& f, const std::string&) {
       f.fix = true;
       return Status();
     }},
    {"--report", "FORMAT=FILE",
     "Report to write: junit, tap, tap14, json or html; - is standard output; repeatable", kRuns,
     [](Flags& f, const std::string& v) { return ParseReport(v, f.reports); }, true},
    {"--trace", "FILE", "File for the bytes of every exchange, without secrets", kServer | kClient,
     [](Flags& f, const std::string& v) { return Copy(v, f.trace); }},
};

struct Command {
  const char* name;
  Commands bit;
  const char* help;
  const char* argument;  // The placeholder of its arguments; null: it has none.
  int arguments;         // How many; -1: at least one.
};
constexpr Command kCommands[] = {
    {"server", kServer, "Check a server", nullptr, 0},
    {"client", kClient, "Check a client program", "COMMAND", -1},
    {"selftest", kSelftest, "Check the cases against tqlmockd and mutants of it", nullptr, 0},
    {"list", kList, "Print the cases", nullptr, 0},
    {"show", kShow, "Print cases as they are written", "CASE", -1},
    {"lint", kLint, "Check case files without a server", nullptr, 0},
    {"diff", kDiff, "Compare two reports in JSON; exit status 1 if a case fails that did not",
     "REPORT", 2},
};

void Add(CLI::App& app, const Flag& flag, Flags& flags) {
  const auto set = [&flag, &flags](const std::string& value) {
    const Status status = flag.set(flags, value);
    if (!status.ok()) throw CLI::ValidationError(flag.name, status.message());
  };
  if (flag.value == nullptr) {
    app.add_flag_function(
        flag.name, [set](std::int64_t) { set(""); }, flag.help);
    return;
  }
  const auto set_all = [set](const std::vector<std::string>& values) {
    for (const std::string& value : values) set(value);
  };
  CLI::Option* option = app.add_option_function<std::vector<std::string>>(flag.name, set_all);
  option->description(flag.help)->type_name(flag.value)->expected(1)->allow_extra_args(false);
  option->multi_option_policy(flag.repeatable ? CLI::MultiOptionPolicy::TakeAll
                                              : CLI::MultiOptionPolicy::TakeLast);
}

void Add(CLI::App& app, const Command& command, Flags& flags) {
  CLI::App* const sub = app.add_subcommand(command.name, command.help);
  sub->callback([&flags, &command] { flags.command = command.name; });
  for (const Flag& flag : kFlags) {
    if ((flag.commands & command.bit) != 0) Add(*sub, flag, flags);
  }
  if (command.argument == nullptr) return;
  sub->add_option(command.argument, flags.arguments)
      ->required()
      ->type_name(command.argument)
      ->expected(command.arguments);
}

}  // namespace

std::variant<Flags, int> ParseFlags(int argc, const char* const* argv) {
  Flags flags;
  CLI::App app(
      "Checks whether a server or a client of the TQL service conforms.\n"
      "Each case has a level (MUST, SHOULD, MAY), a reference, and the evidence for it. A case "
      "that "
      "is INFERRED by this project is reported, but not failed.",
      "tqlconform");
  app.footer(
      "Exit status:\n"
      "  0   no case failed\n"
      "  1   a case failed\n"
      "  2   the command line, a case file or a list is wrong\n"
      "  3   the target could not be reached, or something could not be judged\n"
      "  4   an entry of a list does not hold any more");
  app.set_version_flag("--version", "tqlconform " TQLKIT_VERSION);
  app.require_subcommand(1);
  for (const Command& command : kCommands) Add(app, command, flags);
  if (const auto status = tql::tools::Parse(app, argc, argv)) {
    return *status == 0 ? kExitOk : kExitUsage;
  }
  return flags;
}

}  // namespace tqlconform
