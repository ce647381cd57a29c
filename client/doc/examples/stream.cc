#include <iostream>
#include <memory>
#include <stop_token>
#include <variant>

#include "client/doc/examples/examples.h"
#include "tql/client.h"

namespace examples {

tql::Status PrintEvents(tql::Client client) {
  auto stream = client.Stream("select city, region from store order by city;");
  if (!stream) return stream.status();
  while (true) {
    tql::StatusOr<tql::ResultEvent> event = (*stream)->Next();
    if (!event) return event.status();
    if (auto* header = std::get_if<tql::Header>(&*event)) {
      for (const tql::Column& column : header->columns) std::cout << column.name << ' ';
      std::cout << '\n';
    } else if (auto* row = std::get_if<tql::RowView>(&*event)) {
      std::cout << (*row)[0] << '\n';
    } else if (auto* message = std::get_if<tql::Message>(&*event)) {
      std::cout << message->text;
    } else if (std::holds_alternative<tql::StreamEnd>(*event)) {
      return tql::Status();
    }
  }
}

tql::Status StopFromElsewhere(tql::Client client) {
  std::stop_source stop;  // request_stop() may be called by any thread
  tql::QueryResult result = client.Query("select sale_id from sales;", {.stop = stop.get_token()});
  int seen = 0;
  for (auto& row : result) {
    if (!row) return row.status();  // CANCELLED
    if (++seen == 2) stop.request_stop();
  }
  return tql::Status();
}

tql::Status ReportProgress(tql::Client client) {
  tql::RequestOptions request;
  request.on_progress = [](const tql::Progress& progress) {
    std::cerr << progress.label << ' ' << progress.percentage << "%\n";
  };
  return client.Execute("select count(*) from sales;", request).status;
}

}  // namespace examples
