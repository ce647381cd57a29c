// Answers as protobuf text, for requests with format_output off.
#ifndef TQLKIT_MOCKSERVER_SERVICE_PROTO_TEXT_H_
#define TQLKIT_MOCKSERVER_SERVICE_PROTO_TEXT_H_

#include <cstdint>

#include "mockserver/service/statement_sink_wrapper.h"

namespace tql::service {

/// Passes everything on but rows, which become INFO messages that hold protobuf text. The
/// specification says no more than "shows proto representation of the object"; this is our choice:
///
/// * kTable: the texts of header and rows, put together, are a TableResult.
/// * kScript, for SCRIPT: they are an ExecuteSqlScriptRequest, which the service takes back as a
///   PROTO_SCRIPT.
///
/// One message for the header and one a row, so that nothing is held. The messages that a statement
/// ends with follow as they are.
class ProtoTextSink : public StatementSinkWrapper {
 public:
  enum class Form : std::uint8_t { kTable, kScript };
  /// `next` is borrowed.
  ProtoTextSink(engine::StatementSink& next, Form form)
      : StatementSinkWrapper(&next), form_(form) {}

  bool Header(std::span<const engine::Column> columns) override;
  bool Row(std::span<const std::string_view> cells) override;

 private:
  const Form form_;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_PROTO_TEXT_H_
