#include <cstdlib>

#include "tql/client.h"

namespace tql {
namespace {

// The one place of the precedence that options.h describes.
void Resolve(const Url& url, Options& options) {
  if (options.user.empty()) options.user = url.user;
  if (const char* user = std::getenv("TQL_USER"); options.user.empty() && user) options.user = user;
  if (options.database.empty()) options.database = url.database;
  if (options.schema.empty()) options.schema = url.schema;
}

}  // namespace

StatusOr<std::shared_ptr<Transport>> MakeTransport(const Url& url, const Options& options) {
  return url.protocol == Protocol::kGrpc ? MakeGrpcTransport(url, options)
                                         : MakeHttpTransport(url, options);
}

StatusOr<Client> Client::Connect(std::string_view text, Options options) {
  StatusOr<Url> url = Url::Parse(text);
  if (!url) return url.status();
  Resolve(*url, options);
  StatusOr<std::shared_ptr<Transport>> transport = MakeTransport(*url, options);
  if (!transport) return transport.status();
  Client client(*std::move(transport), options);
  if (options.user.empty() || options.credentials.empty()) return client;
  StatusOr<std::string> password = options.credentials.password();
  if (!password) return password.status();
  if (Status status = client.Login(options.user, *password); !status.ok()) return status;
  return client;
}

}  // namespace tql
