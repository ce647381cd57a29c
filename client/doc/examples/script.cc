#include <iostream>
#include <optional>

#include "client/doc/examples/examples.h"
#include "tql/client.h"

namespace examples {

tql::Status RunScript(tql::Client client) {
  tql::ScriptResult script = client.RunScript(
      "create table visit (day date, visitors int);\n"
      "insert into nowhere values (1);\n"
      "insert into visit values ('2024-02-29', 12);\n");
  while (std::optional<tql::QueryResult> statement = script.Next()) {
    tql::Status status = statement->Finish();
    if (!status.ok()) std::cout << statement->statement() << ": " << status << '\n';
  }
  return script.status();
}

tql::Status PrintScript(tql::Client client) {
  tql::ScriptResult script = client.RunScript("use retail; select city from store; show tables;");
  while (std::optional<tql::QueryResult> statement = script.Next()) {
    for (auto& row : *statement) {
      if (!row) break;  // the statement failed; the script may continue
      std::cout << row->text(0) << '\n';
    }
  }
  return script.status();
}

}  // namespace examples
