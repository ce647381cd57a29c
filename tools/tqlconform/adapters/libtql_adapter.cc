// An adapter of full depth for libtql: reads a ClientRun a line on standard input, writes a
// ClientResult a line on standard output.
#include <charconv>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include "proto/base/request_options.h"
#include "proto/document/message_reader.h"
#include "tools/tqlconform/suite/messages.h"
#include "tql/client.h"
#include "tql/wire/json.h"

namespace tqlconform {
namespace {

using std::chrono::milliseconds;

/// libtql names gRPC by a parameter of the URL.
std::string UrlOf(const std::string& url) {
  for (const auto& [scheme, libtql] :
       {std::pair("grpcs://", "https://"), std::pair("grpc://", "http://")}) {
    if (url.starts_with(scheme)) {
      return libtql + url.substr(std::string(scheme).size()) + "?transport=grpc";
    }
  }
  return url;
}

std::optional<std::string> SetOption(const std::string& path, const std::string& value,
                                     tql::StatementOptions* options) {
  std::optional<std::string> mistake = "unknown option " + path;
  tql::base::VisitMembers<tql::StatementOptions>([&](const tql::base::RequestOption& option,
                                                     auto member) {
    if (option.path() != path) return;
    using Value = typename std::decay_t<decltype(options->*member)>::value_type;
    mistake.reset();
    if constexpr (std::is_same_v<Value, bool>) {
      options->*member = value == "true";
    } else if constexpr (std::is_same_v<Value, std::string>) {
      options->*member = value;
    } else {
      Value number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (error != std::errc()) mistake = path + ": not a number: " + value;
      options->*member = number;
    }
  });
  return mistake;
}

std::string Text(const tql::Status& status) {
  return std::string(tql::StatusCodeName(status.code())) + ": " + status.message();
}

class Run {
 public:
  explicit Run(const confpb::ClientRun& run) : run_(run) { result_.set_case_(run.case_()); }

  confpb::ClientResult Execute() {
    tql::RequestOptions request;
    for (const auto& [path, value] : run_.option()) {
      if (const auto mistake = SetOption(path, value, &request.statement)) {
        result_.set_unsupported(*mistake);
        return result_;
      }
    }
    tql::StatusOr<tql::Client> client = tql::Client::Connect(UrlOf(run_.url()), ConnectOptions());
    if (!client.ok()) {
      result_.set_failure(Text(client.status()));
    } else if (run_.how() == "script") {
      RunScript(*client, request);
    } else {
      RunQueries(*client, request);
    }
    return result_;
  }

 private:
  tql::Options ConnectOptions() {
    const milliseconds within(static_cast<std::int64_t>(run_.within() * 1000));
    tql::Options options;
    options.user = run_.user();
    options.credentials = tql::Credentials::Password(run_.password());
    options.tls.ca_file = run_.ca_file();
    options.proxy = "none";
    options.connect_timeout = within;
    options.call_timeout = within;
    options.query_timeout = within;
    options.retry.initial_backoff = milliseconds(10);
    options.on_question = [this](const tql::Question& question) -> tql::StatusOr<std::string> {
      asked_ = true;
      if (next_answer_ >= run_.answer_size()) {
        return tql::FailedPreconditionError("nobody answers: " + question.prompt);
      }
      return run_.answer(next_answer_++);
    };
    return options;
  }

  void RunQueries(tql::Client& client, const tql::RequestOptions& request) {
    for (const std::string& statement : run_.statement()) {
      asked_ = false;
      next_answer_ = 0;
      tql::QueryResult result = client.Query(statement, request);
      if (!Read(result)) return;
    }
  }

  void RunScript(tql::Client& client, const tql::RequestOptions& request) {
    std::string text;
    for (const std::string& statement : run_.statement()) text += statement + "\n";
    tql::ScriptResult script = client.RunScript(text, request);
    while (std::optional<tql::QueryResult> result = script.Next()) {
      if (!Read(*result)) return;
    }
    if (!script.status().ok()) result_.set_failure(Text(script.status()));
  }

  /// False if the call failed, not only its statement.
  bool Read(tql::QueryResult& result) {
    confpb::ClientResult::Statement& statement = *result_.add_statement();
    tql::Status status;
    while (true) {
      const tql::StatusOr<std::optional<tql::Row>> row = result.Next();
      if (!row.ok()) status = row.status();
      if (!row.ok() || !*row) break;
      confpb::ClientResult::Row& cells = *statement.add_row();
      for (std::size_t i = 0; i < (*row)->size(); ++i) {
        cells.add_cell(std::string((*row)->text(i)));
      }
    }
    for (const tql::Column& column : result.columns()) {
      statement.add_header(column.name + " " + std::string(tql::ColumnTypeName(column.type)));
    }
    bool has_error_message = false;
    for (const tql::Message& message : result.messages()) {
      has_error_message = has_error_message || message.severity == tql::Severity::kError;
      if (message.severity != tql::Severity::kError) statement.add_info(message.text);
    }
    statement.set_asked(asked_);
    statement.set_ok(status.ok());
    if (status.ok()) return true;
    // A call that fails after an ERROR message has failed as well.
    const bool is_of_statement =
        has_error_message && tql::StatementStatus(result.messages()) == status;
    if (is_of_statement) {
      statement.set_error(status.message());
    } else {
      statement.set_error(Text(status));
      result_.set_failure(Text(status));
    }
    return is_of_statement;
  }

  const confpb::ClientRun& run_;
  confpb::ClientResult result_;
  bool asked_ = false;
  int next_answer_ = 0;
};

int Main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    confpb::ClientRun run;
    if (const tql::Status status = tql::document::ReadMessage(line, &run); !status.ok()) {
      std::cerr << "libtql_adapter: not a ClientRun: " << status << '\n';
      return 2;
    }
    std::cout << tql::ToJson(Run(run).Execute()) << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace tqlconform

int main() { return tqlconform::Main(); }
