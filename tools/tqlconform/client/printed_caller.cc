// Shell and wire depth: a program for each case, called as an Adapter describes.
#include <algorithm>
#include <charconv>
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
      TQL_RETURN_IF_ERROR(Add(known->second, &argv, value));
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

  StatusOr<std::string> Text(const std::string& text, const std::string& value = {}) const {
    return Expand(text, [&](std::string_view name) { return LookUp(name, value); });
  }

 private:
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
             const std::string& value = {}) const {
    TQL_ASSIGN_OR_RETURN(std::string argument, Text(text, value));
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
    return Add(adapter_.answer(), argv, client_.answer(0));
  }

  StatusOr<std::string> LookUp(std::string_view name, const std::string& value) const {
    if (name == "url") return url_;
    if (name == "host") return std::string("127.0.0.1");
    if (name == "port") return std::to_string(place_.port);
    if (name == "user") return place_.user;
    if (name == "password") return place_.password;
    if (name == "ca_file") return place_.ca_file;
    if (name == "within") return Seconds(within_);
    if (name == "statements") return Joined(client_.run());
    if (name == "how") return client_.how().empty() ? "query" : client_.how();
    if (name == "value" || name == "answer") return value;
    return tql::InvalidArgumentError("unknown variable");
  }

  const confpb::Adapter& adapter_;
  const confpb::Client& client_;
  const Place& place_;
  const std::chrono::milliseconds within_;
  std::string url_;
};

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
      return {.kind = Kind::kTimeout, .reason = "the program had not ended in time"};
    }
    if (output.end == Program::End::kTooMuch) {
      return {.kind = Kind::kBroken,
              .reason = "the program printed more than " +
                        std::to_string(Program::kMostOutput >> 20U) + " MiB"};
    }
    if (adapter_.depth() == confpb::Adapter::WIRE) return {};
    const StatusOr<OutputReader> reader = OutputReader::Make(adapter_);
    if (!reader.ok()) return NotRun(reader.status());
    return reader->Read(output);
  }

  const confpb::Adapter adapter_;
  const std::vector<std::string> command_;
  const std::vector<std::string> environment_;
};

}  // namespace

std::unique_ptr<ProgramCaller> MakeCaller(const confpb::Adapter& adapter,
                                          const std::vector<std::string>& command,
                                          const std::vector<std::string>& environment) {
  if (adapter.depth() == confpb::Adapter::FULL) return MakeFullCaller(command, environment);
  return std::make_unique<PrintedCaller>(adapter, command, environment);
}

}  // namespace tqlconform
