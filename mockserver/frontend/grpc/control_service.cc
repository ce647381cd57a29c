#include "mockserver/frontend/grpc/control_service.h"

#include <grpcpp/grpcpp.h>

#include <utility>

#include "mockserver/frontend/grpc/call_reactor.h"
#include "mockserver/net/worker_pool.h"
#include "mockserver/service/thrown_status.h"
#include "tqlkit/mock_control.grpc.pb.h"

namespace tql::frontend {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class ControlService : public mockpb::MockControl::CallbackService {
 public:
  ControlService(testdouble::Control& control, testdouble::ControlAccess access, CallGate& gate)
      : control_(control), access_(std::move(access)), gate_(gate), workers_(kWorkers) {}

  ServerUnaryReactor* PutNamespace(CallbackServerContext* context, const mockpb::Namespace* request,
                                   mockpb::Namespace* response) override {
    return Answer(context, response, [=, this]() -> StatusOr<mockpb::Namespace> {
      auto put = control_.PutNamespace(*request);
      if (!put.ok()) return put.status();
      return std::move(put->space);
    });
  }
  ServerUnaryReactor* ListNamespaces(CallbackServerContext* context,
                                     const mockpb::ListNamespacesRequest* /*request*/,
                                     mockpb::NamespaceList* response) override {
    return Answer(context, response,
                  [this] { return StatusOr<mockpb::NamespaceList>(control_.ListNamespaces()); });
  }
  ServerUnaryReactor* GetNamespace(CallbackServerContext* context,
                                   const mockpb::NamespaceRequest* request,
                                   mockpb::Namespace* response) override {
    return Answer(context, response,
                  [=, this] { return control_.GetNamespace(request->namespace_()); });
  }
  ServerUnaryReactor* DeleteNamespace(CallbackServerContext* context,
                                      const mockpb::NamespaceRequest* request,
                                      mockpb::Namespace* response) override {
    return Answer(context, response,
                  [=, this] { return control_.DeleteNamespace(request->namespace_()); });
  }
  ServerUnaryReactor* SetClock(CallbackServerContext* context, const mockpb::ClockRequest* request,
                               mockpb::Clock* response) override {
    return Answer(context, response, [=, this] { return control_.SetClock(*request); });
  }
  ServerUnaryReactor* GetClock(CallbackServerContext* context,
                               const mockpb::NamespaceRequest* request,
                               mockpb::Clock* response) override {
    return Answer(context, response,
                  [=, this] { return control_.GetClock(request->namespace_()); });
  }
  ServerUnaryReactor* PutPlan(CallbackServerContext* context, const mockpb::PlanRequest* request,
                              mockpb::Plan* response) override {
    return Answer(context, response, [=, this] { return control_.PutPlan(*request); });
  }
  ServerUnaryReactor* GetPlan(CallbackServerContext* context, const mockpb::PlanRequest* request,
                              mockpb::Plan* response) override {
    return Answer(context, response, [=, this] { return control_.GetPlan(request->namespace_()); });
  }
  ServerUnaryReactor* DeletePlan(CallbackServerContext* context, const mockpb::PlanRequest* request,
                                 mockpb::Plan* response) override {
    return Answer(context, response,
                  [=, this] { return control_.DeletePlan(request->namespace_()); });
  }
  ServerUnaryReactor* GetJournal(CallbackServerContext* context,
                                 const mockpb::JournalRequest* request,
                                 mockpb::Journal* response) override {
    return Answer(context, response, [=, this] {
      return control_.GetJournal(*request, [=] { return context->IsCancelled(); });
    });
  }
  ServerUnaryReactor* DeleteJournal(CallbackServerContext* context,
                                    const mockpb::JournalRequest* request,
                                    mockpb::Journal* response) override {
    return Answer(context, response,
                  [=, this] { return control_.DeleteJournal(request->namespace_()); });
  }
  ServerUnaryReactor* Verify(CallbackServerContext* context, const mockpb::VerifyRequest* request,
                             mockpb::VerifyResponse* response) override {
    return Answer(context, response, [=, this] {
      return control_.Verify(*request, [=] { return context->IsCancelled(); });
    });
  }

 private:
  static constexpr std::size_t kWorkers = 4;

  Status CheckAccess(const CallbackServerContext& context) const {
    const auto& metadata = context.client_metadata();
    const auto found = metadata.find("authorization");
    const std::string_view authorization =
        found == metadata.end() ? std::string_view()
                                : std::string_view(found->second.data(), found->second.size());
    return access_.Check(PeerOf(context), authorization);
  }

  /// Runs a call on a worker; it may wait for a fork, an entry or a verification.
  template <typename Response, typename Call>
  ServerUnaryReactor* Answer(CallbackServerContext* context, Response* response, Call call) {
    const auto reactor = std::make_shared<UnaryCall>(gate_, *context);
    if (!reactor->Enter(reactor)) return reactor.get();
    const auto run = [=, this] {
      Status status = CheckAccess(*context);
      if (status.ok()) {
        StatusOr<Response> result = call();
        status = result.status();
        if (result.ok()) response->Swap(&*result);
      }
      return status;
    };
    try {
      workers_.Submit([=, this] {
        const net::WorkerPool::Waiting waiting(workers_);
        Status status;
        try {
          status = run();
        } catch (...) {
          status = service::ThrownStatus();
        }
        reactor->Finish(ToGrpc(status));
      });
    } catch (...) {
      reactor->Finish(ToGrpc(service::ThrownStatus()));
    }
    return reactor.get();
  }

  testdouble::Control& control_;
  const testdouble::ControlAccess access_;
  CallGate& gate_;
  net::WorkerPool workers_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeControlService(testdouble::Control& control,
                                                  testdouble::ControlAccess access,
                                                  CallGate& gate) {
  return std::make_unique<ControlService>(control, std::move(access), gate);
}

}  // namespace tql::frontend
