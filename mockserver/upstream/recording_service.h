// A service that lets another one execute its statements, and records the answers.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_RECORDING_SERVICE_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_RECORDING_SERVICE_H_

#include <cstdint>
#include <stop_token>
#include <utility>

#include "mockserver/upstream/forwarding_service.h"
#include "mockserver/upstream/recording.h"

namespace tql::upstream {

/// Words for completion and the schema version are those of the other service as well; they are not
/// recorded.
class RecordingService : public ForwardingService {
 public:
  /// As ForwardingService; the recording is borrowed.
  RecordingService(service::Service& wrapped, const Upstream& upstream, Recording& recording,
                   std::stop_token stop)
      : ForwardingService(wrapped, upstream, std::move(stop)), recording_(recording) {}

  StatusOr<service::TokenList> Tokens(service::CallContext& context,
                                      const pb::GetTokensRequest& request) override;
  StatusOr<std::int64_t> SchemaVersion(service::CallContext& context) override;

 private:
  Status Run(service::AdmittedCall& admitted, ForwardingCall& call,
             service::ResponseSink& sink) override;

  Recording& recording_;
};

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_RECORDING_SERVICE_H_
