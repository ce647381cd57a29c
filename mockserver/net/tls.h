// Certificates and TLS contexts.
#ifndef TQLKIT_MOCKSERVER_NET_TLS_H_
#define TQLKIT_MOCKSERVER_NET_TLS_H_

#include <memory>
#include <string>

#include "tql/status.h"

struct ssl_ctx_st;

namespace tql::net {

/// A server context with a key and its certificate. Thread safety: may be used by several threads.
class TlsContext {
 public:
  /// Creates a self-signed P-256 certificate for localhost, 127.0.0.1 and ::1.
  static StatusOr<TlsContext> SelfSigned();
  /// Reads a certificate (or chain) and its key from PEM files.
  static StatusOr<TlsContext> FromFiles(const std::string& cert_file, const std::string& key_file);

  ssl_ctx_st* get() const { return context_.get(); }
  /// The certificate in PEM, which clients must trust.
  const std::string& certificate_pem() const { return certificate_pem_; }
  /// The certificate chain and the key in PEM, for other TLS libraries.
  std::string certificate_chain_pem() const;
  /// The caller must wipe the key after use (OPENSSL_cleanse).
  std::string private_key_pem() const;

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  TlsContext() = default;

  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::string certificate_pem_;
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_TLS_H_
