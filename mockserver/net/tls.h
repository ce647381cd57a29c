// Certificates and TLS contexts.
#ifndef TQLKIT_MOCKSERVER_NET_TLS_H_
#define TQLKIT_MOCKSERVER_NET_TLS_H_

#include <memory>
#include <mutex>
#include <string>

#include "tql/status.h"

struct ssl_ctx_st;

namespace tql::net {

/// A server context with a key and its certificate. Thread safety: may be used by several threads.
class TlsContext {
 public:
  /// With a self-signed P-256 certificate for localhost, 127.0.0.1 and ::1. All of it is created by
  /// the first call of a member, because that takes OpenSSL a quarter of the start of a server.
  static TlsContext SelfSigned();
  /// Reads a certificate (or chain) and its key from PEM files.
  static StatusOr<TlsContext> FromFiles(const std::string& cert_file, const std::string& key_file);

  /// Null if it could not be created; then the texts are empty.
  ssl_ctx_st* get() const { return content().context.get(); }
  /// The certificate in PEM, which clients must trust.
  const std::string& certificate_pem() const { return content().certificate_pem; }
  /// The certificate chain and the key in PEM, for other TLS libraries.
  std::string certificate_chain_pem() const;
  /// The caller must wipe the key after use (OPENSSL_cleanse).
  std::string private_key_pem() const;

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  struct Content {
    std::unique_ptr<ssl_ctx_st, Free> context;
    std::string certificate_pem;
  };
  struct Lazy {
    std::once_flag once;
    Content content;
  };
  TlsContext() : lazy_(std::make_unique<Lazy>()) {}
  static Content MakeSelfSigned();
  const Content& content() const;

  std::unique_ptr<Lazy> lazy_;
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_TLS_H_
