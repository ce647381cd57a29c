// An httplib::Server that never listens. For each request HttpSession calls Answer: the library
// reads the request from our Stream, runs our handler, and writes the response into the session's
// buffer. Therefore waiting connections hold no thread, and the library's timeouts, thread pool and
// sockets are not used.
//
// The code relies on the following behaviour of cpp-httplib 0.11.4 beyond its public interface.
// httplib_contract_test fails if another version changes it:
//  1. process_request() is protected, reads one request from the Stream, byte by byte up to the end
//     of its head, and answers it. It returns false when the answer could not be written, or a
//     content provider returned false, in which case no last chunk was written.
//  2. svr_sock_ must not be INVALID_SOCKET: content providers would end at once, because the
//     library interprets it as a server that is shutting down.
//  3. The constructor ignores SIGPIPE in the whole process. It is restored, because the process
//     belongs to the program that embeds the server.
//  4. A request with neither a Content-Length nor a Transfer-Encoding has a body that ends where
//     Stream::read returns 0.
//  5. post_routing_handler runs after the library has added its last header, for errors too.
//  6. Handlers run on the thread that calls process_request.
//  7. pre_routing_handler runs before the body is read, and can answer.
//
// ReadHead parses the client's head; the library receives a substitute: a method, "/", and the
// headers that it needs. The library's own parser is not suitable: it decodes percent signs in the
// values of headers, rejects valid requests (a line of 8 KiB, a second '?', an unknown method),
// handles Range and Accept-Encoding (brotli at 0.4 MB/s) although no route wants it, and accepts
// two lengths, line feeds alone and control characters.
#include "mockserver/frontend/http/httplib_server.h"

#include <httplib.h>
#include <signal.h>

#include <exception>
#include <string>
#include <utility>

#include "mockserver/frontend/http/forms.h"

namespace tql::frontend {
namespace {

constexpr std::size_t kMaxParts = 100;
/// The library buffers bytes of a form that it cannot parse yet, without a limit: the headers of a
/// part, or text that only begins like a delimiter.
constexpr std::size_t kMostUnparsed = std::size_t{256} << 10;

/// The request that this thread answers: handlers are registered once for all sessions.
struct Call {
  HttpSession& session;
  std::string_view boundary = {};  // of a form that the route parses; empty: none
  bool library_reads = false;      // the library reads the body, through a ContentReader
  std::size_t unparsed = 0;        // bytes of a form since its parser last produced something
  bool reads_form = false;
};
thread_local Call* current_call = nullptr;

/// The bytes of one request and its answer.
class SessionStream final : public httplib::Stream {
 public:
  SessionStream(Call& call, std::string head) : call_(call), head_(std::move(head)) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* data, std::size_t size) override {
    if (at_ < head_.size()) {
      const std::size_t n = head_.copy(data, size, at_);
      at_ += n;
      return static_cast<ssize_t>(n);
    }
    if (call_.reads_form && call_.unparsed > kMostUnparsed) {
      call_.session.RefuseBody(400, "Bad form: no delimiter or too long headers of a part.");
    }
    // Fills the buffer: the library misses a form's first delimiter if a read returns part of it.
    const std::ptrdiff_t n = call_.session.ReadBody(data, size);
    if (n > 0) call_.unparsed += static_cast<std::size_t>(n);
    return n;
  }
  ssize_t write(const char* data, std::size_t size) override {
    return call_.session.Write({data, size}) ? static_cast<ssize_t>(size) : -1;
  }
  void get_remote_ip_and_port(std::string&, int& port) const override { port = 0; }
  void get_local_ip_and_port(std::string&, int& port) const override { port = 0; }
  socket_t socket() const override { return call_.session.socket().fd(); }

 private:
  Call& call_;
  const std::string head_;
  std::size_t at_ = 0;
};

class LibraryBodyReader final : public BodyReader {
 public:
  LibraryBodyReader(Call& call, const httplib::ContentReader* reader)
      : call_(call), reader_(reader) {}

  bool Read(const Receive& receive) override {
    if (reader_ != nullptr) {
      return (*reader_)([&](const char* data, std::size_t size) { return receive({data, size}); });
    }
    char data[4096];
    for (;;) {
      const std::ptrdiff_t n = call_.session.ReadBody(data, sizeof(data));
      if (n <= 0) return n == 0;
      if (!receive({data, static_cast<std::size_t>(n)})) return false;
    }
  }

  bool ReadForm(const std::function<bool(const FormPart&)>& begin,
                const Receive& receive) override {
    if (reader_ == nullptr || call_.boundary.empty()) return false;
    call_.reads_form = true;
    std::size_t parts = 0;
    bool stopped = false;
    const bool read = (*reader_)(
        [&](const httplib::MultipartFormData& part) {
          call_.unparsed = 0;
          if (++parts > kMaxParts) return false;
          stopped = !begin({part.name, part.filename, ""});
          return !stopped;
        },
        [&](const char* data, std::size_t size) {
          call_.unparsed = 0;
          stopped = !receive({data, size});
          return !stopped;
        });
    if (!read && !stopped)
      call_.session.RefuseBody(400, "Bad form: it breaks multipart/form-data.");
    return read;
  }

  /// Stores the body in the request in the form that its route expects.
  bool ReadWhole(BodyMode mode) {
    HttpRequest& request = call_.session.request();
    std::size_t held = 0;
    if (mode == BodyMode::kForm && !call_.boundary.empty()) {
      std::vector<FormPart>& parts = request.form.emplace();
      return ReadForm(
          [&](const FormPart& part) {
            parts.push_back(part);
            return true;
          },
          [&](std::string_view piece) {
            parts.back().body += piece;
            return Allow(held += piece.size());
          });
    }
    if (!call_.session.AllowMemory(call_.session.body_length())) return false;
    return Read([&](std::string_view piece) {
      request.body += piece;
      return Allow(held += piece.size());
    });
  }

 private:
  /// Reserves memory in large steps.
  bool Allow(std::size_t held) {
    constexpr std::size_t kStep = std::size_t{64} << 10;
    return call_.session.AllowMemory(held <= kStep ? held : (held + kStep - 1) / kStep * kStep);
  }

  Call& call_;
  const httplib::ContentReader* const reader_;
};

class LibraryBodyWriter final : public BodyWriter {
 public:
  LibraryBodyWriter(HttpSession& session, httplib::DataSink& sink)
      : session_(session), sink_(sink) {}

  bool Write(std::string_view piece) override {
    // The library copies a chunk three times: pieces of this size stay in the processor's cache. An
    // empty chunk would be the end.
    constexpr std::size_t kChunkBytes = std::size_t{64} << 10;
    while (!piece.empty()) {
      const std::string_view chunk = piece.substr(0, kChunkBytes);
      if (!sink_.write(chunk.data(), chunk.size())) return false;
      piece.remove_prefix(chunk.size());
    }
    return true;
  }
  bool Flush() override { return session_.Flush(); }
  void LimitWrites(std::chrono::steady_clock::time_point deadline) override {
    session_.LimitWrites(deadline);
  }
  void End(const net::Cut& cut) override { session_.End(cut); }
  bool Gone() override { return session_.Gone(); }

 private:
  HttpSession& session_;
  httplib::DataSink& sink_;
};

void SetResponse(HttpSession& session, HttpResponse response, httplib::Response& to) {
  if (response.cut) session.End(*response.cut);  // then nothing of the response is sent
  session.Prepare(response);
  to.status = response.status;
  for (const auto& [name, value] : response.headers) to.set_header(name, value);
  if (!response.stream) {
    to.body = std::move(response.body);
    if (!response.content_type.empty()) to.set_header("Content-Type", response.content_type);
    return;
  }
  auto provide = [&session, stream = std::move(response.stream)](std::size_t,
                                                                 httplib::DataSink& sink) {
    LibraryBodyWriter writer(session, sink);
    if (std::optional<HttpResponse> instead = stream(writer)) {
      session.AnswerInstead(*std::move(instead));
      return false;
    }
    sink.done();
    return true;
  };
  if (session.request()
          .http_1_0) {  // without chunks, the end of the connection is the end of the body
    session.CloseAfterAnswer();
    to.set_content_provider(response.content_type, std::move(provide));
  } else {
    to.set_chunked_content_provider(response.content_type, std::move(provide));
  }
}

/// Produces the response to the request of current_call.
void Handle(httplib::Response& to, const httplib::ContentReader* reader) {
  HttpSession& session = current_call->session;
  if (std::optional<HttpResponse> ready = session.TakeReady()) {
    return SetResponse(session, *std::move(ready), to);
  }
  LibraryBodyReader body(*current_call, reader);
  const Router::Route& route = *session.route();
  std::optional<HttpResponse> response;
  if (route.body == BodyMode::kStreamed || body.ReadWhole(route.body)) {
    response = route.handler({session.request(), session.client(), body});
  }
  if (std::optional<HttpResponse> refusal = session.BodyRefusal()) response = std::move(refusal);
  if (!response) response.emplace();  // the client has disconnected
  if (route.body == BodyMode::kStreamed && !session.body_complete()) session.CloseAfterAnswer();
  SetResponse(session, *std::move(response), to);
}

/// Replaces the headers that the library would choose itself.
void SetConnectionHeaders(httplib::Response& response) {
  HttpSession& session = current_call->session;
  if (session.request().method == "HEAD") response.headers.erase("Accept-Ranges");
  if (response.status == 204) response.headers.erase("Content-Length");
  if (!session.keep_alive()) return;  // as passed to process_request
  response.headers.erase("Connection");
  if (session.request().http_1_0) response.set_header("Connection", "keep-alive");
  response.set_header("Keep-Alive", "timeout=" + std::to_string(session.idle_time().count()));
}

/// Sets SIGPIPE back to what it was before a base class was constructed.
class SigpipeGuard {
 protected:
  SigpipeGuard() { sigaction(SIGPIPE, nullptr, &before_); }
  void Restore() { sigaction(SIGPIPE, &before_, nullptr); }

 private:
  struct sigaction before_;
};

class HttplibProcessor final : public RequestProcessor,
                               private SigpipeGuard,
                               private httplib::Server {
 public:
  HttplibProcessor() {
    Restore();
    svr_sock_ = 0;
    // Before the library's own routes, unless it is to read the body.
    set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) {
      if (current_call->library_reads) return HandlerResponse::Unhandled;
      Handle(response, nullptr);
      return HandlerResponse::Handled;
    });
    Post("/", [](const httplib::Request&, httplib::Response& response,
                 const httplib::ContentReader& reader) { Handle(response, &reader); });
    set_exception_handler(
        [](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
          // Handlers report their own exceptions.
          response.headers.clear();
          HttpSession& session = current_call->session;
          if (!session.body_complete()) session.CloseAfterAnswer();
          SetResponse(session, ErrorResponse(500, "Internal error."), response);
        });
    set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
      SetConnectionHeaders(response);
    });
  }

  bool Answer(HttpSession& session) override {
    Call call{session};
    if (!session.ready() && session.route()->body != BodyMode::kWhole) {
      call.boundary = BoundaryOf(session.request().Header("Content-Type"));
      call.library_reads = session.route()->body == BodyMode::kStreamed || !call.boundary.empty();
    }
    current_call = &call;
    SessionStream stream(call, HeadFor(call));
    bool closed = false;  // not used: ReadHead has already decided it
    try {
      const bool answered = process_request(stream, /*close_connection=*/true, closed, nullptr);
      current_call = nullptr;
      return answered;
    } catch (...) {  // of a content provider
      current_call = nullptr;
      session.AnswerInstead(ErrorResponse(500, "Internal error."));
      return false;
    }
  }

 private:
  /// The library reads a body only for POST, and omits the body of the response to HEAD.
  static std::string HeadFor(const Call& call) {
    std::string head = call.library_reads                        ? "POST"
                       : call.session.request().method == "HEAD" ? "HEAD"
                                                                 : "GET";
    head += " / HTTP/1.1\r\n";
    if (!call.session.ready() && call.session.expect_continue()) {
      head += "Expect: 100-continue\r\n";
    }
    if (!call.boundary.empty()) {
      head += "Content-Type: multipart/form-data; boundary=\"";
      for (const char c : call.boundary) c == '%' ? head += "%25" : head += c;
      head += "\"\r\n";
    }
    return head += "\r\n";
  }
};

}  // namespace

std::unique_ptr<RequestProcessor> MakeHttplibProcessor() {
  return std::make_unique<HttplibProcessor>();
}

}  // namespace tql::frontend
