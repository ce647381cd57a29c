#include "mockserver/net/tls.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace tql::net {
namespace {

TEST(TlsContextTest, SelfSignedCertificateIsOfAServer) {
  const TlsContext tls = TlsContext::SelfSigned();
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(tls.certificate_pem().data(), -1), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
  ASSERT_NE(certificate, nullptr);
  X509* const x = certificate.get();
  EXPECT_EQ(X509_check_ca(x), 0);
  EXPECT_EQ(X509_check_purpose(x, X509_PURPOSE_SSL_SERVER, 0), 1);
  EXPECT_EQ(X509_check_purpose(x, X509_PURPOSE_SSL_CLIENT, 0), 0);
  EXPECT_EQ(X509_get_key_usage(x), static_cast<std::uint32_t>(KU_DIGITAL_SIGNATURE));
  EXPECT_EQ(X509_get_extended_key_usage(x), static_cast<std::uint32_t>(XKU_SSL_SERVER));
  EXPECT_EQ(X509_check_host(x, "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(x, "::1", 0), 1);
}

TEST(TlsContextTest, ThreadsGetOneSelfSignedCertificate) {
  const TlsContext tls = TlsContext::SelfSigned();
  std::vector<std::string> pems(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& pem : pems) {
      threads.emplace_back([&] { pem = tls.certificate_pem(); });
    }
  }
  EXPECT_NE(tls.get(), nullptr);
  for (const std::string& pem : pems) EXPECT_EQ(pem, tls.certificate_pem());
  EXPECT_EQ(tls.certificate_chain_pem(), tls.certificate_pem());
  EXPECT_NE(tls.private_key_pem(), "");
  EXPECT_NE(tls.certificate_pem(), TlsContext::SelfSigned().certificate_pem());
}

}  // namespace
}  // namespace tql::net
