#include "mockserver/service/proto_text.h"

#include <google/protobuf/text_format.h>

#include <string>

#include "mockserver/service/answers.h"

namespace tql::service {
namespace {

constexpr std::string_view kScriptField = "script: ";

std::string TextOf(const google::protobuf::Message& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

}  // namespace

bool ProtoTextSink::Header(std::span<const engine::Column> columns) {
  if (form_ == Form::kTable) {
    return Message(engine::MessageType::kInfo, TextOf(HeadersOf(columns)));
  }
  pb::ExecuteSqlScriptRequest request;
  request.set_script_type(pb::ExecuteSqlScriptRequest::TQL_SCRIPT);
  request.set_script("");
  return Message(engine::MessageType::kInfo, TextOf(request));
}

bool ProtoTextSink::Row(std::span<const std::string_view> cells) {
  if (form_ == Form::kTable) {
    pb::ExecuteQueryResponse::Result::TableResult table;
    auto& row = *table.add_rows();
    for (const std::string_view cell : cells) row.add_v(cell.data(), cell.size());
    return Message(engine::MessageType::kInfo, TextOf(table));
  }
  // Protobuf text concatenates adjacent strings, so each row adds to the field of the header.
  pb::ExecuteSqlScriptRequest request;
  request.set_script(cells[0].data(), cells[0].size());
  const std::string text = TextOf(request);
  return Message(engine::MessageType::kInfo, std::string_view(text).substr(kScriptField.size()));
}

}  // namespace tql::service
