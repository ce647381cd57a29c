// The mock server in this process, with a proxy before its HTTP port.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SELFTEST_TEST_SERVER_H_
#define TQLKIT_TOOLS_TQLCONFORM_SELFTEST_TEST_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "tools/tqlconform/selftest/rewriting_proxy.h"
#include "tools/tqlconform/server/case_runner.h"
#include "tools/tqlconform/server/target.h"
#include "tools/tqlconform/suite/messages.h"
#include "tql/mock/server.h"
#include "tql/status.h"

namespace tqlconform {

class TestServer {
 public:
  struct Options {
    std::vector<std::string> wire_variants = {};
    bool grpc = false;
  };
  static tql::StatusOr<std::unique_ptr<TestServer>> Start(const Options& options);

  /// Makes the server wrong, until Repair.
  tql::Status Break(const tqlkit::mock::v1::Plan& plan, RewriteRules rules);
  void Repair();

  /// Its ports, without the proxy. Null: it is off.
  const Target* http() const { return http_.get(); }
  const Target* https() const { return https_.get(); }
  const Target* grpc() const { return grpc_.get(); }
  /// HTTP by way of the proxy.
  const Target& proxied() const { return *proxied_; }

  /// The accounts of the server; INFERRED and MAY are failed like all others.
  static RunnerOptions Accounts();

 private:
  TestServer() = default;
  tql::Status MakeTargets();

  std::unique_ptr<tql::mock::Server> server_;
  std::unique_ptr<RewritingProxy> proxy_;
  std::unique_ptr<Target> http_;
  std::unique_ptr<Target> https_;
  std::unique_ptr<Target> grpc_;
  std::unique_ptr<Target> proxied_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SELFTEST_TEST_SERVER_H_
