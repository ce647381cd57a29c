#include <chrono>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>

#include "client/doc/examples/examples.h"
#include "tql/client.h"

/// A user-defined type: an amount of money in hundredths.
struct Money {
  std::int64_t cents = 0;
};

template <>
struct tql::CellTraits<Money> {
  static constexpr std::string_view kName = "an amount";
  static bool Convert(std::string_view text, Money& value) {
    double amount = 0;
    if (!CellTraits<double>::Convert(text, amount)) return false;
    value.cents = std::llround(amount * 100);
    return true;
  }
};

namespace examples {

tql::Status PrintTurnover(tql::Client client) {
  for (auto& row : client
                       .Query("select s.region, sum(f.amount) from sales f "
                              "join store s on f.store_id = s.store_id group by s.region;")
                       .rows<std::string, double>()) {
    if (!row) return row.status();
    auto& [region, amount] = *row;
    std::cout << region << ' ' << static_cast<int>(amount) << '\n';
  }
  return tql::Status();
}

tql::Status PrintByName(tql::Client client) {
  tql::QueryResult result = client.Query("select name, city from store order by name;");
  for (auto& row : result) {
    if (!row) return row.status();
    tql::StatusOr<std::string> city = row->get<std::string>("city");
    if (!city) return city.status();
    std::cout << row->text(0) << " in " << *city << '\n';
  }
  std::cout << result.row_count() << " stores\n";
  return tql::Status();
}

tql::Status PrintWithNull(tql::Client client) {
  using Day = std::chrono::year_month_day;
  for (auto& row : client.Query("select city, opened from store order by city;")
                       .rows<std::string, std::optional<Day>>()) {
    if (!row) return row.status();
    auto& [city, opened] = *row;
    std::cout << city << ' ' << (opened ? static_cast<int>(opened->year()) : 0) << '\n';
  }
  return tql::Status();
}

tql::Status PrintTable(tql::Client client) {
  tql::StatusOr<tql::Table> stores = client.QueryTable("select name, city from store;");
  if (!stores) return stores.status();
  for (const tql::Row& row : *stores) std::cout << row.text(0) << '\n';
  for (const tql::Column& column : stores->columns()) {
    std::cout << column.name << ' ' << tql::ColumnTypeName(column.type) << '\n';
  }
  std::cout << stores->size() << " rows\n";
  return tql::Status();
}

tql::Status CountAndChange(tql::Client client) {
  tql::StatusOr<int> stores = client.QueryValue<int>("select count(*) from store;");
  if (!stores) return stores.status();

  tql::Outcome outcome = client.Execute("delete from store where store_id = 1;");
  for (const tql::Message& message : outcome.messages) std::cout << message.text;
  return outcome.status;
}

tql::Status PrintAllSales(tql::Client client) {
  tql::RequestOptions all;
  all.statement.query_results_apply_top_row_count = 0;
  tql::QueryResult result = client.Query("select sale_id from sales;", all);
  if (tql::Status status = result.Finish(); !status.ok()) return status;
  std::cout << result.row_count() << " sales\n";
  return tql::Status();
}

tql::Status PrintPages(const tql::Client& client) {
  for (auto& page : client.Pages("select sale_id from sales order by sale_id;", 100)) {
    if (!page) return page.status();
    std::cout << page->size() << " rows\n";
  }
  return tql::Status();
}

tql::Status ReadCurrency(tql::Client client) {
  tql::StatusOr<Money> sum = client.QueryValue<Money>("select sum(amount) from sales;");
  if (!sum) return sum.status();
  std::cout << sum->cents << '\n';
  return tql::Status();
}

}  // namespace examples
