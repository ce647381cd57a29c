#include <utility>

#include "client/src/wire_log.h"
#include "tql/client.h"
#include "tql/profile.h"

namespace tql {

StatusOr<std::shared_ptr<Transport>> MakeTransport(const Url& url, const Options& options) {
  if (url.protocol == Protocol::kHttp) return MakeHttpTransport(url, options);
  StatusOr<std::shared_ptr<Transport>> transport = MakeGrpcTransport(url, options);
  if (!transport || !options.wire_log) return transport;
  return LogCalls(*std::move(transport), url, options.wire_log);
}

StatusOr<Client> Client::Connect(std::string_view text, Options given) {
  StatusOr<Target> target = ResolveTarget(text, std::move(given));
  if (!target) return target.status();
  const Options& options = target->options;
  StatusOr<std::shared_ptr<Transport>> transport = MakeTransport(target->url, options);
  if (!transport) return transport.status();
  Client client(*std::move(transport), options);
  if (options.user.empty() || options.credentials.empty()) return client;
  StatusOr<std::string> password = options.credentials.password();
  if (!password) return password.status();
  if (Status status = client.Login(options.user, *password); !status.ok()) return status;
  return client;
}

}  // namespace tql
