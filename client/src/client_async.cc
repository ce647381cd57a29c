// The calls of Client that run on threads of their own.
#include <future>
#include <utility>

#include "tql/client.h"

namespace tql {

// The copy has the connections and the login of the client, but a context of its own: Share gives
// it that of the client, which the statement is to move.
std::future<StatusOr<Table>> Client::QueryTableAsync(std::string statement,
                                                     RequestOptions request) const {
  return std::async(std::launch::async, [client = Share(), statement = std::move(statement),
                                         request = std::move(request)]() mutable {
    return client.QueryTable(std::move(statement), std::move(request));
  });
}

std::future<Outcome> Client::ExecuteAsync(std::string statement, RequestOptions request) const {
  return std::async(std::launch::async, [client = Share(), statement = std::move(statement),
                                         request = std::move(request)]() mutable {
    return client.Execute(std::move(statement), std::move(request));
  });
}

std::future<std::vector<StatusOr<Table>>> Client::RunScriptAsync(std::string script,
                                                                 RequestOptions request) const {
  return std::async(std::launch::async, [client = Share(), script = std::move(script),
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
