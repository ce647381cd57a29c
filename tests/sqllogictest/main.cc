// sqllogictest: runs files of that format against a TQL service or its own mock server.
#include <CLI/CLI.hpp>
#include <iostream>

#include "tests/sqllogictest/runner.h"
#include "tql/mock/server.h"

namespace tql::slt {
namespace {

/// Creates an empty database on the service and connects to it.
StatusOr<Client> Connect(const std::string& url, const std::string& database) {
  Options options;
  options.credentials = Credentials::FromEnvironment();
  options.tls.insecure = true;
  options.statement.query_results_apply_top_row_count = 0;
  options.statement.null_string = "\x01null";  // Not a text in any file.
  options.statement.allow_unsafe = true;
  StatusOr<Client> client = Client::Connect(url, options);
  if (!client) return client.status();
  (void)client->Execute("drop database " + database + ';');
  for (const std::string statement : {"create database ", "use "}) {
    const Status status = client->Execute(statement + database + ';').status;
    if (!status.ok()) return status;
  }
  return client;
}

/// Returns how many records failed.
int RunFile(Client client, const std::string& path, const std::string& engine) {
  const StatusOr<std::vector<Record>> records = ReadTestFile(path, engine);
  if (!records) {
    std::cerr << path << ": " << records.status().message() << '\n';
    return 1;
  }
  Runner runner(std::move(client));
  int failures = 0;
  for (const Record& record : *records) {
    const Status status = runner.Run(record);
    if (status.ok()) continue;
    ++failures;
    std::cerr << path << ':' << record.line << ": " << record.sql << status.message() << '\n';
  }
  std::cout << path << ": " << records->size() << " records, " << failures << " failures\n";
  return failures;
}

}  // namespace
}  // namespace tql::slt

int main(int argc, char** argv) {
  CLI::App app("sqllogictest: runs files of that format against a TQL service.");
  std::string url;
  std::string database = "sqllogictest";
  std::string engine = "tql";
  std::vector<std::string> files;
  app.add_option("--url", url, "The service [a mock inside of this program]; TQL_PASSWORD");
  app.add_option("--database", database, "Dropped and made anew for each file")
      ->capture_default_str();
  app.add_option("--engine", engine,
                 "The name by which skipif and onlyif know us; postgresql suits files that know of "
                 "no tql and hold values to their types")
      ->capture_default_str();
  app.add_option("FILE", files, "What to run")->required()->check(CLI::ExistingFile);
  CLI11_PARSE(app, argc, argv);

  std::unique_ptr<tql::mock::Server> mock;
  if (url.empty()) {
    auto made = tql::mock::Server::Create({.https = "off"});
    if (!made.ok()) {
      std::cerr << made.status() << '\n';
      return 2;
    }
    mock = *std::move(made);
    url = "http://tsadmin@" + mock->http_url().substr(std::string_view("http://").size());
    setenv("TQL_PASSWORD", std::string(tql::mock::kDefaultPassword).c_str(), 1);
  }
  int failures = 0;
  for (const std::string& file : files) {
    auto client = tql::slt::Connect(url, database);
    if (!client) {
      std::cerr << url << ": " << client.status() << '\n';
      return 2;
    }
    failures += tql::slt::RunFile(*std::move(client), file, engine);
  }
  return failures == 0 ? 0 : 1;
}
