#include "client/src/http_connection.h"

#include <httplib.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/src/exchange.h"
#include "client/src/exchange_socket.h"
#include "client/src/fork.h"
#include "client/src/http_framing.h"
#include "client/src/proxy_tunnel.h"
#include "client/src/wire_log.h"

namespace tql {
namespace {

constexpr int kNotModified = 304;

// The socket as the HTTP library sees it.
class ExchangeStream : public httplib::Stream {
 public:
  explicit ExchangeStream(ExchangeSocket& socket) : socket_(socket) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return socket_.fd(); }
  ssize_t read(char* data, std::size_t size) override { return socket_.Read(data, size); }
  ssize_t write(const char* data, std::size_t size) override { return socket_.Write(data, size); }

 private:
  ExchangeSocket& socket_;
};

// The library's plain or TLS client over ExchangeStream.
template <typename Base>
class Wire : public Base {
 public:
  Wire(const Url& url, std::optional<Proxy> proxy, std::chrono::milliseconds connect_timeout)
      : Base(url.host, url.port),
        host_(proxy ? proxy->host : url.host),
        port_(proxy ? proxy->port : url.port),
        authority_(AuthorityOf(url)),
        proxy_(std::move(proxy)),
        origin_(url.Origin()),
        connect_timeout_(connect_timeout) {}
  ~Wire() {
    if (!owner_.is_current()) Drop();
  }

  httplib::Result Send(httplib::Request& request, Exchange& exchange) {
    exchange_ = &exchange;
    connected_ = false;
    why_not_connected_ = "cannot connect";
    if constexpr (kTls) ERR_clear_error();
    if (this->is_socket_open() && !IsQuiet()) this->stop();
    httplib::Result result = this->send(request);
    handshake_.reset();
    exchange_ = nullptr;
    if (!exchange.lost && GaveUp(result, exchange.line)) {
      exchange.Fail(BrokenFraming(origin_, exchange.line));
    }
    // What is left on the way must not be taken for the next answer.
    if (!result || !exchange.failure.ok() || exchange.surplus) this->stop();
    return result;
  }
  void Forget() { connected_ = false; }
  // Of the last request.
  bool connected() const { return connected_; }
  const std::string& why_not_connected() const { return why_not_connected_; }

 private:
  static constexpr bool kTls = std::is_same_v<Base, httplib::SSLClient>;

  // Closes this process's descriptor and nothing else: the library would end the TLS session and
  // shut down the connection, which the parent process still uses.
  void Drop() {
    auto& socket = this->socket_;
    if constexpr (kTls) SSL_free(std::exchange(socket.ssl, nullptr));
    if (socket.sock != INVALID_SOCKET) close(std::exchange(socket.sock, INVALID_SOCKET));
  }

  // Whether the library gave up on bytes that came. It takes the line behind a chunk for the end of
  // the answer when it is not empty.
  static bool GaveUp(const httplib::Result& result, std::string_view last_line) {
    if (!result) return result.error() == httplib::Error::Read;
    return !last_line.empty() && last_line != "\r\n";
  }

  // Before a request nothing may come: what does is an end, TLS's own goodbye included, or belongs
  // to no answer. The library looks at the socket alone.
  bool IsQuiet() {
    char byte = 0;
    if constexpr (kTls) {
      SSL* const ssl = this->socket_.ssl;
      const int n = SSL_peek(ssl, &byte, 1);
      const bool quiet = n <= 0 && SSL_get_error(ssl, n) == SSL_ERROR_WANT_READ;
      ERR_clear_error();
      return quiet;
    }
    const ssize_t n = recv(this->socket_.sock, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }

  bool create_and_connect_socket(typename Base::Socket& socket, httplib::Error& error) override {
    if (!this->is_valid()) return false;
    const Deadline until = std::chrono::steady_clock::now() + connect_timeout_;
    Exchange connecting{std::min(exchange_->deadline, until), exchange_->cancel};
    const StatusOr<int> fd = Dial(host_, port_, connecting);
    if (!fd) {
      why_not_connected_ =
          (proxy_ ? "the proxy " + proxy_->Origin() + ": " : "") + fd.status().message();
      error = httplib::Error::Connection;
      return false;
    }
    if (kTls && proxy_) {
      const Status tunnel = OpenTunnel(*fd, *proxy_, authority_, connecting);
      if (!tunnel.ok()) {
        close(*fd);
        error = httplib::Error::Connection;
        why_not_connected_ = tunnel.message();
        const bool refused = tunnel.code() == StatusCode::kFailedPrecondition;
        return refused &&
               exchange_->Fail(FailedPreconditionError(origin_ + ": " + tunnel.message()));
      }
    }
    socket.sock = *fd;
    exchange_->anew = true;
    // The library does the handshake by itself.
    if constexpr (kTls) handshake_.emplace(exchange_->cancel, socket.sock);
    return true;
  }

  bool process_socket(const typename Base::Socket& socket,
                      std::function<bool(httplib::Stream&)> callback) override {
    connected_ = true;
    handshake_.reset();
    SSL* ssl = nullptr;
    if constexpr (kTls) ssl = socket.ssl;
    ExchangeSocket bytes(socket.sock, ssl, origin_, *exchange_);
    ExchangeStream stream(bytes);
    const bool done = callback(stream);
    exchange_->surplus = bytes.has_unread();
    return done;
  }

  const std::string host_;  // that is connected to, like the port
  const int port_;
  const std::string authority_;
  const std::optional<Proxy> proxy_;
  const std::string origin_;
  const std::chrono::milliseconds connect_timeout_;
  const OwnerProcess owner_;
  Exchange* exchange_ = nullptr;
  bool connected_ = false;
  std::string why_not_connected_;
  std::optional<CancelSignal::ShutsDown> handshake_;
};

void Trust(httplib::SSLClient& client, const std::string& host, const TlsOptions& tls) {
  SSL_CTX_set_min_proto_version(client.ssl_context(), TLS1_2_VERSION);
  client.enable_server_certificate_verification(!tls.insecure);
  if (tls.insecure) return;
  if (!tls.ca_file.empty()) client.set_ca_cert_path(tls.ca_file);
  // OpenSSL's own check of the name, stricter than the library's.
  X509_VERIFY_PARAM* param = SSL_CTX_get0_param(client.ssl_context());
  if (X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) != 1) {
    X509_VERIFY_PARAM_set1_host(param, host.c_str(), 0);
  }
}

// Why the last handshake of this thread failed.
Status HandshakeError(const std::string& what) {
  const unsigned long error = ERR_peek_error();
  const int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
  // A socket that is reset or silent is no error of TLS; the library's shutdown behind it is.
  if (error == 0 || reason == SSL_R_SHUTDOWN_WHILE_IN_INIT) {
    return UnavailableError(what +
                            "the TLS handshake was cut or took too long; perhaps the port "
                            "does not speak TLS");
  }
  if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST) {
    return FailedPreconditionError(what +
                                   "the port does not speak TLS; perhaps it is one for http");
  }
  if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return UnavailableError(what +
                            "the connection was closed during the TLS handshake; perhaps "
                            "the port does not speak TLS");
  }
  const char* text = ERR_reason_error_string(error);
  return UnavailableError(what + "TLS could not be established: " + (text ? text : "unknown"));
}

// `lost`: what is to be said of a connection that was made and ended.
Status ErrorOf(httplib::Error error, const std::string& lost, const std::string& origin,
               const std::string& ca_file) {
  using E = httplib::Error;
  const std::string what = origin + ": ";
  switch (error) {
    case E::Success:
      return {};
    case E::Canceled:
      return CancelledError("the call was cancelled");
    case E::SSLServerVerification:
      return FailedPreconditionError(
          what +
          "the server's certificate is not trusted for this host; name the "
          "file of a certificate to trust, or accept any");
    case E::SSLLoadingCerts:
      return InvalidArgumentError("the file of trusted certificates cannot be read: " + ca_file);
    case E::SSLConnection:
      return HandshakeError(what);
    default:
      return UnavailableError(what + lost);
  }
}

std::vector<std::string> ValuesOf(const httplib::Response& response, const std::string& header) {
  std::vector<std::string> values;
  const auto [first, last] = response.headers.equal_range(header);
  for (auto it = first; it != last; ++it) values.push_back(it->second);
  return values;
}

HttpHead HeadOf(const httplib::Response& response) {
  return {response.status,
          ValuesOf(response, "Set-Cookie"),
          response.get_header_value("Retry-After"),
          response.get_header_value("Date"),
          response.get_header_value("Content-Encoding"),
          response.get_header_value("Content-Type"),
          response.get_header_value("Location")};
}

template <typename Base>
class Connection : public HttpConnection {
 public:
  Connection(const Url& url, const Options& options, const std::optional<Proxy>& proxy)
      : wire_(url, proxy, options.connect_timeout),
        origin_(url.Origin()),
        proxy_(proxy),
        ca_file_(options.tls.ca_file),
        application_(options.application),
        connect_timeout_(options.connect_timeout) {
    wire_.set_keep_alive(true);
    wire_.set_decompress(false);
    wire_.set_follow_location(false);
    wire_.set_url_encode(false);
    if constexpr (kTls) Trust(wire_, url.host, options.tls);
  }

  Status Send(const HttpRequest& request, const HttpReceiver& receiver, Deadline deadline,
              CancelSignal& cancel) override {
    wire_.Forget();
    HoldSigpipe hold;
    Exchange exchange{deadline, cancel, kMostHeadBytes};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return TooLong(wire_.is_socket_open() > 0);
    if (cancel.is_set()) return CancelledError("the call was cancelled");
    // Of the handshake; never a little less than the deadline, which is to have the last word.
    wire_.set_connection_timeout(std::min(left + std::chrono::milliseconds(1), connect_timeout_));

    httplib::Request message = MessageOf(request);
    bool has_head = false;
    const auto take_head = [&](const httplib::Response& response) {
      has_head = true;
      exchange.in_head = false;
      exchange.budget = kMostFramingBytes;
      const HttpHead head = HeadOf(response);
      Status status =
          CheckFraming(origin_, {head.status, ValuesOf(response, "Content-Length"),
                                 ValuesOf(response, "Transfer-Encoding"), head.content_encoding});
      return status.ok() ? receiver.head(head) : exchange.Fail(std::move(status));
    };
    // The library would read a body behind a 304; to give up is to end it at its head.
    bool ends_at_head = false;
    message.response_handler = [&](const httplib::Response& response) {
      const bool good = take_head(response);
      ends_at_head = good && response.status == kNotModified;
      return good && !ends_at_head;
    };
    message.content_receiver = [&](const char* data, std::size_t size, std::uint64_t,
                                   std::uint64_t) {
      exchange.budget = kMostFramingBytes;
      exchange.line.clear();
      return receiver.body(data, size);
    };
    const httplib::Result result = wire_.Send(message, exchange);
    if (!exchange.failure.ok()) return exchange.failure;
    if (ends_at_head) return {};
    if (!result && cancel.is_set()) return CancelledError("the call was cancelled");
    if (!result && deadline <= std::chrono::steady_clock::now()) {
      return TooLong(wire_.connected());
    }
    // An answer that cannot have a body, 204, never comes to the response handler.
    if (result && !has_head) take_head(*result);
    if (!exchange.failure.ok()) return exchange.failure;
    return ErrorOf(result.error(), WhyLost(exchange), origin_, ca_file_);
  }

  bool connected() const override { return wire_.connected(); }

 private:
  std::string WhyLost(const Exchange& exchange) const {
    if (!wire_.connected()) return wire_.why_not_connected();
    if (kTls || !exchange.anew || exchange.answered) {
      return "the connection was lost";
    }
    return "the connection was closed before an answer; perhaps the port speaks TLS";
  }
  Status TooLong(bool connected) const {
    return DeadlineExceededError(connected ? "the call took too long"
                                           : origin_ + ": connecting took too long");
  }
  httplib::Request MessageOf(const HttpRequest& request) const {
    httplib::Request message;
    message.method = request.method;
    message.path = request.path;
    if (proxy_ && !kTls) {
      message.path = origin_ + request.path;
      if (!proxy_->authorization.empty()) {
        message.headers.emplace("Proxy-Authorization", proxy_->authorization);
      }
    }
    message.body = request.body;
    for (const auto& [name, value] : request.headers) message.headers.emplace(name, value);
    message.headers.emplace("User-Agent", application_);
    message.headers.emplace("Accept-Encoding", "identity");
    if (!request.content_type.empty()) {
      message.headers.emplace("Content-Type", request.content_type);
    }
    return message;
  }

  static constexpr bool kTls = std::is_same_v<Base, httplib::SSLClient>;

  Wire<Base> wire_;
  const std::string origin_;
  const std::optional<Proxy> proxy_;
  const std::string ca_file_;
  const std::string application_;
  const std::chrono::milliseconds connect_timeout_;
};

}  // namespace

std::unique_ptr<HttpConnection> HttpConnection::Make(const Url& url, const Options& options,
                                                     const std::optional<Proxy>& proxy) {
  std::unique_ptr<HttpConnection> connection;
  if (url.tls) {
    connection = std::make_unique<Connection<httplib::SSLClient>>(url, options, proxy);
  } else {
    connection = std::make_unique<Connection<httplib::ClientImpl>>(url, options, proxy);
  }
  return options.wire_log ? LogWire(std::move(connection), url, options.wire_log)
                          : std::move(connection);
}

}  // namespace tql
