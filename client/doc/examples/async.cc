#include <future>
#include <iostream>
#include <utility>

#include "client/doc/examples/examples.h"
#include "tql/client.h"

namespace examples {

tql::Status InTheBackground(const tql::Client& client) {
  std::future<tql::StatusOr<tql::Table>> stores = client.QueryTableAsync("select name from store;");
  std::future<tql::Outcome> change = client.ExecuteAsync("delete from sales where store_id = 1;");
  tql::StatusOr<tql::Table> table = stores.get();
  if (!table) return table.status();
  std::cout << table->size() << " stores\n";
  return change.get().status;
}

}  // namespace examples
