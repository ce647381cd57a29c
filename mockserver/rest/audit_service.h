// Records logins and changes of definitions in the security log of their namespace.
#ifndef TQLKIT_MOCKSERVER_REST_AUDIT_SERVICE_H_
#define TQLKIT_MOCKSERVER_REST_AUDIT_SERVICE_H_

#include <memory>
#include <string_view>

#include "mockserver/rest/audit_log.h"
#include "mockserver/service/service_wrapper.h"
#include "mockserver/space/namespaces.h"

namespace tql::rest {

/// Thread safety: as Service.
class AuditService : public service::ServiceWrapper {
 public:
  /// Both must outlive the service.
  AuditService(service::Service& wrapped, const space::Namespaces& namespaces)
      : ServiceWrapper(wrapped), namespaces_(namespaces) {}

  StatusOr<service::LoginResult> Login(service::CallContext& context,
                                       const pb::LoginRequest& request) override;
  void Logout(service::CallContext& context) override;
  StatusOr<std::unique_ptr<service::AdmittedCall>> Query(service::CallContext& context,
                                                         pb::ExecuteQueryRequest request) override;
  StatusOr<std::unique_ptr<service::AdmittedCall>> RunScript(
      service::CallContext& context, pb::ExecuteSqlScriptRequest request) override;

 private:
  void Record(std::string_view space, const AuditEvent& event) const;
  StatusOr<std::unique_ptr<service::AdmittedCall>> Watch(
      const service::CallContext& context,
      StatusOr<std::unique_ptr<service::AdmittedCall>> admitted) const;

  const space::Namespaces& namespaces_;
};

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_AUDIT_SERVICE_H_
