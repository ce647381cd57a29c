// The client through correct and faulty HTTP proxies.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/hostile_server.h"
#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::HasSubstr;
using testing::HostileServer;
using testing::HttpAnswer;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Peer;
using ::testing::StartsWith;

/// Returns a socket connected to a port of 127.0.0.1.
int ConnectTo(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return fd;
}

/// Copies bytes in both directions until one end closes.
void Relay(int a, int b) {
  for (;;) {
    pollfd fds[] = {{a, POLLIN, 0}, {b, POLLIN, 0}};
    if (poll(fds, 2, -1) < 0) return;
    for (int i = 0; i < 2; ++i) {
      if (fds[i].revents == 0) continue;
      char bytes[65536];
      const ssize_t n = recv(fds[i].fd, bytes, sizeof bytes, 0);
      if (n <= 0) return;
      if (send(fds[1 - i].fd, bytes, static_cast<std::size_t>(n), MSG_NOSIGNAL) != n) return;
    }
  }
}

/// A proxy that opens tunnels to ports of 127.0.0.1 and records its requests.
class TunnelProxy {
 public:
  TunnelProxy() : server_([this](Peer& peer) { Serve(peer); }) {}

  std::string place() const { return "localhost:" + std::to_string(server_.port()); }
  std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void Serve(Peer& peer) {
    const std::string request = peer.ReadRequest();
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const std::size_t colon = request.find(':');
    const int service = ConnectTo(std::stoi(request.substr(colon + 1)));
    peer.Send("HTTP/1.1 200 Connection established\r\nProxy-Agent: test\r\n\r\n", 7);
    Relay(peer.fd(), service);
    close(service);
  }

  std::mutex mutex_;
  std::vector<std::string> requests_;
  HostileServer server_;
};

class ProxyTunnelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"https_proxy", "http_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY",
                             "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"}) {
      unsetenv(name);
    }
    mock::Config config{.init_scripts = {"create database d; use d; create table t (x int); "
                                         "insert into t values (7);"}};
    config.grpc = "127.0.0.1:0";
    config.password_hash_rounds = 1000;
    auto server = mock::Server::Create(config);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    ca_file_ = std::filesystem::path(::testing::TempDir()) /
               ("proxy." + std::to_string(server_->https_port()) + ".pem");
    std::ofstream(ca_file_) << server_->certificate_pem();
  }
  void TearDown() override {
    unsetenv("https_proxy");
    unsetenv("no_proxy");
    std::filesystem::remove(ca_file_);
  }

  std::string Https() const { return server_->https_url(); }
  std::string Grpc() const { return "https://" + server_->grpc_address() + "?transport=grpc"; }

  /// The status of a client that selects the 7.
  Status Ask(const std::string& url, const std::string& proxy = "") {
    Options options{.user = "tsadmin", .credentials = Credentials::Password("admin")};
    options.database = "d";
    options.tls.ca_file = ca_file_;
    options.proxy = proxy;
    options.retry.max_attempts = 1;
    options.connect_timeout = 20s;
    auto client = Client::Connect(url, options);
    if (!client.ok()) return client.status();
    const StatusOr<int> value = client->QueryValue<int>("select x from t;");
    EXPECT_TRUE(!value.ok() || *value == 7);
    return value.status();
  }

  std::unique_ptr<mock::Server> server_;
  std::filesystem::path ca_file_;
};

/// Writes a self-signed certificate for the names, e.g. "DNS:*.example.com", and its key.
void WriteCertificate(const std::string& names, const std::string& cert_file,
                      const std::string& key_file) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
  X509* const x = certificate.get();
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(x));
  X509_set_pubkey(x, key.get());
  X509_EXTENSION* const extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  X509_add_ext(x, extension, -1);
  X509_EXTENSION_free(extension);
  ASSERT_GT(X509_sign(x, key.get(), EVP_sha256()), 0);
  const auto close_file = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close_file)> cert(std::fopen(cert_file.c_str(), "w"),
                                                              close_file);
  ASSERT_EQ(PEM_write_X509(cert.get(), x), 1);
  const std::unique_ptr<std::FILE, decltype(close_file)> pem(std::fopen(key_file.c_str(), "w"),
                                                             close_file);
  ASSERT_EQ(PEM_write_PrivateKey(pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
}

TEST_F(ProxyTunnelTest, EnvironmentAppliesToHttpsAndGrpc) {
  for (const std::string& url : {Https(), Grpc()}) {
    TunnelProxy proxy;
    setenv("https_proxy", ("http://" + proxy.place()).c_str(), 1);
    EXPECT_EQ(Ask(url), Status()) << url;
    const std::string authority = url.substr(8, url.find('?') - 8);
    EXPECT_THAT(proxy.requests(), Not(IsEmpty()));
    EXPECT_THAT(proxy.requests(), Each(StartsWith("CONNECT " + authority + " HTTP/1.")));
    const std::size_t before = proxy.requests().size();
    setenv("no_proxy", "example.com,127.0.0.0/8", 1);
    EXPECT_EQ(Ask(url), Status()) << url;
    EXPECT_EQ(proxy.requests().size(), before);
    unsetenv("no_proxy");
  }
}

TEST_F(ProxyTunnelTest, ProxyInUrl) {
  for (const std::string& url : {Https() + "?", Grpc() + "&"}) {
    TunnelProxy proxy;
    setenv("no_proxy", "*", 1);
    EXPECT_EQ(Ask(url + "proxy=http://" + proxy.place()), Status()) << url;
    EXPECT_THAT(proxy.requests(), Not(IsEmpty()));
    unsetenv("no_proxy");
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    EXPECT_EQ(Ask(url + "proxy=none"), Status()) << url;
    EXPECT_EQ(Ask(url).code(), StatusCode::kUnavailable) << url;
  }
}

TEST_F(ProxyTunnelTest, SendsUserAndPassword) {
  for (const std::string& url : {Https(), Grpc()}) {
    TunnelProxy proxy;
    EXPECT_EQ(Ask(url, "http://Aladdin:open%20sesame@" + proxy.place()), Status()) << url;
    EXPECT_THAT(proxy.requests(),
                Each(HasSubstr("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n")));
  }
}

TEST_F(ProxyTunnelTest, RequestsWithoutTlsUseNoTunnel) {
  std::string request;
  std::mutex mutex;
  HostileServer proxy([&](Peer& peer) {
    for (std::string next = peer.ReadRequest(); !next.empty(); next = peer.ReadRequest()) {
      const std::lock_guard lock(mutex);
      request = next;
      peer.Send(HttpAnswer(R"({"tokens":["a"]})"));
    }
  });
  Options options;
  options.proxy = "http://a:b@localhost:" + std::to_string(proxy.port());
  auto client = Client::Connect("http://service.invalid:81", options);
  ASSERT_TRUE(client.ok()) << client.status();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(client->GetTokens(TokenKind::kStatic).ok());
  EXPECT_EQ(proxy.connections(), 1);
  const std::lock_guard lock(mutex);
  EXPECT_THAT(request, StartsWith("GET http://service.invalid:81/ts_dataservice/v1/public/tql/"
                                  "tokens/static HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nHost: service.invalid:81\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nProxy-Authorization: Basic YTpi\r\n"));
}

TEST_F(ProxyTunnelTest, ErrorsNameTheProxy) {
  struct Case {
    std::string answer;
    StatusCode code;
    std::string text;
  };
  const Case cases[] = {
      {"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", StatusCode::kFailedPrecondition,
       "HTTP status 407, it requires a user and a password"},
      {"HTTP/1.1 403 Forbidden\r\n\r\nno", StatusCode::kFailedPrecondition, "HTTP status 403"},
      {"HTTP/1.0 502 Bad Gateway\r\n\r\n", StatusCode::kUnavailable, "HTTP status 502"},
      {"HTTP/1.1 504 Gateway Timeout\r\n\r\n", StatusCode::kUnavailable, "HTTP status 504"},
      {"HTTP/1.1 200", StatusCode::kUnavailable, "closed the connection without a response"},
      {"HTTP/1.1 2x0 OK\r\n\r\n", StatusCode::kFailedPrecondition, "does not speak HTTP"},
      {"SSH-2.0-OpenSSH\r\n", StatusCode::kFailedPrecondition, "does not speak HTTP"},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(20000, 'x'), StatusCode::kFailedPrecondition,
       "does not speak HTTP"}};
  for (const Case& c : cases) {
    HostileServer proxy([&](Peer& peer) {
      peer.ReadRequest();
      peer.Send(c.answer);
    });
    const std::string place = "http://127.0.0.1:" + std::to_string(proxy.port());
    const Status status = Ask(Https(), place);
    EXPECT_EQ(status.code(), c.code) << status;
    EXPECT_THAT(status.message(), HasSubstr("the proxy " + place)) << c.answer;
    EXPECT_THAT(status.message(), HasSubstr(c.text)) << c.answer;
  }
}

TEST_F(ProxyTunnelTest, UnreachableOrSilentProxy) {
  const Status away = Ask(Https(), "http://127.0.0.1:1");
  EXPECT_EQ(away.code(), StatusCode::kUnavailable);
  EXPECT_THAT(away.message(), HasSubstr("the proxy http://127.0.0.1:1: cannot connect"));
  HostileServer silent([](Peer& peer) { peer.WaitUntilGone(); });
  Options options{.user = "u", .credentials = Credentials::Password("p")};
  options.proxy = "http://127.0.0.1:" + std::to_string(silent.port());
  options.call_timeout = 300ms;
  EXPECT_EQ(Client::Connect(Https(), options).status().code(), StatusCode::kDeadlineExceeded);
}

TEST_F(ProxyTunnelTest, GrpcReportsProxyResponse) {
  HostileServer proxy([&](Peer& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  });
  const Status status = Ask(Grpc(), "http://127.0.0.1:" + std::to_string(proxy.port()));
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), HasSubstr("403"));
}

TEST_F(ProxyTunnelTest, RejectsOtherKindsOfProxies) {
  for (const std::string& url : {Https(), Grpc()}) {
    const Status status = Ask(url, "socks5://127.0.0.1:1080");
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << url;
    EXPECT_THAT(status.message(), HasSubstr("\"socks5://\" is not supported")) << url;
  }
}

TEST_F(ProxyTunnelTest, RejectsPartialWildcardsOfCertificates) {
  const std::string key_file = ca_file_.string() + ".key";
  WriteCertificate("DNS:*.whole.example,DNS:a*.part.example", ca_file_, key_file);
  mock::Config config{.init_scripts = {"create database d; use d; create table t (x int); "
                                       "insert into t values (7);"}};
  config.http = "off";
  config.allowed_hosts = {"api.whole.example", "api.part.example"};
  config.tls_cert_file = ca_file_;
  config.tls_key_file = key_file;
  config.password_hash_rounds = 1000;
  const auto server = mock::Server::Create(config);
  ASSERT_TRUE(server.ok()) << server.status();
  TunnelProxy proxy;
  const std::string place = "http://" + proxy.place();
  const std::string port = ":" + std::to_string((*server)->https_port());
  EXPECT_EQ(Ask("https://api.whole.example" + port, place), Status());
  const Status status = Ask("https://api.part.example" + port, place);
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr("certificate"));
  std::filesystem::remove(key_file);
}

}  // namespace
}  // namespace tql
