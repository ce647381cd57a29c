// A service whose answers are compared with those of another one.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_COMPARING_SERVICE_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_COMPARING_SERVICE_H_

#include <stop_token>
#include <utility>

#include "mockserver/upstream/comparing_sink.h"
#include "mockserver/upstream/comparison.h"
#include "mockserver/upstream/forwarding_service.h"

namespace tql::upstream {

class ComparingService : public ForwardingService {
 public:
  /// As ForwardingService; the comparison is borrowed.
  ComparingService(service::Service& wrapped, const Upstream& upstream, Comparison& comparison,
                   std::stop_token stop)
      : ForwardingService(wrapped, upstream, std::move(stop)), comparison_(comparison) {}

 private:
  Status Run(service::AdmittedCall& admitted, ForwardingCall& call,
             service::ResponseSink& sink) override {
    ComparingSink comparing(sink, call, comparison_);
    return admitted.Run(comparing);
  }

  Comparison& comparison_;
};

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_COMPARING_SERVICE_H_
