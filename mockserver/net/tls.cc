#include "mockserver/net/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace tql::net {
namespace {

constexpr long kYear = 365L * 24 * 3600;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

Status OpenSslError(StatusCode code, const std::string& what) {
  char text[256] = "unknown error";
  if (const unsigned long error = ERR_get_error()) ERR_error_string_n(error, text, sizeof(text));
  ERR_clear_error();
  return Status(code, what + ": " + text);
}

bool AddExtension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

/// Sets the public key of a P-256 key. X509_set_pubkey() would encode it through a provider, which
/// takes a fifteenth of the time to start a server. X509_get_pubkey() knows the key after Reread().
bool SetPublicKey(X509* certificate, EVP_PKEY* key) {
  unsigned char* point = nullptr;
  const std::size_t size = EVP_PKEY_get1_encoded_public_key(key, &point);
  const bool set =
      size > 0 &&
      X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(certificate),
                             OBJ_nid2obj(NID_X9_62_id_ecPublicKey), V_ASN1_OBJECT,
                             OBJ_nid2obj(NID_X9_62_prime256v1), point, static_cast<int>(size)) == 1;
  if (!set) OPENSSL_free(point);
  return set;
}

Certificate Reread(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  const unsigned char* at = bytes;
  Certificate read(size > 0 ? d2i_X509(nullptr, &at, size) : nullptr);
  OPENSSL_free(bytes);
  return read;
}

Certificate MakeCertificate(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  std::uint64_t serial = 0;
  if (!certificate || RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) != 1) {
    return nullptr;
  }
  X509* const x = certificate.get();
  X509_NAME* const name = X509_get_subject_name(x);
  const bool made =
      X509_set_version(x, 2) == 1 &&
      ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial >> 1) == 1 &&
      X509_gmtime_adj(X509_getm_notBefore(x), -24L * 3600) != nullptr &&
      X509_gmtime_adj(X509_getm_notAfter(x), kYear) != nullptr &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                 reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0) &&
      X509_set_issuer_name(x, name) == 1 && SetPublicKey(x, key) &&
      // A server certificate: clients that trust it trust no certificate signed with its key.
      AddExtension(x, NID_basic_constraints, "critical,CA:FALSE") &&
      AddExtension(x, NID_key_usage, "critical,digitalSignature") &&
      AddExtension(x, NID_ext_key_usage, "serverAuth") &&
      AddExtension(x, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:127.0.0.2,IP:::1") &&
      AddExtension(x, NID_subject_key_identifier, "hash") &&
      // Lets a client trust several of these certificates, whose names are equal.
      AddExtension(x, NID_authority_key_identifier, "keyid:always") &&
      X509_sign(x, key, EVP_sha256()) > 0;
  return made ? Reread(x) : nullptr;
}

/// Returns the text that `write` writes; empty if it fails.
template <typename Write>
std::string Pem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
  if (!bio || write(bio.get()) != 1) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));  // the BIO wipes its own copy
}

std::string Pem(X509* certificate) {
  return Pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

SSL_CTX* NewContext() {
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  if (context == nullptr) return nullptr;
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>("tql"), 3);
  return context;
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

TlsContext TlsContext::SelfSigned() { return TlsContext(); }

TlsContext::Content TlsContext::MakeSelfSigned() {
  Content made;
  made.context.reset(NewContext());
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = key ? MakeCertificate(key.get()) : nullptr;
  if (made.context && certificate &&
      SSL_CTX_use_certificate(made.context.get(), certificate.get()) == 1 &&
      SSL_CTX_use_PrivateKey(made.context.get(), key.get()) == 1) {
    made.certificate_pem = Pem(certificate.get());
    return made;
  }
  ERR_clear_error();
  return {};
}

const TlsContext::Content& TlsContext::content() const {
  std::call_once(lazy_->once, [this] {
    if (!lazy_->content.context) lazy_->content = MakeSelfSigned();
  });
  return lazy_->content;
}

StatusOr<TlsContext> TlsContext::FromFiles(const std::string& cert_file,
                                           const std::string& key_file) {
  TlsContext tls;
  Content& content = tls.lazy_->content;
  content.context.reset(NewContext());
  SSL_CTX* const context = content.context.get();
  if (context == nullptr) return OpenSslError(StatusCode::kInternal, "cannot set up TLS");
  if (SSL_CTX_use_certificate_chain_file(context, cert_file.c_str()) != 1) {
    return OpenSslError(StatusCode::kInvalidArgument, "cannot use the certificate " + cert_file);
  }
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return OpenSslError(StatusCode::kInvalidArgument, "cannot use the key " + key_file);
  }
  content.certificate_pem = Pem(SSL_CTX_get0_certificate(context));
  return tls;
}

std::string TlsContext::certificate_chain_pem() const {
  std::string pem = certificate_pem();
  if (get() == nullptr) return pem;
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get_extra_chain_certs(get(),
                                &chain);  // the extra ones, or else the chain of the certificate
  for (int i = 0; i < sk_X509_num(chain); ++i) pem += Pem(sk_X509_value(chain, i));
  return pem;
}

std::string TlsContext::private_key_pem() const {
  if (get() == nullptr) return {};
  EVP_PKEY* const key = SSL_CTX_get0_privatekey(get());
  return Pem([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

}  // namespace tql::net
