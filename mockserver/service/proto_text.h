// Answers as protobuf text, for requests with format_output off.
#ifndef TQLKIT_MOCKSERVER_SERVICE_PROTO_TEXT_H_
#define TQLKIT_MOCKSERVER_SERVICE_PROTO_TEXT_H_

#include <cstdint>

#include "mockserver/service/statement_sink_wrapper.h"

namespace tql::service {

/// Forwards every call, but converts rows to INFO messages with protobuf text. The specification
/// only says "shows proto representation of the object"; the form is our choice:
///
/// * kTable: the texts of header and rows, concatenated, are a TableResult.
/// * kScript, for SCRIPT: they are an ExecuteSqlScriptRequest, which the service accepts as a
///   PROTO_SCRIPT.
///
/// The header and each row have one message, so nothing is buffered. The final messages of a
/// statement follow unchanged.
class ProtoTextSink : public StatementSinkWrapper {
 public:
  enum class Form : std::uint8_t { kTable, kScript };
  /// `next` is borrowed.
  ProtoTextSink(engine::StatementSink& next, Form form)
      : StatementSinkWrapper(&next), form_(form) {}

  bool Header(std::span<const engine::Column> columns) override;
  bool Row(std::span<const std::string_view> cells) override;
  const engine::RowEncoder* row_encoder() override { return nullptr; }

 private:
  const Form form_;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_PROTO_TEXT_H_
