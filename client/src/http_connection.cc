#include "client/src/http_connection.h"

#include <fcntl.h>
#include <httplib.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>

#include "client/src/exchange.h"
#include "client/src/wire_log.h"

namespace tql {
namespace {

constexpr std::size_t kReadBuffer = std::size_t{64} << 10;
// Bytes of a status line with all headers.
constexpr std::size_t kMostHeadBytes = std::size_t{64} << 10;
// Bytes of the framing around one chunk.
constexpr std::size_t kMostFramingBytes = std::size_t{8} << 10;

// OpenSSL writes without MSG_NOSIGNAL. A library may not change the process's signals, so the
// thread's SIGPIPE is held back, and taken away if it came.
class HoldSigpipe {
 public:
  HoldSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~HoldSigpipe() {
    const timespec now{};
    if (!was_pending_) sigtimedwait(&pipe_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

// The socket as the HTTP library sees it: every wait ends at the deadline or when cancelled.
class ExchangeStream : public httplib::Stream {
 public:
  ExchangeStream(socket_t fd, SSL* ssl, Exchange* exchange)
      : fd_(fd), ssl_(ssl), exchange_(exchange) {
    fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL, 0) | O_NONBLOCK);
  }

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return fd_; }
  bool has_unread() const { return begin_ != end_; }

  ssize_t read(char* data, std::size_t size) override {
    if (begin_ == end_) {
      const ssize_t n = Transfer(POLLIN, [&] { return Receive(); });
      if (n <= 0) return n;
      begin_ = 0;
      end_ = static_cast<std::size_t>(n);
      // The first byte of a TLS record, an alert, is none.
      if (buffer_[0] != '\x15') exchange_->answered = true;
    }
    const std::size_t n = std::min(size, end_ - begin_);
    // Heads and chunk sizes are read byte by byte; what is longer belongs to the body.
    if (size == 1) {
      if (exchange_->budget == 0) {
        exchange_->Fail(InternalError("the answer's head is longer than " +
                                      std::to_string(kMostHeadBytes >> 10) + " KiB"));
        return -1;
      }
      --exchange_->budget;
    }
    std::memcpy(data, buffer_.get() + begin_, n);
    begin_ += n;
    return static_cast<ssize_t>(n);
  }

  ssize_t write(const char* data, std::size_t size) override {
    return Transfer(POLLOUT, [&]() -> ssize_t {
      if (!ssl_) return send(fd_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
      return SSL_write(ssl_, data, static_cast<int>(std::min<std::size_t>(size, 1 << 30)));
    });
  }

 private:
  ssize_t Receive() {
    if (!ssl_) return recv(fd_, buffer_.get(), kReadBuffer, MSG_DONTWAIT);
    return SSL_read(ssl_, buffer_.get(), kReadBuffer);
  }

  template <typename Operation>
  ssize_t Transfer(short events, Operation operation) {
    for (;;) {
      if (exchange_->cancel.is_set()) {
        exchange_->Fail(CancelledError("the call was cancelled"));
        return -1;
      }
      errno = 0;
      const ssize_t n = operation();
      if (n > 0) return n;
      short wanted = events;
      if (ssl_) {
        const int error = SSL_get_error(ssl_, static_cast<int>(n));
        if (error == SSL_ERROR_ZERO_RETURN) return 0;
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return -1;
        wanted = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
      } else {
        if (n == 0) return 0;
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return -1;
      }
      if (!exchange_->Wait(fd_, wanted)) return -1;
    }
  }

  const socket_t fd_;
  SSL* const ssl_;
  Exchange* const exchange_;
  std::unique_ptr<char[]> buffer_{new char[kReadBuffer]};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

// The library's plain or TLS client over ExchangeStream.
template <typename Base>
class Wire : public Base {
 public:
  Wire(const std::string& host, int port, std::chrono::milliseconds connect_timeout)
      : Base(host, port), host_(host), port_(port), connect_timeout_(connect_timeout) {}

  httplib::Result Send(httplib::Request& request, Exchange& exchange) {
    exchange_ = &exchange;
    connected_ = false;
    why_not_connected_ = "cannot connect";
    if constexpr (kTls) ERR_clear_error();
    if (this->is_socket_open() && !IsQuiet()) this->stop();
    httplib::Result result = this->send(request);
    handshake_.reset();
    exchange_ = nullptr;
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
      why_not_connected_ = fd.status().message();
      error = httplib::Error::Connection;
      return false;
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
    ExchangeStream stream(socket.sock, ssl, exchange_);
    const bool done = callback(stream);
    exchange_->surplus = stream.has_unread();
    return done;
  }

  const std::string host_;
  const int port_;
  const std::chrono::milliseconds connect_timeout_;
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

template <typename Base>
class Connection : public HttpConnection {
 public:
  Connection(const Url& url, const Options& options)
      : wire_(url.host, url.port, options.connect_timeout),
        origin_(url.Origin()),
        ca_file_(options.tls.ca_file),
        application_(options.application),
        connect_timeout_(options.connect_timeout) {
    wire_.set_keep_alive(true);
    wire_.set_decompress(false);
    wire_.set_follow_location(false);
    wire_.set_url_encode(false);
    if constexpr (std::is_same_v<Base, httplib::SSLClient>) Trust(wire_, url.host, options.tls);
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
      HttpHead head{response.status,
                    {},
                    response.get_header_value("Retry-After"),
                    response.get_header_value("Date")};
      const auto [first, last] = response.headers.equal_range("Set-Cookie");
      for (auto it = first; it != last; ++it) head.set_cookies.push_back(it->second);
      exchange.budget = kMostFramingBytes;
      return receiver.head(head);
    };
    message.response_handler = take_head;
    message.content_receiver = [&](const char* data, std::size_t size, std::uint64_t,
                                   std::uint64_t) {
      exchange.budget = kMostFramingBytes;
      return receiver.body(data, size);
    };
    const httplib::Result result = wire_.Send(message, exchange);
    if (!exchange.failure.ok()) return exchange.failure;
    if (!result && cancel.is_set()) return CancelledError("the call was cancelled");
    if (!result && deadline <= std::chrono::steady_clock::now()) {
      return TooLong(wire_.connected());
    }
    // An answer that cannot have a body, 204, never comes to the response handler.
    if (result && !has_head) take_head(*result);
    return ErrorOf(result.error(), WhyLost(exchange), origin_, ca_file_);
  }

  bool connected() const override { return wire_.connected(); }

 private:
  std::string WhyLost(const Exchange& exchange) const {
    if (!wire_.connected()) return wire_.why_not_connected();
    if (std::is_same_v<Base, httplib::SSLClient> || !exchange.anew || exchange.answered) {
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
    message.body = request.body;
    for (const auto& [name, value] : request.headers) message.headers.emplace(name, value);
    message.headers.emplace("User-Agent", application_);
    if (!request.content_type.empty()) {
      message.headers.emplace("Content-Type", request.content_type);
    }
    return message;
  }

  Wire<Base> wire_;
  const std::string origin_;
  const std::string ca_file_;
  const std::string application_;
  const std::chrono::milliseconds connect_timeout_;
};

}  // namespace

CancelSignal::CancelSignal() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
CancelSignal::~CancelSignal() {
  if (fd_ >= 0) close(fd_);
}
void CancelSignal::Set() {
  set_.store(true, std::memory_order_release);
  const std::uint64_t one = 1;
  if (fd_ >= 0) (void)!write(fd_, &one, sizeof one);
  const std::lock_guard lock(mutex_);
  if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
}

CancelSignal::ShutsDown::ShutsDown(CancelSignal& signal, int socket) : signal_(signal) {
  const std::lock_guard lock(signal_.mutex_);
  // A copy: the library closes its own when it likes, and the number may come again.
  signal_.socket_ = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (signal_.is_set()) shutdown(socket, SHUT_RDWR);
}
CancelSignal::ShutsDown::~ShutsDown() {
  const std::lock_guard lock(signal_.mutex_);
  if (signal_.socket_ >= 0) close(std::exchange(signal_.socket_, -1));
}

std::unique_ptr<HttpConnection> HttpConnection::Make(const Url& url, const Options& options) {
  std::unique_ptr<HttpConnection> connection;
  if (url.tls) {
    connection = std::make_unique<Connection<httplib::SSLClient>>(url, options);
  } else {
    connection = std::make_unique<Connection<httplib::ClientImpl>>(url, options);
  }
  return options.wire_log ? LogWire(std::move(connection), url, options.wire_log)
                          : std::move(connection);
}

}  // namespace tql
