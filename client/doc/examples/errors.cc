#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "client/doc/examples/examples.h"
#include "tql/client.h"

namespace examples {

using namespace std::chrono_literals;

std::string Explain(tql::Client client, const std::string& statement) {
  tql::Status status = client.Execute(statement).status;
  if (status.ok()) return "done";
  if (status.needs_login()) return "log in first";
  if (status.retryable()) return "try again later: " + status.message();
  return status.ToString();
}

tql::Options PatientOptions() {
  tql::Options options;
  options.retry.max_attempts = 6;
  options.retry.initial_backoff = 500ms;
  options.retry.max_backoff = 10s;
  options.retry.max_elapsed = 1min;
  options.retry.retry_on = [](const tql::Status& status) {
    return status.retryable() || status.code() == tql::StatusCode::kDeadlineExceeded;
  };
  return options;
}

tql::Status InsertOnce(tql::Client client) {
  // With a primary key, executing an INSERT again only replaces the same row.
  return client
      .Execute("insert into store values (9, 'Harbour', 'Gent', 'Benelux', '2024-02-29');",
               {.idempotent = true})
      .status;
}

tql::Status ThrowInstead(tql::Client client) {
  try {
    std::cout << client.QueryTable("select name from store;").value().size() << " rows\n";
    std::cout << client.QueryTable("select name from nowhere;").value().size() << " rows\n";
  } catch (const tql::StatusError& error) {
    return error.status();
  }
  return tql::Status();
}

/// Prints a line when a call has ended.
class CallLog : public tql::CallObserver {
 public:
  void OnEnd(const tql::CallInfo& call, const tql::CallOutcome& outcome) override {
    std::cout << tql::OperationName(call.operation) << ' ' << call.request_id << ' '
              << tql::StatusCodeName(outcome.status.code()) << ' ' << outcome.rows << " rows\n";
  }
};

tql::Status Observe(std::shared_ptr<tql::Transport> transport) {
  tql::Client client(std::move(transport), {.observer = std::make_shared<CallLog>()});
  if (tql::Status status = client.Login("tsadmin", "admin"); !status.ok()) return status;
  return client.Execute("show databases;", {.request_id = "morning-check"}).status;
}

}  // namespace examples
