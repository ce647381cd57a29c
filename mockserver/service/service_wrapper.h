// Base classes of wrappers. Each forwards all calls to the object that it wraps, and a wrapper
// overrides the ones that it observes or changes. The wrapped object is borrowed.
#ifndef TQLKIT_MOCKSERVER_SERVICE_SERVICE_WRAPPER_H_
#define TQLKIT_MOCKSERVER_SERVICE_SERVICE_WRAPPER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "mockserver/service/response_sink.h"
#include "mockserver/service/service.h"
#include "mockserver/service/statement_sink_wrapper.h"

namespace tql::service {

class ServiceWrapper : public Service {
 public:
  explicit ServiceWrapper(Service& wrapped) : wrapped_(wrapped) {}

  Status Authenticate(CallContext& context) override { return wrapped_.Authenticate(context); }
  StatusOr<LoginResult> Login(CallContext& context, const pb::LoginRequest& request) override {
    return wrapped_.Login(context, request);
  }
  void Logout(CallContext& context) override { wrapped_.Logout(context); }
  StatusOr<std::unique_ptr<AdmittedCall>> Query(CallContext& context,
                                                pb::ExecuteQueryRequest request) override {
    return wrapped_.Query(context, std::move(request));
  }
  StatusOr<std::unique_ptr<AdmittedCall>> RunScript(CallContext& context,
                                                    pb::ExecuteSqlScriptRequest request) override {
    return wrapped_.RunScript(context, std::move(request));
  }
  StatusOr<TokenList> Tokens(CallContext& context, const pb::GetTokensRequest& request) override {
    return wrapped_.Tokens(context, request);
  }
  StatusOr<std::int64_t> SchemaVersion(CallContext& context) override {
    return wrapped_.SchemaVersion(context);
  }
  Status Other(CallContext& context) override { return wrapped_.Other(context); }
  Status Serve(CallContext& context, Neighbor service,
               const std::function<Status()>& answer) override {
    return wrapped_.Serve(context, service, answer);
  }
  void Answered(const CallContext& context, const Status& status) override {
    wrapped_.Answered(context, status);
  }

 private:
  Service& wrapped_;
};

/// A wrapper of a ResponseSink and of the statement's sink that it returns, in one.
class ResponseSinkWrapper : public ResponseSink, protected StatementSinkWrapper {
 public:
  explicit ResponseSinkWrapper(ResponseSink& wrapped) : wrapped_(wrapped) {}

  bool Answers(const PendingStatement& pending) override { return wrapped_.Answers(pending); }
  Answered Answer(const PendingStatement& pending) override { return wrapped_.Answer(pending); }
  engine::StatementSink& BeginStatement(const StatementInfo& info) override {
    Wrap(wrapped_.BeginStatement(info));
    return *this;
  }
  void Finish() override { wrapped_.Finish(); }
  AnswerControl* control() override { return wrapped_.control(); }

 private:
  ResponseSink& wrapped_;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_SERVICE_WRAPPER_H_
