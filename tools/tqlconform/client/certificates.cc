#include "tools/tqlconform/client/certificates.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <system_error>
#include <utility>

#include "proto/base/status_macros.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;
using Kind = confpb::Client;

constexpr long kDay = 24L * 3600;

template <auto Function>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Function(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using X509Pointer = std::unique_ptr<X509, Deleter<X509_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;

bool AddExtension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

X509Pointer Sign(EVP_PKEY* key, Kind::Certificate kind) {
  long from = -kDay;
  long to = kDay;
  if (kind == Kind::EXPIRED) {
    from = -3 * kDay;
    to = -kDay;
  } else if (kind == Kind::NOT_YET_VALID) {
    from = kDay;
    to = 3 * kDay;
  }
  const char* const names =
      kind == Kind::OTHER_HOST ? "DNS:other.example,IP:192.0.2.1" : "DNS:localhost,IP:127.0.0.1";
  X509Pointer certificate(X509_new());
  std::uint64_t serial = 0;
  if (!certificate || RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) {
    return nullptr;
  }
  X509* const x = certificate.get();
  X509_NAME* const name = X509_get_subject_name(x);
  const auto* const common = reinterpret_cast<const unsigned char*>("tqlconform");
  const bool made = X509_set_version(x, 2) == 1 &&
                    ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial >> 1U) == 1 &&
                    X509_gmtime_adj(X509_getm_notBefore(x), from) != nullptr &&
                    X509_gmtime_adj(X509_getm_notAfter(x), to) != nullptr &&
                    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0) == 1 &&
                    X509_set_issuer_name(x, name) == 1 && X509_set_pubkey(x, key) == 1 &&
                    AddExtension(x, NID_basic_constraints, "critical,CA:FALSE") &&
                    AddExtension(x, NID_ext_key_usage, "serverAuth") &&
                    AddExtension(x, NID_subject_alt_name, names) &&
                    AddExtension(x, NID_subject_key_identifier, "hash") &&
                    AddExtension(x, NID_authority_key_identifier, "keyid:always") &&
                    X509_sign(x, key, EVP_sha256()) > 0;
  return made ? std::move(certificate) : nullptr;
}

/// Writes a file that only its owner can read.
template <typename Write>
Status WritePem(const std::string& path, const Write& write) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) {
    return tql::InternalError(path + ": " + std::generic_category().message(errno));
  }
  const Bio bio(BIO_new_fd(fd, BIO_CLOSE));
  return bio && write(bio.get()) == 1 ? Status() : tql::InternalError(path + ": cannot write");
}

}  // namespace

StatusOr<Certificate> Certificate::Make(Kind::Certificate kind) {
  TQL_ASSIGN_OR_RETURN(TemporaryFolder folder, TemporaryFolder::Make());
  Certificate files(std::move(folder));
  const Key key(EVP_EC_gen("P-256"));
  const Key other(EVP_EC_gen("P-256"));
  const X509Pointer certificate = key ? Sign(key.get(), kind) : nullptr;
  const X509Pointer unrelated = other ? Sign(other.get(), Kind::VALID) : nullptr;
  if (!certificate || !unrelated) return tql::InternalError("cannot make a certificate");
  X509* const trusted = kind == Kind::UNKNOWN_AUTHORITY ? unrelated.get() : certificate.get();
  TQL_RETURN_IF_ERROR(WritePem(files.certificate_file(), [&](BIO* bio) {
    return PEM_write_bio_X509(bio, certificate.get());
  }));
  TQL_RETURN_IF_ERROR(
      WritePem(files.ca_file(), [&](BIO* bio) { return PEM_write_bio_X509(bio, trusted); }));
  TQL_RETURN_IF_ERROR(WritePem(files.key_file(), [&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }));
  return files;
}

}  // namespace tqlconform
