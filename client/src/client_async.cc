// The asynchronous calls of Client.
#include <future>
#include <utility>

#include "tql/client.h"

namespace tql {

// A copy of the client would have a context of its own. Alias() returns a handle with the same
// context, so that the statement updates it (USE).
std::future<StatusOr<Table>> Client::QueryTableAsync(std::string statement,
                                                     RequestOptions request) const {
  return std::async(std::launch::async, [client = Alias(), statement = std::move(statement),
                                         request = std::move(request)]() mutable {
    return client.QueryTable(std::move(statement), std::move(request));
  });
}

std::future<Outcome> Client::ExecuteAsync(std::string statement, RequestOptions request) const {
  return std::async(std::launch::async, [client = Alias(), statement = std::move(statement),
                                         request = std::move(request)]() mutable {
    return client.Execute(std::move(statement), std::move(request));
  });
}

std::future<std::vector<StatusOr<Table>>> Client::RunScriptAsync(std::string script,
                                                                 RequestOptions request) const {
  return std::async(std::launch::async, [client = Alias(), script = std::move(script),
                                         request = std::move(request)]() mutable {
    std::vector<StatusOr<Table>> tables;
    ScriptResult result = client.RunScript(std::move(script), std::move(request));
    while (std::optional<QueryResult> statement = result.Next()) {
      tables.push_back(statement->ReadTable());
    }
    if (!result.status().ok()) tables.emplace_back(result.status());
    return tables;
  });
}

}  // namespace tql
