// The bytes of a connection, processed by the whole HTTP server except its threads: what it sends
// is a sequence of complete responses, and a handler sees no body beyond the limit.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/frontend/http/http_session.h"
#include "mockserver/frontend/http/httplib_server.h"
#include "mockserver/frontend/http/router.h"

namespace {

namespace frontend = tql::frontend;
namespace net = tql::net;

constexpr std::size_t kMostBody = 4096;
/// Fits into the buffer of a socket, so that one thread can play client and server.
constexpr std::size_t kMostInput = std::size_t{32} << 10;

void Check(bool condition, std::string_view what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", std::string(what).c_str());
  std::abort();
}

frontend::HttpResponse Echo(const frontend::HttpCall& call) {
  Check(call.request.body.size() <= kMostBody, "a body beyond the limit");
  frontend::HttpResponse response;
  response.content_type = "text/plain";
  response.body = call.request.body;
  for (const std::string& parameter : call.request.parameters) response.body += parameter;
  if (call.request.form) {
    for (const frontend::FormPart& part : *call.request.form) response.body += part.name;
  }
  return response;
}

frontend::HttpResponse Count(const frontend::HttpCall& call) {
  std::size_t bytes = 0;
  const auto count = [&](std::string_view piece) {
    bytes += piece.size();
    return true;
  };
  const bool complete =
      call.request.Header("Content-Type").starts_with("multipart/")
          ? call.body.ReadForm([](const frontend::FormPart&) { return true; }, count)
          : call.body.Read(count);
  frontend::HttpResponse response;
  response.status = complete ? 200 : 400;
  response.stream = [bytes](frontend::BodyWriter& body) -> std::optional<frontend::HttpResponse> {
    body.Write(std::to_string(bytes));
    body.Flush();
    body.Write(" bytes");
    return std::nullopt;
  };
  return response;
}

/// The objects that the sessions of a server share.
struct Server {
  Server() {
    router.Add("GET", "/", Echo);
    router.Add("GET", "/a/{b}", Echo);
    router.Add("POST", "/", Echo);
    router.Add("POST", "/form", Echo, frontend::BodyMode::kForm);
    router.Add("POST", "/stream", Count, frontend::BodyMode::kStreamed);
    limits.request.max_header_bytes = 2048;
    limits.request.max_body_bytes = kMostBody;
    gate.AddPort({"127.0.0.1", 80}, false);
  }

  frontend::Router router;
  frontend::ConnectionLimits limits;
  frontend::RequestGate gate{{{"http://a"}, {"b"}}};
  frontend::OnUnrouted on_unrouted;
  std::unique_ptr<frontend::RequestProcessor> processor =
      frontend::MakeHttplibProcessor(std::chrono::seconds(300));
  net::WorkerPool workers{1};
  net::MemoryBudget memory{std::size_t{1} << 20};
};

/// Returns what a server sends to a client that sends `input` and closes its sending half.
std::string Converse(std::string_view input) {
  static Server& server = *new Server;
  int ends[2];
  Check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0,
        "socketpair");
  const auto sent = write(ends[0], input.data(), input.size());
  Check(sent == static_cast<ssize_t>(input.size()), "the input does not fit into the socket");
  shutdown(ends[0], SHUT_WR);
  std::string output;
  const auto receive = [&] {
    char data[4096];
    for (ssize_t n = 0; (n = read(ends[0], data, sizeof(data))) > 0;) {
      output.append(data, static_cast<std::size_t>(n));
    }
  };
  {
    frontend::HttpSession session(
        std::make_unique<net::Socket>(ends[1], nullptr, "127.0.0.1"),
        {server.limits, server.router, *server.processor, server.workers, server.memory,
         &server.gate, 0, std::make_shared<const std::string>(), server.on_unrouted});
    while (session.Serve()) {  // each time it has consumed all input that is there
      session.Rest();
      receive();
    }
  }
  receive();
  close(ends[0]);
  return output;
}

/// Removes `size` bytes from the front; the response must have them.
std::string_view Take(std::string_view& bytes, std::size_t size) {
  Check(size <= bytes.size(), "a response is cut");
  const std::string_view taken = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return taken;
}

std::string_view TakeLine(std::string_view& bytes) {
  const std::size_t end = bytes.find("\r\n");
  Check(end != std::string_view::npos, "a line without an end");
  const std::string_view line = Take(bytes, end);
  Take(bytes, 2);
  return line;
}

std::size_t NumberOf(std::string_view text, int base) {
  return std::strtoul(std::string(text).c_str(), nullptr, base);
}

void TakeResponse(std::string_view& bytes) {
  const std::string_view status = TakeLine(bytes);
  Check(status.starts_with("HTTP/1.1 ") && status.size() > 12, status);
  std::size_t length = 0;
  bool chunked = false;
  for (;;) {
    const std::string_view line = TakeLine(bytes);
    if (line.empty()) break;
    const std::size_t colon = line.find(": ");
    Check(colon != std::string_view::npos && colon > 0, line);
    if (line.starts_with("Content-Length: ")) length = NumberOf(line.substr(colon + 2), 10);
    if (line == "Transfer-Encoding: chunked") chunked = true;
  }
  if (bytes.empty() || bytes.starts_with("HTTP/1.1 ")) return;  // the response to HEAD
  if (!chunked) {
    Take(bytes, length);
    return;
  }
  for (std::size_t size = 1; size > 0;) {
    size = NumberOf(TakeLine(bytes), 16);
    Take(bytes, size);
    Check(TakeLine(bytes).empty(), "a chunk does not end where its size says");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMostInput) return 0;
  const std::string output = Converse({reinterpret_cast<const char*>(data), size});
  for (std::string_view rest = output; !rest.empty();) TakeResponse(rest);
  return 0;
}
