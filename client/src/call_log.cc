// LogCalls: the wire log of transports with a binary protocol.
#include <utility>

#include "client/src/messages.h"
#include "client/src/wire_log.h"

namespace tql {
namespace {

/// Logs the events of a stream, but only the number of its rows.
class LoggedStream : public ResultStream {
 public:
  LoggedStream(std::unique_ptr<ResultStream> stream, WireLog log)
      : stream_(std::move(stream)), log_(std::move(log)) {}

  StatusOr<ResultEvent> Next() override {
    StatusOr<ResultEvent> event = stream_->Next();
    if (!event.ok()) {
      log_("! " + event.status().message() + "\n");
    } else if (std::holds_alternative<RowView>(*event)) {
      ++rows_;
    } else if (const auto* message = std::get_if<Message>(&*event)) {
      log_("< " + LoggedBody(message->text, message->text.size(), {}) + "\n");
    } else if (const auto* header = std::get_if<Header>(&*event)) {
      std::string text = "< columns:";
      for (const Column& column : header->columns) {
        text += " " + column.name + " " + std::string(ColumnTypeName(column.type));
      }
      log_(text + "\n");
    } else if (std::holds_alternative<StreamEnd>(*event)) {
      log_("< end, " + std::to_string(rows_) + " rows\n");
    }
    return event;
  }
  void Cancel() override { stream_->Cancel(); }

 private:
  const std::unique_ptr<ResultStream> stream_;
  const WireLog log_;
  std::uint64_t rows_ = 0;
};

class LoggedTransport : public Transport {
 public:
  LoggedTransport(std::shared_ptr<Transport> transport, std::string origin, WireLog log)
      : transport_(std::move(transport)), origin_(std::move(origin)), log_(std::move(log)) {}

  Status Login(const LoginParams& params) override {
    Begin("Login", "***");
    Status status = transport_->Login(params);
    const std::string& why = status.message();
    log_(status.ok() ? "< OK\n" : "! " + LoggedBody(why, why.size(), {params.password}) + "\n");
    return status;
  }
  Status Logout(const LogoutParams& params) override {
    Begin("Logout", "");
    Status status = transport_->Logout(params);
    Ended(status);
    return status;
  }
  StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) override {
    Begin("Query", RequestJson(params));
    return Streaming(transport_->Query(params));
  }
  StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) override {
    Begin("RunScript", RequestJson(params));
    return Streaming(transport_->RunScript(params));
  }
  StatusOr<Tokens> GetTokens(const TokensParams& params) override {
    Begin("GetTokens", params.kind == TokenKind::kStatic ? "static" : "dynamic");
    StatusOr<Tokens> tokens = transport_->GetTokens(params);
    Ended(tokens.status());
    return tokens;
  }
  StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) override {
    Begin("GetSchemaVersion", "");
    StatusOr<std::int64_t> version = transport_->SchemaVersion(params);
    Ended(version.status());
    return version;
  }

 private:
  void Begin(const std::string& method, const std::string& body) const {
    std::string text = "> gRPC " + origin_ + "/tql.v1.TqlService/" + method + "\n";
    if (method != "Login") text += "> tql-session: ***\n";
    if (!body.empty()) text += "> " + LoggedBody(body, body.size(), {}) + "\n";
    log_(text);
  }
  void Ended(const Status& status) const {
    log_(status.ok() ? "< OK\n" : "! " + status.message() + "\n");
  }
  StatusOr<std::unique_ptr<ResultStream>> Streaming(
      StatusOr<std::unique_ptr<ResultStream>> stream) const {
    Ended(stream.status());
    if (!stream.ok()) return stream;
    return std::unique_ptr<ResultStream>(std::make_unique<LoggedStream>(*std::move(stream), log_));
  }

  const std::shared_ptr<Transport> transport_;
  const std::string origin_;
  const WireLog log_;
};

}  // namespace

std::shared_ptr<Transport> LogCalls(std::shared_ptr<Transport> transport, const Url& url,
                                    WireLog log) {
  return std::make_shared<LoggedTransport>(std::move(transport), url.Origin(), std::move(log));
}

}  // namespace tql
