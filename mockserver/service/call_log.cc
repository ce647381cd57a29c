#include "mockserver/service/call_log.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "mockserver/engine/row_encoder.h"
#include "mockserver/service/thrown_status.h"

namespace tql::service {
namespace {

/// A path may be as long as the whole head of a request.
constexpr std::size_t kMostTargetBytes = 256;
constexpr std::size_t kMostNameBytes = 128;

/// Whether the name is short and printable, so that it cannot forge lines of the log.
bool IsClean(std::string_view name) {
  return !name.empty() && name.size() <= kMostNameBytes &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f; });
}

void AppendTarget(std::string_view target, std::string& line) {
  for (const char c : target.substr(0, kMostTargetBytes)) line += c > ' ' && c < 0x7f ? c : '?';
  if (target.size() > kMostTargetBytes) line += "...";
}

std::string Describe(const CallContext& context) {
  std::string line;
  switch (context.protocol) {
    case Protocol::kHttp:
      line.append(context.method).append(" ");
      break;
    case Protocol::kGrpc:
      line += "gRPC ";
      break;
    case Protocol::kInProcess:
      line += "call ";
      break;
  }
  AppendTarget(context.target, line);
  line.append(" from ").append(context.peer);
  if (IsClean(context.request_id)) line.append(", request ").append(context.request_id);
  if (context.session && IsClean(context.session->user->name)) {
    line.append(", user ").append(context.session->user->name);
  }
  if (context.space != space::kMain && IsClean(context.space)) {
    line.append(", namespace ").append(context.space);
  }
  return line;
}

}  // namespace

/// Runs an admitted call, counts its rows and statements, and logs it when it ends or is abandoned.
class CallLog::LoggedCall : public AdmittedCall {
 public:
  LoggedCall(const CallLog& log, const CallContext& context, std::unique_ptr<AdmittedCall> call)
      : log_(log), context_(context), call_(std::move(call)) {}
  ~LoggedCall() override {
    if (!ran_) log_.Log(context_, CancelledError("the answer was not requested"), nullptr);
  }

  std::optional<ResponseSink::PendingStatement> First() const override { return call_->First(); }
  Status Run(ResponseSink& sink) override {
    ran_ = true;
    CountingSink counting(sink);
    Status status;
    try {
      status = call_->Run(log_.write_ ? counting : sink);
    } catch (...) {
      status = ThrownStatus();
    }
    log_.Log(context_, status, &counting.counts);
    return status;
  }

 private:
  class CountingSink : public ResponseSinkWrapper {
   public:
    using ResponseSinkWrapper::ResponseSinkWrapper;
    Counts counts;

    engine::StatementSink& BeginStatement(const StatementInfo& info) override {
      ++counts.statements;
      return ResponseSinkWrapper::BeginStatement(info);
    }
    bool Row(std::span<const std::string_view> cells) override {
      ++counts.rows;
      return ResponseSinkWrapper::Row(cells);
    }
    bool Rows(engine::EncodedRows& rows) override {
      counts.rows += rows.rows;
      return ResponseSinkWrapper::Rows(rows);
    }
    bool Message(engine::MessageType type, std::string_view text) override {
      if (type == engine::MessageType::kError) ++counts.failed;
      return ResponseSinkWrapper::Message(type, text);
    }
  };

  const CallLog& log_;
  const CallContext& context_;
  const std::unique_ptr<AdmittedCall> call_;
  bool ran_ = false;
};

CallLog::CallLog(Service& wrapped, const engine::Clock& clock, Write write, bool errors_only)
    : ServiceWrapper(wrapped), clock_(clock), write_(std::move(write)), errors_only_(errors_only) {}

void CallLog::Log(const CallContext& context, const Status& status,
                  const Counts* counts) const noexcept {
  const bool error = status.code() == StatusCode::kInternal;
  if (!write_ || (errors_only_ && !error)) return;
  try {
    const auto duration =
        std::chrono::duration_cast<std::chrono::microseconds>(clock_.Now() - context.started);
    std::string line = Describe(context);
    line.append(", ").append(StatusCodeName(status.code()));
    if (counts != nullptr) {
      line += ", statements " + std::to_string(counts->statements);
      if (counts->failed > 0) line += " (" + std::to_string(counts->failed) + " failed)";
      line += ", rows " + std::to_string(counts->rows);
    }
    if (context.answer_bytes > 0) line += ", bytes " + std::to_string(context.answer_bytes);
    line += ", " + std::to_string(duration.count()) + " us";
    if (error) line.append(": ").append(status.message());
    write_(error, line);
  } catch (...) {  // out of memory: the line is lost
  }
}

/// Returns the result of `call` and logs it.
template <typename Call>
auto CallLog::Logged(CallContext& context, const Call& call) {
  decltype(call()) result = UnknownError("");
  try {
    result = call();
  } catch (...) {
    result = ThrownStatus();
  }
  Log(context, result.status(), nullptr);
  return result;
}

/// Returns the admitted call, which is logged when it ends. A refusal is logged at once.
template <typename Admit>
StatusOr<std::unique_ptr<AdmittedCall>> CallLog::Admitted(CallContext& context,
                                                          const Admit& admit) {
  Status refusal;
  try {
    StatusOr<std::unique_ptr<AdmittedCall>> call = admit();
    if (call.ok()) return std::make_unique<LoggedCall>(*this, context, *std::move(call));
    refusal = call.status();
  } catch (...) {
    refusal = ThrownStatus();
  }
  Log(context, refusal, nullptr);
  return refusal;
}

StatusOr<LoginResult> CallLog::Login(CallContext& context, const pb::LoginRequest& request) {
  return Logged(context, [&] { return ServiceWrapper::Login(context, request); });
}

void CallLog::Logout(CallContext& context) {
  Status status;
  try {
    ServiceWrapper::Logout(context);
  } catch (...) {
    status = ThrownStatus();
  }
  Log(context, status, nullptr);
}

StatusOr<std::unique_ptr<AdmittedCall>> CallLog::Query(CallContext& context,
                                                       pb::ExecuteQueryRequest request) {
  return Admitted(context, [&] { return ServiceWrapper::Query(context, std::move(request)); });
}

StatusOr<std::unique_ptr<AdmittedCall>> CallLog::RunScript(CallContext& context,
                                                           pb::ExecuteSqlScriptRequest request) {
  return Admitted(context, [&] { return ServiceWrapper::RunScript(context, std::move(request)); });
}

StatusOr<TokenList> CallLog::Tokens(CallContext& context, const pb::GetTokensRequest& request) {
  return Logged(context, [&] { return ServiceWrapper::Tokens(context, request); });
}

StatusOr<std::int64_t> CallLog::SchemaVersion(CallContext& context) {
  return Logged(context, [&] { return ServiceWrapper::SchemaVersion(context); });
}

Status CallLog::Other(CallContext& context) {
  Status status;
  try {
    status = ServiceWrapper::Other(context);
  } catch (...) {
    status = ThrownStatus();
  }
  Log(context, status, nullptr);
  return status;
}

Status CallLog::Serve(CallContext& context, Neighbor service,
                      const std::function<Status()>& answer) {
  Status status;
  try {
    status = ServiceWrapper::Serve(context, service, answer);
  } catch (...) {
    status = ThrownStatus();
  }
  Log(context, status, nullptr);
  return status;
}

void CallLog::Answered(const CallContext& context, const Status& status) {
  ServiceWrapper::Answered(context, status);
  Log(context, status, nullptr);
}

}  // namespace tql::service
