#include "tools/tqlconform/selftest/rewriting_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "proto/base/text.h"
#include "tools/tqlconform/server/http_response.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

constexpr std::chrono::seconds kPatience{60};
constexpr std::size_t kMaxHead = std::size_t{1} << 20;
constexpr std::size_t kMaxBody = std::size_t{64} << 20;
constexpr std::size_t kWholeChunk = std::size_t{1} << 30;
constexpr std::size_t kTinyChunk = 7;
constexpr std::string_view kHeadEnd = "\r\n\r\n";

/// A request as it was received. An opaque one is passed on as bytes, with all that follows it.
struct Request {
  std::string head;  // With the empty line.
  std::string body;
  bool opaque = false;

  bool is_head() const { return head.starts_with("HEAD "); }
  std::string Text() const { return head + body; }
};

std::string FieldOfHead(std::string_view head, std::string_view name) {
  while (true) {
    const std::size_t end = head.find("\r\n");
    if (end == head.npos) return "";
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (tql::base::StartsWithIgnoreCase(line, name) && line.substr(name.size()).starts_with(':')) {
      return std::string(tql::base::Trim(line.substr(name.size() + 1)));
    }
  }
}

/// Replaces the header, or adds it.
void SetField(const std::string& name, const std::string& value, std::string* head) {
  std::string changed;
  std::string_view rest = *head;
  for (std::size_t end = rest.find("\r\n"); end != rest.npos && end > 0; end = rest.find("\r\n")) {
    const std::string_view line = rest.substr(0, end + 2);
    if (!tql::base::StartsWithIgnoreCase(line, name + ':')) changed += line;
    rest.remove_prefix(end + 2);
  }
  *head = changed + name + ": " + value + std::string(kHeadEnd);
}

std::string ReasonOf(int status) {
  constexpr int kOk = 200;
  return status == kOk ? "OK" : "Status";
}

}  // namespace

/// One request and its response.
class RewritingProxy::Exchange {
 public:
  Exchange(RewritingProxy& proxy, Connection& client, std::unique_ptr<Connection>* server)
      : proxy_(proxy), client_(client), server_(*server) {}

  /// False: the connections cannot be used any more.
  bool Perform(std::string* received) {
    if (!Receive(received)) return false;
    const std::shared_ptr<const RewriteRules> rules = Rules();
    const std::string text = request_.Text();
    const auto rule = std::ranges::find_if(
        *rules, [&text](const RewriteRule& candidate) { return candidate.Takes(text); });
    const bool acts = rule != rules->end();
    if (acts && rule->message().status() != 0) return Answer(rule->message());
    if (request_.opaque) return Tunnel();
    if (acts) Change(*rule);
    if (!Forward()) return false;
    if (!acts || !rule->changes_response()) return Pass();
    BodyRewriter body(*rule);
    return Relay(*rule, body);
  }

 private:
  static Clock::time_point Deadline() { return Clock::now() + kPatience; }
  const Interrupt& interrupt() const { return proxy_.interrupt_; }

  std::shared_ptr<const RewriteRules> Rules() const {
    const tql::base::MutexLock lock(proxy_.mutex_);
    return proxy_.rules_;
  }

  /// Reads a request as a whole.
  bool Receive(std::string* received) {
    std::size_t end = received->find(kHeadEnd);
    while (end == std::string::npos && received->size() < kMaxHead) {
      if (client_.Receive(received, Deadline(), interrupt()) != Io::kOk) return false;
      end = received->find(kHeadEnd);
    }
    request_.opaque = end == std::string::npos;
    if (!request_.opaque) {
      request_.head = received->substr(0, end + kHeadEnd.size());
      received->erase(0, request_.head.size());
    }
    const std::string length = FieldOfHead(request_.head, "Content-Length");
    std::size_t size = 0;
    const auto [stop, error] = std::from_chars(length.data(), length.data() + length.size(), size);
    const bool valid = length.empty() || (error == std::errc() && *stop == '\0');
    const bool is_http = request_.head.substr(0, request_.head.find("\r\n")).ends_with("HTTP/1.1");
    if (!valid || size > kMaxBody || !is_http ||
        !FieldOfHead(request_.head, "Transfer-Encoding").empty()) {
      request_.opaque = true;
    }
    if (request_.opaque) {
      request_.body = std::exchange(*received, "");
      return true;
    }
    while (received->size() < size) {
      if (client_.Receive(received, Deadline(), interrupt()) != Io::kOk) return false;
    }
    request_.body = received->substr(0, size);
    received->erase(0, size);
    return true;
  }

  bool Answer(const confpb::Rewrite& rewrite) {
    const std::string content =
        rewrite.content().empty() ? R"({"error":{"message":"refused"}})" : rewrite.content();
    return ToClient("HTTP/1.1 " + std::to_string(rewrite.status()) + ' ' +
                    ReasonOf(static_cast<int>(rewrite.status())) +
                    "\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(content.size()) + std::string(kHeadEnd) + content);
  }

  void Change(const RewriteRule& rule) {
    rule.request().Apply(&request_.body);
    if (!request_.body.empty()) {
      SetField("Content-Length", std::to_string(request_.body.size()), &request_.head);
    }
    if (!rule.message().lends_session()) return;
    const tql::base::MutexLock lock(proxy_.mutex_);
    SetField("Cookie", proxy_.session_, &request_.head);
  }

  bool Connect() {
    if (server_ != nullptr) return true;
    auto opened = Connection::Open(proxy_.server_, Deadline(), interrupt());
    if (opened.ok()) server_ = *std::move(opened);
    return opened.ok();
  }
  bool Forward() {
    if (server_ != nullptr && !server_->IsIdle()) server_.reset();
    return Connect() && server_->Send(request_.Text(), Deadline(), interrupt()) == Io::kOk;
  }
  bool ToClient(std::string_view bytes) {
    return client_.Send(bytes, Deadline(), interrupt()) == Io::kOk;
  }

  /// Passes bytes in both directions until one side closes.
  bool Tunnel() {
    server_.reset();
    if (!Forward()) return false;
    std::string bytes;
    while (true) {
      Connection* const from = Connection::Ready(&client_, server_.get(), Deadline(), interrupt());
      if (from == nullptr) return false;
      Connection* const to = from == &client_ ? server_.get() : &client_;
      bytes.clear();
      if (from->Receive(&bytes, Deadline(), interrupt()) != Io::kOk) return false;
      if (to->Send(bytes, Deadline(), interrupt()) != Io::kOk) return false;
    }
  }

  /// Receives more of the response; appends to `*raw` what was received. False: it is cut.
  bool More(HttpResponseReader* reader, std::string* raw) {
    const std::size_t before = raw->size();
    const Io io = server_->Receive(raw, Deadline(), interrupt());
    if (io == Io::kClosed) reader->Close();
    if (io != Io::kOk) return reader->done();
    unread_ += std::string_view(*raw).substr(before);
    reader->Feed(&unread_);
    return reader->error().empty();
  }

  /// Passes the response unchanged.
  bool Pass() {
    HttpResponseReader reader(request_.is_head());
    std::string raw;
    while (!reader.done()) {
      raw.clear();
      if (!More(&reader, &raw) || !ToClient(raw)) return false;
    }
    KeepSession(reader);
    return End(reader);
  }

  bool Relay(const RewriteRule& rule, BodyRewriter& body) {
    HttpResponseReader reader(request_.is_head());
    const auto framing = rule.message().framing();
    const bool with_length = framing == confpb::Rewrite::LENGTH;
    const std::size_t most = framing == confpb::Rewrite::TINY_CHUNKS ? kTinyChunk : kWholeChunk;
    std::string raw;
    std::size_t taken = 0;
    bool has_head = false;
    while (!reader.done()) {
      raw.clear();
      if (!More(&reader, &raw)) return false;
      if (!reader.has_head()) continue;
      if (!has_head && !with_length && !ToClient(Head(rule, reader, ""))) return false;
      has_head = true;
      const std::string out = body.Take(std::string_view(reader.body()).substr(taken));
      taken = reader.body().size();
      if (!out.empty() && !ToClient(Chunked(out, most))) return false;
    }
    const std::string rest = body.Finish();
    if (with_length) return ToClient(Head(rule, reader, rest) + rest) && End(reader);
    if (request_.is_head() || HasNoBody(reader.status())) return End(reader);
    return ToClient(Chunked(rest, most) + "0\r\n\r\n") && End(reader);
  }

  /// The head of the response, with the length of the body if it is known.
  static std::string Head(const RewriteRule& rule, const HttpResponseReader& reader,
                          std::string_view body) {
    std::string head =
        "HTTP/1.1 " + std::to_string(reader.status()) + ' ' + ReasonOf(reader.status()) + "\r\n";
    for (const auto& [name, value] : reader.headers()) {
      if (name == "transfer-encoding" || name == "content-length") continue;
      head.append(name).append(": ").append(value).append("\r\n");
    }
    rule.head().Apply(&head);
    if (HasNoBody(reader.status())) return head.append("\r\n");
    const bool with_length = rule.message().framing() == confpb::Rewrite::LENGTH;
    head += with_length ? "Content-Length: " + std::to_string(body.size())
                        : std::string("Transfer-Encoding: chunked");
    return head.append(kHeadEnd);
  }

  void KeepSession(const HttpResponseReader& reader) {
    bool found = false;
    const std::string cookie = FieldOf(reader.headers(), "set-cookie", &found);
    constexpr int kOk = 200;
    if (!found || reader.status() != kOk || !cookie.starts_with("JSESSIONID=")) return;
    const tql::base::MutexLock lock(proxy_.mutex_);
    if (proxy_.rules_->empty()) proxy_.session_ = cookie.substr(0, cookie.find(';'));
  }

  bool End(const HttpResponseReader& reader) const {
    if (!reader.keeps_alive()) server_.reset();
    return reader.keeps_alive();
  }

  RewritingProxy& proxy_;
  Connection& client_;
  std::unique_ptr<Connection>& server_;
  Request request_;
  std::string unread_;  // Of the response, by the reader.
};

StatusOr<std::unique_ptr<RewritingProxy>> RewritingProxy::Start(Endpoint server) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  constexpr int kBacklog = 128;
  if (fd < 0 || bind(fd, any, size) != 0 || listen(fd, kBacklog) != 0 ||
      getsockname(fd, any, &size) != 0) {
    const std::string why = std::strerror(errno);
    if (fd >= 0) close(fd);
    return tql::UnavailableError("cannot listen on 127.0.0.1: " + why);
  }
  std::unique_ptr<RewritingProxy> proxy(
      new RewritingProxy(fd, ntohs(address.sin_port), std::move(server)));
  RewritingProxy* const started = proxy.get();
  started->acceptor_ = std::jthread([started] { started->Accept(); });
  return proxy;
}

RewritingProxy::RewritingProxy(int fd, std::uint16_t port, Endpoint server)
    : fd_(fd), port_(port), server_(std::move(server)) {}

RewritingProxy::~RewritingProxy() {
  stop_.request_stop();
  if (acceptor_.joinable()) acceptor_.join();
  workers_.clear();
  close(fd_);
}

void RewritingProxy::SetRules(RewriteRules rules) {
  const tql::base::MutexLock lock(mutex_);
  rules_ = std::make_shared<const RewriteRules>(std::move(rules));
}

void RewritingProxy::Accept() {
  while (!stop_.stop_requested()) {
    std::array<pollfd, 2> fds{{{fd_, POLLIN, 0}, {interrupt_.fd(), POLLIN, 0}}};
    if (poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) return;
    if (fds[0].revents == 0) continue;
    const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) continue;
    workers_.remove_if([](const Worker& worker) { return worker.done.load(); });
    Worker& worker = workers_.emplace_back();
    worker.thread = std::jthread([this, &worker, client = Connection::Adopt(fd)]() mutable {
      Serve(std::move(client));
      worker.done = true;
    });
  }
}

void RewritingProxy::Serve(std::unique_ptr<Connection> client) {
  std::unique_ptr<Connection> server;
  std::string received;
  while (Exchange(*this, *client, &server).Perform(&received)) {
  }
}

}  // namespace tqlconform
