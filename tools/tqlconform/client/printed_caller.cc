// Shell and wire depth: a program for each case, called as an Adapter describes.
#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "tools/tqlconform/client/adapter.h"
#include "tools/tqlconform/client/program.h"
#include "tools/tqlconform/suite/regex.h"
#include "tools/tqlconform/suite/variables.h"

namespace tqlconform {
namespace {

using Kind = Observation::Kind;
using tql::Status;
using tql::StatusOr;

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& lines) {
  std::string joined;
  for (const std::string& line : lines) joined += (joined.empty() ? "" : "\n") + line;
  return joined;
}

std::string Seconds(std::chrono::milliseconds time) {
  char text[32];
  const auto [end, error] =
      std::to_chars(std::begin(text), std::end(text), std::chrono::duration<double>(time).count());
  return error == std::errc() ? std::string(text, end) : "1";
}

/// A variable that only one field of an adapter has: ${value} in an option, ${answer} in the
/// answer.
struct Extra {
  std::string_view name = {};
  std::string value = {};
};
constexpr std::string_view kValue = "value";
constexpr std::string_view kAnswer = "answer";

/// Why the adapter cannot do what the case needs is the message of UNIMPLEMENTED.
class CallTemplate {
 public:
  CallTemplate(const confpb::Adapter& adapter, const Job& job)
      : adapter_(adapter), client_(job.test->client()), place_(job.place), within_(job.within) {}

  StatusOr<std::vector<std::string>> Argv(const std::vector<std::string>& command) {
    TQL_RETURN_IF_ERROR(SetUrl());
    std::vector<std::string> argv = command;
    for (const std::string& argument : adapter_.argument()) {
      TQL_RETURN_IF_ERROR(Add(argument, &argv));
    }
    if (!place_.ca_file.empty()) {
      for (const std::string& argument : adapter_.trust()) {
        TQL_RETURN_IF_ERROR(Add(argument, &argv));
      }
    }
    TQL_RETURN_IF_ERROR(AddHow(&argv));
    for (const auto& [path, value] : client_.option()) {
      const auto known = adapter_.option().find(path);
      if (known == adapter_.option().end()) {
        return tql::UnimplementedError("the adapter cannot set the option " + path);
      }
      TQL_RETURN_IF_ERROR(Add(known->second, &argv, {kValue, value}));
    }
    TQL_RETURN_IF_ERROR(AddAnswer(&argv));
    return argv;
  }

  StatusOr<std::vector<std::string>> Environment(std::vector<std::string> environment) const {
    for (const auto& [name, text] : adapter_.environment()) {
      TQL_ASSIGN_OR_RETURN(const std::string value, Text(text));
      environment.push_back(name + "=" + value);
      TQL_RETURN_IF_ERROR(CheckLength(environment.back()));
    }
    return environment;
  }

  StatusOr<std::string> Text(const std::string& text, const Extra& extra = {}) const {
    return Expand(text, [&](std::string_view name) -> StatusOr<std::string> {
      if (name == extra.name) return extra.value;
      const Variable* const variable = Find(name);
      if (variable == nullptr) return Unknown(extra);
      return variable->value(*this);
    });
  }

  static Status CheckText(const std::string& field, const std::string& text,
                          const Extra& extra = {}) {
    const StatusOr<std::string> expanded =
        Expand(text, [&](std::string_view name) -> StatusOr<std::string> {
          if (name == extra.name || Find(name) != nullptr) return std::string();
          return Unknown(extra);
        });
    if (expanded.ok()) return Status();
    return Status(expanded.status().code(), field + ": " + expanded.status().message());
  }

 private:
  struct Variable {
    std::string_view name;
    std::string (*value)(const CallTemplate& call);
  };
  static std::span<const Variable> Variables() {
    static constexpr Variable kVariables[] = {
        {"url", [](const CallTemplate& call) { return call.url_; }},
        {"host", [](const CallTemplate&) { return std::string("127.0.0.1"); }},
        {"port", [](const CallTemplate& call) { return std::to_string(call.place_.port); }},
        {"user", [](const CallTemplate& call) { return call.place_.user; }},
        {"password", [](const CallTemplate& call) { return call.place_.password; }},
        {"ca_file", [](const CallTemplate& call) { return call.place_.ca_file; }},
        {"within", [](const CallTemplate& call) { return Seconds(call.within_); }},
        {"statements", [](const CallTemplate& call) { return Joined(call.client_.run()); }},
        {"how",
         [](const CallTemplate& call) {
           return call.client_.how().empty() ? std::string("query") : call.client_.how();
         }},
    };
    return kVariables;
  }
  static const Variable* Find(std::string_view name) {
    const auto variable = std::ranges::find(Variables(), name, &Variable::name);
    return variable == Variables().end() ? nullptr : &*variable;
  }
  static Status Unknown(const Extra& extra) {
    std::string known;
    for (const Variable& variable : Variables()) {
      known += (known.empty() ? "" : ", ") + std::string(variable.name);
    }
    if (!extra.name.empty()) known += ", " + std::string(extra.name);
    return tql::InvalidArgumentError("unknown variable; known are " + known);
  }

  Status SetUrl() {
    if (adapter_.url().empty() && place_.scheme.starts_with("http")) {
      url_ = place_.url();
      return Status();
    }
    const auto known = adapter_.url().find(place_.scheme);
    if (known == adapter_.url().end()) {
      return tql::UnimplementedError("the adapter does not support " + place_.scheme);
    }
    url_ = place_.url();
    TQL_ASSIGN_OR_RETURN(url_, Text(known->second));
    return Status();
  }

  Status Add(const std::string& text, std::vector<std::string>* argv,
             const Extra& extra = {}) const {
    TQL_ASSIGN_OR_RETURN(std::string argument, Text(text, extra));
    argv->push_back(std::move(argument));
    return CheckLength(argv->back());
  }

  /// Linux starts no program with a longer argument or variable (MAX_ARG_STRLEN).
  static Status CheckLength(const std::string& text) {
    constexpr std::size_t kMostBytes = 131'071;
    return text.size() <= kMostBytes
               ? Status()
               : tql::UnimplementedError("an argument or variable of " +
                                         std::to_string(text.size()) + " bytes");
  }

  Status AddHow(std::vector<std::string>* argv) const {
    if (client_.how().empty()) return Status();
    const auto known = adapter_.how().find(client_.how());
    if (known == adapter_.how().end()) {
      return tql::UnimplementedError("the adapter cannot send a " + client_.how());
    }
    return known->second.empty() ? Status() : Add(known->second, argv);
  }

  Status AddAnswer(std::vector<std::string>* argv) const {
    if (client_.answer_size() == 0) return Status();
    if (adapter_.answer().empty()) {
      return tql::UnimplementedError("the adapter cannot answer questions");
    }
    for (const std::string& answer : client_.answer()) {
      if (answer != client_.answer(0)) {
        return tql::UnimplementedError("the adapter gives the same answer to all questions");
      }
    }
    const auto& permitted = adapter_.permitted_answer();
    if (!permitted.empty() && std::ranges::find(permitted, client_.answer(0)) == permitted.end()) {
      return tql::UnimplementedError("the adapter cannot give the answer " + client_.answer(0));
    }
    return Add(adapter_.answer(), argv, {kAnswer, client_.answer(0)});
  }

  const confpb::Adapter& adapter_;
  const confpb::Client& client_;
  const Place& place_;
  const std::chrono::milliseconds within_;
  std::string url_;
};

/// How the program ended and what it wrote to standard error; empty if it ended well, in silence.
std::string DescribeEnd(const Program::Output& output) {
  const bool is_good = output.status == 0 && output.signal == 0;
  if (is_good && tql::base::Trim(output.errors).empty()) return "";
  return "the program " + EndOf(output) + EndOfErrors(output);
}

/// Reads the output of a program in shell depth.
class OutputReader {
 public:
  static StatusOr<OutputReader> Make(const confpb::Adapter& adapter) {
    OutputReader reader(adapter);
    for (const std::string& pattern : adapter.failure()) {
      TQL_ASSIGN_OR_RETURN(Regex regex, Regex::Compile(pattern));
      reader.failure_.push_back(std::move(regex));
    }
    for (const std::string& pattern : adapter.noise()) {
      TQL_ASSIGN_OR_RETURN(Regex regex, Regex::Compile(pattern));
      reader.noise_.push_back(std::move(regex));
    }
    return reader;
  }

  Observation Read(const Program::Output& output) const {
    Observation seen;
    seen.ending = DescribeEnd(output);
    seen.out = output.text + output.errors;
    const auto fails = [&](const Regex& regex) { return regex.Matches(*seen.out); };
    const auto& statuses = adapter_.success();
    const bool is_good_status =
        output.signal == 0 &&
        (statuses.empty() ||
         std::ranges::find(statuses, static_cast<unsigned>(output.status)) != statuses.end());
    seen.succeeded = is_good_status && !std::ranges::any_of(failure_, fails);
    if (!*seen.succeeded) seen.failure = EndOf(output) + "\n" + output.errors + output.text;
    seen.rows.emplace();
    seen.rows_are_lines = true;
    std::string_view rest = output.text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      AddRow(rest.substr(0, end), &*seen.rows);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return seen;
  }

 private:
  explicit OutputReader(const confpb::Adapter& adapter) : adapter_(adapter) {}

  void AddRow(std::string_view line, std::vector<std::string>* rows) const {
    if (std::ranges::any_of(noise_, [&](const Regex& regex) { return regex.Matches(line); })) {
      return;
    }
    std::string row(line);
    const std::string& separator = adapter_.separator();
    for (std::size_t at = 0; !separator.empty() && (at = row.find(separator, at)) != row.npos;
         ++at) {
      row.replace(at, separator.size(), "|");
    }
    rows->push_back(std::move(row));
  }

  confpb::Adapter adapter_;
  std::vector<Regex> failure_;
  std::vector<Regex> noise_;
};

class PrintedCaller : public ProgramCaller {
 public:
  PrintedCaller(confpb::Adapter adapter, std::vector<std::string> command,
                std::vector<std::string> environment)
      : adapter_(std::move(adapter)),
        command_(std::move(command)),
        environment_(std::move(environment)) {}

  Observation Run(const Job& job) override {
    CallTemplate call(adapter_, job);
    StatusOr<std::vector<std::string>> argv = call.Argv(command_);
    if (!argv.ok()) return NotRun(argv.status());
    StatusOr<std::vector<std::string>> environment = call.Environment(environment_);
    if (!environment.ok()) return NotRun(environment.status());
    const StatusOr<std::string> input = call.Text(adapter_.input());
    if (!input.ok()) return NotRun(input.status());
    StatusOr<std::unique_ptr<Program>> program = Program::Start(*argv, *std::move(environment));
    if (!program.ok()) return NotRun(program.status());
    return Read((*program)->Converse(*input, Program::Until::kEnd, job.deadline, job.stop));
  }

 private:
  static Observation NotRun(const Status& status) {
    const bool is_unsupported = status.code() == tql::StatusCode::kUnimplemented;
    return {.kind = is_unsupported ? Kind::kUnsupported : Kind::kBroken,
            .reason = status.message()};
  }

  Observation Read(const Program::Output& output) const {
    if (output.end == Program::End::kStopped) return {.kind = Kind::kStopped};
    if (output.end == Program::End::kTimeout) {
      return {.kind = Kind::kTimeout,
              .reason = "the program had not ended in time" + EndOfErrors(output)};
    }
    if (output.end == Program::End::kTooMuch) {
      return {.kind = Kind::kBroken,
              .reason = "the program printed more than " +
                        std::to_string(Program::kMostOutput >> 20U) + " MiB"};
    }
    if (adapter_.depth() == confpb::Adapter::WIRE) return {.ending = DescribeEnd(output)};
    const StatusOr<OutputReader> reader = OutputReader::Make(adapter_);
    if (!reader.ok()) return NotRun(reader.status());
    return reader->Read(output);
  }

  const confpb::Adapter adapter_;
  const std::vector<std::string> command_;
  const std::vector<std::string> environment_;
};

}  // namespace

Status CheckVariables(const confpb::Adapter& adapter) {
  const auto check_list = [](const std::string& field, const auto& texts) {
    for (int i = 0; i < texts.size(); ++i) {
      TQL_RETURN_IF_ERROR(CallTemplate::CheckText(field + '[' + std::to_string(i) + ']', texts[i]));
    }
    return Status();
  };
  const auto check_map = [](const std::string& field, const auto& texts, const Extra& extra = {}) {
    for (const auto& [key, text] : texts) {
      TQL_RETURN_IF_ERROR(CallTemplate::CheckText(field + '.' + key, text, extra));
    }
    return Status();
  };
  TQL_RETURN_IF_ERROR(check_list("argument", adapter.argument()));
  TQL_RETURN_IF_ERROR(check_list("trust", adapter.trust()));
  TQL_RETURN_IF_ERROR(CallTemplate::CheckText("input", adapter.input()));
  TQL_RETURN_IF_ERROR(check_map("environment", adapter.environment()));
  TQL_RETURN_IF_ERROR(check_map("url", adapter.url()));
  TQL_RETURN_IF_ERROR(check_map("option", adapter.option(), {.name = kValue}));
  TQL_RETURN_IF_ERROR(check_map("how", adapter.how()));
  return CallTemplate::CheckText("answer", adapter.answer(), {.name = kAnswer});
}

std::unique_ptr<ProgramCaller> MakeCaller(const confpb::Adapter& adapter,
                                          const std::vector<std::string>& command,
                                          const std::vector<std::string>& environment) {
  if (adapter.depth() == confpb::Adapter::FULL) return MakeFullCaller(command, environment);
  return std::make_unique<PrintedCaller>(adapter, command, environment);
}

}  // namespace tqlconform
