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
//  8. The first write after post_routing_handler is the whole head. Without headers in the Response
//     it is the status line and an empty line.
//
// The other lines of the head are inserted between those two: the library keeps headers in a
// multimap and formats each with snprintf, which takes as long as reading the request. Chunks are
// framed here, too: the library copies each of them three times.
//
// ReadHead parses the client's head; the library receives a substitute: a method, "/", and the
// headers that it needs. The library's own parser is not suitable: it decodes percent signs in the
// values of headers, rejects valid requests (a line of 8 KiB, a second '?', an unknown method),
// handles Range and Accept-Encoding (brotli at 0.4 MB/s) although no route wants it, and accepts
// two lengths, line feeds alone and control characters.
#include "mockserver/frontend/http/httplib_server.h"

#include <httplib.h>
#include <signal.h>

#include <charconv>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "mockserver/frontend/http/forms.h"

namespace tql::frontend {
namespace {

/// The request that this thread answers: handlers are registered once for all sessions.
struct Call {
  HttpSession& session;
  FormType form_type = {};     // if the route parses forms
  bool library_reads = false;  // the library reads the body, through a ContentReader
  std::optional<FormProgress> form = {};
  std::string lines = {};  // lines of the response's head after the status line
  bool lines_are_due = false;
};
thread_local Call* current_call = nullptr;

/// The bytes of one request and its answer.
class SessionStream final : public httplib::Stream {
 public:
  SessionStream(Call& call, std::string_view head) : call_(call), head_(head) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* data, std::size_t size) override {
    if (!head_.empty()) {
      const std::size_t n = head_.copy(data, size);
      head_.remove_prefix(n);
      return static_cast<ssize_t>(n);
    }
    if (call_.form && call_.form->stuck()) {
      call_.session.RefuseBody(400, call_.form->Problem(/*complete=*/false));
    }
    // Fills the buffer: the library misses a form's first delimiter if a read returns part of it.
    const std::ptrdiff_t n = call_.session.ReadBody(data, size);
    if (n > 0 && call_.form) call_.form->AddBytes({data, static_cast<std::size_t>(n)});
    return n;
  }
  ssize_t write(const char* data, std::size_t size) override {
    const std::string_view bytes(data,
                                 size);  // the status line and an empty line, if lines are due
    if (!std::exchange(call_.lines_are_due, false)) {
      return call_.session.Write(bytes) ? static_cast<ssize_t>(size) : -1;
    }
    call_.lines += "\r\n";
    const bool written = call_.session.Write(bytes.substr(0, bytes.find('\n') + 1)) &&
                         call_.session.Write(call_.lines);
    return written ? static_cast<ssize_t>(size) : -1;
  }
  void get_remote_ip_and_port(std::string&, int& port) const override { port = 0; }
  void get_local_ip_and_port(std::string&, int& port) const override { port = 0; }
  socket_t socket() const override { return call_.session.socket().fd(); }

 private:
  Call& call_;
  std::string_view head_;  // what is left of it
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
    if (!call_.form_type.problem.empty()) call_.session.RefuseBody(400, call_.form_type.problem);
    if (reader_ == nullptr || call_.form_type.boundary.empty()) return false;
    FormProgress& form = call_.form.emplace(call_.form_type.boundary);
    bool stopped = false;
    const bool read = (*reader_)(
        [&](const httplib::MultipartFormData& part) {
          if (!form.AddPart()) return false;
          stopped = !begin({part.name, part.filename, ""});
          return !stopped;
        },
        [&](const char* data, std::size_t size) {
          form.AddContent();
          stopped = !receive({data, size});
          return !stopped;
        });
    if (!read && !stopped) {
      call_.session.RefuseBody(400, form.Problem(call_.session.body_complete()));
    }
    return read;
  }

  /// Stores the body in the request in the form that its route expects.
  bool ReadWhole(BodyMode mode) {
    HttpRequest& request = call_.session.request();
    std::size_t held = 0;
    if (mode == BodyMode::kForm && call_.form_type.is_form) {
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
    const std::size_t length = call_.session.body_length();
    if (!call_.session.AllowMemory(length)) return false;
    request.body.reserve(length);
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
      : session_(session), sink_(sink), chunked_(!session.request().http_1_0) {}

  bool Write(std::string_view piece) override {
    if (piece.empty()) return true;  // an empty chunk would be the end
    if (!chunked_) return Put(piece);
    char line[24];
    char* end = std::to_chars(line, line + sizeof(line), piece.size(), 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    return Put({line, end}) && Put(piece) && Put("\r\n");
  }
  bool Flush() override { return session_.Flush(); }
  void LimitWrites(std::chrono::steady_clock::time_point deadline) override {
    session_.LimitWrites(deadline);
  }
  void End(const net::Cut& cut) override { session_.End(cut); }
  bool Gone() override { return session_.Gone(); }
  void Finish() {
    if (chunked_) Put("0\r\n\r\n");
    sink_.done();
  }

 private:
  bool Put(std::string_view bytes) { return sink_.write(bytes.data(), bytes.size()); }

  HttpSession& session_;
  httplib::DataSink& sink_;
  const bool chunked_;  // HTTP/1.0 knows no chunks: the end of the connection is the end
};

/// Leaves out what would be more than one line, as the library does.
void AddLine(std::string_view name, std::string_view value, std::string& lines) {
  constexpr std::string_view kLineEnd = "\r\n";
  if (name.find_first_of(kLineEnd) != name.npos || value.find_first_of(kLineEnd) != value.npos) {
    return;
  }
  lines.append(name).append(": ").append(value).append("\r\n");
}

/// The lines of the head that depend on the response; post_routing_handler adds the others.
std::string LinesOf(HttpSession& session, const HttpResponse& response) {
  std::string lines;
  lines.reserve(256);
  if (response.stream) {
    if (!session.request().http_1_0) AddLine("Transfer-Encoding", "chunked", lines);
  } else if (response.status != 204) {
    AddLine("Content-Length", std::to_string(response.body.size()), lines);
  }
  if (!response.content_type.empty()) AddLine("Content-Type", response.content_type, lines);
  for (const auto& [name, value] : response.headers) AddLine(name, value, lines);
  return lines;
}

void SetResponse(Call& call, HttpResponse response, httplib::Response& to) {
  HttpSession& session = call.session;
  if (response.cut) session.End(*response.cut);  // then nothing of the response is sent
  session.Prepare(response);
  to.status = response.status;
  call.lines = LinesOf(session, response);
  if (!response.stream) {
    to.body = std::move(response.body);
    return;
  }
  if (session.request().http_1_0) session.CloseAfterAnswer();
  to.set_content_provider(
      "", [&session, stream = std::move(response.stream)](std::size_t, httplib::DataSink& sink) {
        LibraryBodyWriter writer(session, sink);
        if (std::optional<HttpResponse> instead = stream(writer)) {
          session.AnswerInstead(*std::move(instead));
          return false;
        }
        writer.Finish();
        return true;
      });
}

/// Produces the response to the request of current_call.
void Handle(httplib::Response& to, const httplib::ContentReader* reader) {
  Call& call = *current_call;
  HttpSession& session = call.session;
  if (std::optional<HttpResponse> ready = session.TakeReady()) {
    return SetResponse(call, *std::move(ready), to);
  }
  LibraryBodyReader body(call, reader);
  const Router::Route& route = *session.route();
  std::optional<HttpResponse> response;
  if (route.body == BodyMode::kStreamed || body.ReadWhole(route.body)) {
    response = route.handler({session.request(), session.client(), body});
  }
  if (std::optional<HttpResponse> refusal = session.BodyRefusal()) response = std::move(refusal);
  if (!response) response.emplace();  // the client has disconnected
  if (route.body == BodyMode::kStreamed && !session.body_complete()) session.CloseAfterAnswer();
  SetResponse(call, *std::move(response), to);
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
  explicit HttplibProcessor(std::chrono::seconds idle_time)
      : keep_alive_("Keep-Alive: timeout=" + std::to_string(idle_time.count()) + "\r\n") {
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
          response = httplib::Response();
          HttpSession& session = current_call->session;
          if (!session.body_complete()) session.CloseAfterAnswer();
          SetResponse(*current_call, ErrorResponse(500, "Internal error."), response);
        });
    set_post_routing_handler([this](const httplib::Request&, httplib::Response& response) {
      // An answer of the library's own has no body.
      std::string& lines = current_call->lines;
      if (lines.empty() && response.status != 204) AddLine("Content-Length", "0", lines);
      response.headers.clear();
      AddConnectionLines(*current_call);
    });
  }

  bool Answer(HttpSession& session) override {
    Call call{session};
    if (!session.ready() && session.route()->body != BodyMode::kWhole) {
      call.form_type = FormTypeOf(session.request().Header("Content-Type"));
      call.library_reads =
          session.route()->body == BodyMode::kStreamed || !call.form_type.boundary.empty();
    }
    current_call = &call;
    const std::string head = HeadFor(call);
    SessionStream stream(call, head);
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
  void AddConnectionLines(Call& call) const {
    if (!call.session.keep_alive()) {
      AddLine("Connection", "close", call.lines);
    } else {
      if (call.session.request().http_1_0) AddLine("Connection", "keep-alive", call.lines);
      call.lines += keep_alive_;
    }
    call.lines_are_due = true;
  }

  /// The library reads a body only for POST, and omits the body of the response to HEAD.
  static std::string HeadFor(const Call& call) {
    std::string head = call.library_reads ? "POST" : call.session.head_only() ? "HEAD" : "GET";
    head += " / HTTP/1.1\r\n";
    if (!call.session.ready() && call.session.expect_continue()) {
      head += "Expect: 100-continue\r\n";
    }
    if (!call.form_type.boundary.empty()) {
      head += "Content-Type: multipart/form-data; boundary=\"";
      for (const char c : call.form_type.boundary) c == '%' ? head += "%25" : head += c;
      head += "\"\r\n";
    }
    return head += "\r\n";
  }

  const std::string keep_alive_;  // a line of the head
};

}  // namespace

std::unique_ptr<RequestProcessor> MakeHttplibProcessor(std::chrono::seconds idle_time) {
  return std::make_unique<HttplibProcessor>(idle_time);
}

}  // namespace tql::frontend
