// HttpConnection on top of cpp-httplib 0.11.4.
//
// httplib builds requests and parses responses, but its I/O does not fit: it has a timeout per read
// but none for a whole request, cannot be cancelled while it connects, and accepts invalid
// responses. So HttplibClient overrides two virtual functions of httplib's client, one that
// connects and one that processes a request on a connected socket, and lets httplib read and write
// through RequestSocket, which enforces the deadline and checks the framing.
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

#include "client/src/fork.h"
#include "client/src/http_framing.h"
#include "client/src/proxy_tunnel.h"
#include "client/src/request_socket.h"
#include "client/src/request_state.h"
#include "client/src/wire_log.h"
#include "proto/base/file.h"

namespace tql {
namespace {

constexpr int kNotModified = 304;

// Adapts RequestSocket to httplib's stream interface.
class SocketStream : public httplib::Stream {
 public:
  explicit SocketStream(RequestSocket& socket) : socket_(socket) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return socket_.fd(); }
  ssize_t read(char* data, std::size_t size) override { return socket_.Read(data, size); }
  ssize_t write(const char* data, std::size_t size) override { return socket_.Write(data, size); }

 private:
  RequestSocket& socket_;
};

// httplib's client, plain (ClientImpl) or with TLS (SSLClient), with its I/O replaced.
template <typename Base>
class HttplibClient : public Base {
 public:
  HttplibClient(const Url& url, std::optional<Proxy> proxy,
                std::chrono::milliseconds connect_timeout)
      : Base(url.host, url.port),
        host_(proxy ? proxy->host : url.host),
        port_(proxy ? proxy->port : url.port),
        authority_(AuthorityOf(url)),
        proxy_(std::move(proxy)),
        origin_(url.Origin()),
        connect_timeout_(connect_timeout) {}
  ~HttplibClient() override {
    if (!owner_.is_current()) CloseDescriptor();
  }

  // Sends the request, over the open connection if it is still usable, otherwise over a new one.
  httplib::Result Send(httplib::Request& request, RequestState& state) {
    state_ = &state;
    connected_ = false;
    connect_error_ = "cannot connect";
    if constexpr (kTls) ERR_clear_error();
    if (this->is_socket_open() && !HasNoPendingBytes()) this->stop();
    httplib::Result result = this->send(request);
    handshake_.reset();
    state_ = nullptr;
    if (!state.connection_lost && HasBrokenFraming(result, state.line)) {
      state.Fail(BrokenFraming(origin_, state.line));
    }
    // Unread bytes must not be taken for the next response.
    if (!result || !state.failure.ok() || state.has_excess_bytes) this->stop();
    return result;
  }
  void ResetConnected() { connected_ = false; }
  // About the last request.
  bool connected() const { return connected_; }
  const std::string& connect_error() const { return connect_error_; }

 private:
  static constexpr bool kTls = std::is_same_v<Base, httplib::SSLClient>;

  // Only closes this process's descriptor. httplib would end the TLS session and shut down the
  // connection, which the parent process still uses.
  void CloseDescriptor() {
    auto& socket = this->socket_;
    if constexpr (kTls) SSL_free(std::exchange(socket.ssl, nullptr));
    if (socket.sock != INVALID_SOCKET) close(std::exchange(socket.sock, INVALID_SOCKET));
  }

  // Whether httplib failed on bytes that it had received. It silently ends the response if the line
  // after a chunk is not empty.
  static bool HasBrokenFraming(const httplib::Result& result, std::string_view last_line) {
    if (!result) return result.error() == httplib::Error::Read;
    return !last_line.empty() && last_line != "\r\n";
  }

  // Whether no bytes are pending on an idle connection. Pending bytes mean that the peer has closed
  // the connection (a TLS close_notify included), or belong to no response. httplib checks only the
  // socket, not the TLS layer.
  bool HasNoPendingBytes() {
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

  // Called by httplib to open a connection.
  bool create_and_connect_socket(typename Base::Socket& socket, httplib::Error& error) override {
    if (!this->is_valid()) return false;
    const Deadline until = std::chrono::steady_clock::now() + connect_timeout_;
    RequestState connecting{std::min(state_->deadline, until), state_->cancel};
    const StatusOr<int> fd = ConnectTcp(host_, port_, connecting);
    if (!fd) {
      connect_error_ =
          (proxy_ ? "the proxy " + proxy_->Origin() + ": " : "") + fd.status().message();
      error = httplib::Error::Connection;
      return false;
    }
    if (kTls && proxy_) {
      const Status tunnel = OpenTunnel(*fd, *proxy_, authority_, connecting);
      if (!tunnel.ok()) {
        close(*fd);
        error = httplib::Error::Connection;
        connect_error_ = tunnel.message();
        const bool refused = tunnel.code() == StatusCode::kFailedPrecondition;
        return refused && state_->Fail(FailedPreconditionError(origin_ + ": " + tunnel.message()));
      }
    }
    socket.sock = *fd;
    state_->is_new_connection = true;
    // httplib performs the handshake after this function, with blocking I/O.
    if constexpr (kTls) handshake_.emplace(state_->cancel, socket.sock);
    return true;
  }

  // Called by httplib to process one request on the connected socket.
  bool process_socket(const typename Base::Socket& socket,
                      std::function<bool(httplib::Stream&)> callback) override {
    connected_ = true;
    handshake_.reset();
    SSL* ssl = nullptr;
    if constexpr (kTls) ssl = socket.ssl;
    RequestSocket bytes(socket.sock, ssl, origin_, *state_);
    SocketStream stream(bytes);
    const bool done = callback(stream);
    state_->has_excess_bytes = bytes.has_unread();
    return done;
  }

  const std::string host_;  // the host to connect to: the service's or the proxy's; likewise port_
  const int port_;
  const std::string authority_;
  const std::optional<Proxy> proxy_;
  const std::string origin_;
  const std::chrono::milliseconds connect_timeout_;
  const OwnerProcess owner_;
  RequestState* state_ = nullptr;
  bool connected_ = false;
  std::string connect_error_;
  std::optional<CancelSignal::ShutsDown> handshake_;
};

constexpr std::size_t kMostCertificateBytes = std::size_t{16} << 20;

// Configures the verification of the server. An error means that it could not be verified.
Status ConfigureVerification(httplib::SSLClient& client, const std::string& host,
                             const TlsOptions& tls) {
  if (SSL_CTX_set_min_proto_version(client.ssl_context(), TLS1_2_VERSION) != 1) {
    return InternalError("TLS 1.2 cannot be required");
  }
  client.enable_server_certificate_verification(!tls.insecure);
  if (tls.insecure) return {};
  if (!tls.ca_file.empty()) {
    // httplib opens the file at each handshake; opening a pipe would block.
    const Status read = base::ReadFile(tls.ca_file, kMostCertificateBytes).status();
    if (!read.ok()) {
      return InvalidArgumentError("the file of trusted certificates cannot be read: " +
                                  tls.ca_file + ": " + read.message());
    }
    client.set_ca_cert_path(tls.ca_file);
  }
  // Let OpenSSL verify the host name, which is stricter than httplib's check.
  X509_VERIFY_PARAM* const param = SSL_CTX_get0_param(client.ssl_context());
  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1) return {};
  ERR_clear_error();
  if (host.empty() || X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size()) != 1) {
    return InvalidArgumentError("no certificate can be for the host " + host);
  }
  return {};
}

// Returns the error of the last TLS handshake of this thread.
Status HandshakeError(const std::string& what) {
  const unsigned long error = ERR_peek_error();
  const int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
  // A reset or a timeout leaves no error in OpenSSL's queue, but httplib's subsequent shutdown
  // does.
  if (error == 0 || reason == SSL_R_SHUTDOWN_WHILE_IN_INIT) {
    return UnavailableError(what +
                            "the TLS handshake was interrupted or took too long; perhaps the port "
                            "does not speak TLS");
  }
  if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST) {
    return FailedPreconditionError(what + "the port does not speak TLS; it may be an http port");
  }
  if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return UnavailableError(what +
                            "the connection was closed during the TLS handshake; perhaps "
                            "the port does not speak TLS");
  }
  const char* text = ERR_reason_error_string(error);
  return UnavailableError(what + "TLS could not be established: " + (text ? text : "unknown"));
}

// Converts an error of httplib. `lost` is the message for a connection that could not be opened or
// that ended.
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
      return FailedPreconditionError(what +
                                     "the server's certificate is not trusted for this host; set a "
                                     "file of trusted certificates, or accept any certificate");
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

// Lets httplib ask for the body, because it copies one that is a member of its request three times.
void SetBody(const HttpRequest& request, httplib::Request& message) {
  message.content_length_ = request.body_size();
  if (message.content_length_ == 0) return;
  message.content_provider_ = [&request](std::size_t, std::size_t, httplib::DataSink& sink) {
    bool written = sink.write(request.body.data(), request.body.size());
    for (const std::string_view piece : request.more_body) {
      written = written && sink.write(piece.data(), piece.size());
    }
    return true;  // otherwise httplib would report a cancellation instead of the error of writing
  };
}

template <typename Base>
class Connection : public HttpConnection {
 public:
  Connection(const Url& url, const Options& options, const std::optional<Proxy>& proxy)
      : httplib_(url, proxy, options.connect_timeout),
        origin_(url.Origin()),
        proxy_(proxy),
        ca_file_(options.tls.ca_file),
        application_(options.application),
        connect_timeout_(options.connect_timeout) {
    httplib_.set_keep_alive(true);
    httplib_.set_decompress(false);
    httplib_.set_follow_location(false);
    httplib_.set_url_encode(false);
    if constexpr (kTls) verification_ = ConfigureVerification(httplib_, url.host, options.tls);
  }

  Status Send(const HttpRequest& request, const HttpReceiver& receiver, Deadline deadline,
              CancelSignal& cancel) override {
    if (!verification_.ok()) return verification_;
    httplib_.ResetConnected();
    SigpipeBlocker hold;
    RequestState state{deadline, cancel, kMostHeadBytes};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return DeadlineError(httplib_.is_socket_open() > 0);
    if (cancel.is_set()) return CancelledError("the call was cancelled");
    // The timeout of the handshake. It must not expire before the deadline, which determines the
    // error; hence the extra millisecond.
    httplib_.set_connection_timeout(
        std::min(left + std::chrono::milliseconds(1), connect_timeout_));

    httplib::Request message = MessageOf(request);
    bool has_head = false;
    const auto take_head = [&](const httplib::Response& response) {
      has_head = true;
      state.in_head = false;
      state.is_chunked = response.has_header("Transfer-Encoding");
      state.budget = kMostFramingBytes;
      const HttpHead head = HeadOf(response);
      Status status =
          CheckFraming(origin_, {head.status, ValuesOf(response, "Content-Length"),
                                 ValuesOf(response, "Transfer-Encoding"), head.content_encoding});
      return status.ok() ? receiver.head(head) : state.Fail(std::move(status));
    };
    // httplib would wait for a body after a 304, which has none, so cancel after the header.
    bool ends_at_head = false;
    message.response_handler = [&](const httplib::Response& response) {
      const bool good = take_head(response);
      ends_at_head = good && response.status == kNotModified;
      return good && !ends_at_head;
    };
    message.content_receiver = [&](const char* data, std::size_t size, std::uint64_t,
                                   std::uint64_t) {
      state.budget = kMostFramingBytes;
      state.line.clear();
      return receiver.body(data, size);
    };
    const httplib::Result result = httplib_.Send(message, state);
    if (!state.failure.ok()) return state.failure;
    if (ends_at_head) return {};
    if (!result && cancel.is_set()) return CancelledError("the call was cancelled");
    if (!result && deadline <= std::chrono::steady_clock::now()) {
      return DeadlineError(httplib_.connected());
    }
    // httplib does not call the response handler for a response without a body, e.g. a 204.
    if (result && !has_head) take_head(*result);
    if (!state.failure.ok()) return state.failure;
    return ErrorOf(result.error(), ConnectionErrorText(state), origin_, ca_file_);
  }

  bool connected() const override { return httplib_.connected(); }

 private:
  // Returns the message for a connection that could not be opened or that ended.
  std::string ConnectionErrorText(const RequestState& state) const {
    if (!httplib_.connected()) return httplib_.connect_error();
    if (kTls || !state.is_new_connection || state.has_response) {
      return "the connection was lost";
    }
    return "the connection was closed before a response; perhaps the port speaks TLS";
  }
  Status DeadlineError(bool connected) const {
    return DeadlineExceededError(connected ? "the call took too long"
                                           : origin_ + ": connecting took too long");
  }
  httplib::Request MessageOf(const HttpRequest& request) const {
    httplib::Request message;
    message.method = request.method;
    message.path = request.path;
    if (proxy_ && !kTls) {  // a request to a proxy has the whole URL
      message.path = origin_ + request.path;
      if (!proxy_->authorization.empty()) {
        message.headers.emplace("Proxy-Authorization", proxy_->authorization);
      }
    }
    SetBody(request, message);
    for (const auto& [name, value] : request.headers) message.headers.emplace(name, value);
    message.headers.emplace("User-Agent", application_);
    message.headers.emplace("Accept-Encoding", "identity");
    if (!request.content_type.empty()) {
      message.headers.emplace("Content-Type", request.content_type);
    }
    return message;
  }

  static constexpr bool kTls = std::is_same_v<Base, httplib::SSLClient>;

  HttplibClient<Base> httplib_;
  const std::string origin_;
  const std::optional<Proxy> proxy_;
  const std::string ca_file_;
  Status verification_;
  const std::string application_;
  const std::chrono::milliseconds connect_timeout_;
};

}  // namespace

std::size_t HttpRequest::body_size() const {
  std::size_t size = body.size();
  for (const std::string_view piece : more_body) size += piece.size();
  return size;
}

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
