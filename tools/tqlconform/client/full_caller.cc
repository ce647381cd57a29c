// Full depth: ClientRun and ClientResult as lines of JSON.
#include <utility>

#include "proto/base/utf8.h"
#include "proto/document/message_reader.h"
#include "tools/tqlconform/client/adapter.h"
#include "tools/tqlconform/client/program.h"
#include "tql/wire/json.h"

namespace tqlconform {
namespace {

using Kind = Observation::Kind;

constexpr std::size_t kMostShown = 200;

std::string Shown(std::string_view text) {
  return '"' + tql::base::Excerpt(text, kMostShown) + '"';
}

confpb::ClientRun RunOf(const Job& job) {
  const confpb::Client& client = job.test->client();
  confpb::ClientRun run;
  run.set_case_(job.test->id());
  run.set_url(job.place.url());
  run.set_ca_file(job.place.ca_file);
  run.set_user(job.place.user);
  run.set_password(job.place.password);
  *run.mutable_statement() = client.run();
  run.set_how(client.how().empty() ? "query" : client.how());
  *run.mutable_option() = client.option();
  *run.mutable_answer() = client.answer();
  run.set_within(std::chrono::duration<double>(job.within).count());
  return run;
}

Observation ObservationOf(const confpb::ClientResult& result) {
  Observation seen;
  if (!result.unsupported().empty()) {
    seen.kind = Kind::kUnsupported;
    seen.reason = result.unsupported();
    return seen;
  }
  seen.failure = result.failure();
  seen.succeeded = result.failure().empty();
  seen.rows.emplace();
  seen.headers.emplace();
  seen.out.emplace();
  seen.statements = result.statement_size();
  for (const confpb::ClientResult::Statement& statement : result.statement()) {
    if (!statement.ok()) {
      seen.succeeded = false;
      seen.failure += (seen.failure.empty() ? "" : "\n") + statement.error();
    }
    for (const confpb::ClientResult::Row& row : statement.row()) {
      std::string cells;
      for (int i = 0; i < row.cell_size(); ++i) cells += (i == 0 ? "" : "|") + row.cell(i);
      seen.rows->push_back(std::move(cells));
    }
    seen.headers->insert(seen.headers->end(), statement.header().begin(), statement.header().end());
    for (const std::string& info : statement.info()) *seen.out += info;
  }
  return seen;
}

class FullCaller : public ProgramCaller {
 public:
  FullCaller(std::vector<std::string> command, std::vector<std::string> environment)
      : command_(std::move(command)), environment_(std::move(environment)) {}

  Observation Run(const Job& job) override {
    const std::string line = tql::ToJson(RunOf(job)) + "\n";
    // A program that serves one case exits after its result, perhaps only now.
    const bool was_running = program_ != nullptr;
    Program::Output output = Converse(line, job);
    if (was_running && output.end == Program::End::kExited && output.text.empty()) {
      program_.reset();
      output = Converse(line, job);
    }
    Observation seen = Read(output, job);
    if (seen.kind != Kind::kSeen && seen.kind != Kind::kUnsupported) program_.reset();
    return seen;
  }

 private:
  Program::Output Converse(const std::string& line, const Job& job) {
    if (!program_) {
      tql::StatusOr<std::unique_ptr<Program>> program = Program::Start(command_, environment_);
      if (!program.ok()) {
        start_error_ = program.status().message();
        return {.end = Program::End::kClosed};
      }
      program_ = *std::move(program);
    }
    return program_->Converse(line, Program::Until::kLine, job.deadline, job.stop);
  }

  Observation Read(const Program::Output& output, const Job& job) const {
    Observation seen{.kind = Kind::kBroken};
    switch (output.end) {
      case Program::End::kLine:
        return ReadResult(output.text, job);
      case Program::End::kExited:
        // The last line may lack its end.
        if (!output.text.empty()) return ReadResult(output.text, job);
        seen.reason = "the adapter " + EndOf(output) + " and wrote no result";
        break;
      case Program::End::kClosed:
        seen.reason = program_ ? "the adapter closed its standard output" : start_error_;
        break;
      case Program::End::kTooMuch:
        seen.reason = "the adapter wrote a line of more than " +
                      std::to_string(Program::kMostOutput >> 20U) + " MiB";
        break;
      case Program::End::kTimeout:
        seen.kind = Kind::kTimeout;
        seen.reason = "the adapter wrote no result in time";
        break;
      case Program::End::kStopped:
        seen.kind = Kind::kStopped;
        break;
    }
    seen.reason += EndOfErrors(output);
    return seen;
  }

  static Observation ReadResult(std::string_view line, const Job& job) {
    Observation seen{.kind = Kind::kBroken};
    confpb::ClientResult result;
    constexpr tql::document::Limits kLimits{
        .max_bytes = Program::kMostOutput, .max_nodes = 10'000'000, .permits_nul = true};
    const tql::Status status = line.starts_with('{')
                                   ? tql::document::ReadMessage(line, &result, kLimits)
                                   : tql::InvalidArgumentError("expected a JSON object");
    if (!status.ok()) {
      seen.reason = "the adapter wrote a line that is not a ClientResult: " + status.message() +
                    "; found " + Shown(line);
      return seen;
    }
    if (result.case_() != job.test->id()) {
      seen.reason = "the adapter wrote the result of the case \"" + result.case_() + "\"";
      return seen;
    }
    return ObservationOf(result);
  }

  const std::vector<std::string> command_;
  const std::vector<std::string> environment_;
  std::unique_ptr<Program> program_;
  std::string start_error_;
};

}  // namespace

std::unique_ptr<ProgramCaller> MakeFullCaller(const std::vector<std::string>& command,
                                              const std::vector<std::string>& environment) {
  return std::make_unique<FullCaller>(command, environment);
}

}  // namespace tqlconform
