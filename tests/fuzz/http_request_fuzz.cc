// HTTP requests: the result of reading heads and bodies does not depend on how the bytes are split,
// and limits are enforced. Forms and cookies of complete requests are parsed, too.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/frontend/http/forms.h"
#include "mockserver/frontend/http/request_body.h"
#include "mockserver/frontend/http/request_gate.h"
#include "mockserver/frontend/http/request_head.h"
#include "mockserver/frontend/http/router.h"

namespace {

namespace frontend = tql::frontend;

constexpr std::size_t kMost = 4096;

void Look(frontend::HttpRequest& request) {
  (void)frontend::FormValue(request.body, "username");
  (void)frontend::CookieValue(request, "JSESSIONID");
  (void)frontend::FormTypeOf(request.Header("Content-Type"));
  frontend::RequestGate gate({{"http://a"}, {"b"}});
  gate.AddPort({"127.0.0.1", 80}, false);
  if (!gate.Answer(request, 0)) {
    frontend::HttpResponse response;
    gate.AddCorsHeaders(request, 0, response);
  }
  frontend::Router router;
  router.Add("GET", "/a/{b}", nullptr);
  frontend::HttpResponse error;
  (void)router.Find(request, &error);
}

std::optional<frontend::Refusal> Allows(std::size_t bytes) {
  if (bytes <= kMost) return std::nullopt;
  return frontend::Refusal{413, "too long"};
}

/// Reads the body from `bytes`, `step` at a time. Returns false if it is rejected or incomplete.
bool ReadBody(std::string_view& bytes, std::size_t step, const frontend::Framing& framing,
              std::string* body, std::string* log) {
  frontend::RequestBody reader(kMost);
  if (const auto refusal = Allows(framing.length)) {
    *log += "error " + std::to_string(refusal->status);
    return false;
  }
  reader.Begin(framing, Allows);
  char data[100];
  while (!reader.complete() && !reader.refusal()) {
    std::string_view piece = bytes.substr(0, step);
    if (piece.empty()) return false;
    const std::size_t before = piece.size();
    body->append(data, reader.Decode(piece, data, sizeof(data)));
    bytes.remove_prefix(before - piece.size());
  }
  if (reader.refusal()) *log += "error " + std::to_string(reader.refusal()->status);
  if (body->size() > kMost) std::abort();
  return reader.complete();
}

std::string Read(std::string_view bytes, std::size_t step) {
  std::string log;
  for (int requests = 0; requests < 8; ++requests) {
    bytes.remove_prefix(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
    frontend::HeadFinder finder(kMost);
    auto state = frontend::HeadFinder::State::kMore;
    for (std::size_t arrived = 0; state == frontend::HeadFinder::State::kMore;) {
      if (arrived == bytes.size()) return log;
      arrived = std::min(arrived + step, bytes.size());
      state = finder.Look(bytes.substr(0, arrived));
    }
    if (state == frontend::HeadFinder::State::kRefused) {
      return log + "error " + std::to_string(finder.refusal().status);
    }
    frontend::HttpRequest request;
    frontend::Framing framing;
    request.head = bytes.substr(0, finder.size());
    bytes.remove_prefix(finder.size());
    if (const auto refusal = ReadHead(request, framing)) {
      return log + "error " + std::to_string(refusal->status);
    }
    if (!ReadBody(bytes, step, framing, &request.body, &log)) return log;
    Look(request);
    log +=
        std::string(request.method) + " " + std::string(request.path) + " " + request.body + "\n";
  }
  return log;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t step = 1 + data[0] % 64;
  if (Read(bytes, bytes.size() + 1) != Read(bytes, step)) std::abort();
  return 0;
}
