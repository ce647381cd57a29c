// Executes a query and prints its rows. Usage: quickstart URL [CA_FILE], with the password in
// TQL_PASSWORD.
//
//   quickstart tql://tsadmin@127.0.0.1:8443/retail server.pem
#include <tql/client.h>

#include <iostream>
#include <optional>
#include <string>

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "Usage: quickstart URL [CA_FILE]\n";
    return 1;
  }
  tql::Options options{.credentials = tql::Credentials::FromEnvironment()};
  if (argc > 2) options.tls.ca_file = argv[2];
  auto client = tql::Client::Connect(argv[1], options);
  if (!client) {
    std::cerr << client.status() << '\n';
    return 1;
  }
  for (auto& row : client->Query("select city, opened from store;")
                       .rows<std::string, std::optional<std::string>>()) {
    if (!row) {
      std::cerr << row.status() << '\n';
      return 1;
    }
    auto& [city, opened] = *row;
    std::cout << city << ' ' << opened.value_or("?") << '\n';
  }
}
