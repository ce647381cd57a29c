// HTTP requests: the parser says the same however the bytes are cut, and keeps its limits. What a
// complete request carries goes through the readers of forms and cookies.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mockserver/frontend/http/forms.h"
#include "mockserver/frontend/http/request_parser.h"

namespace {

using tql::frontend::RequestParser;

void Look(const tql::frontend::HttpRequest& request) {
  (void)tql::frontend::FormValue(request.body, "username");
  (void)tql::frontend::CookieValue(request.Header("Cookie"), "JSESSIONID");
  (void)tql::frontend::MultipartParts(request.Header("Content-Type"), request.body);
}

std::string Read(std::string_view bytes, std::size_t step) {
  RequestParser parser({.max_header_bytes = 4096, .max_body_bytes = 4096});
  std::string log;
  for (int requests = 0; requests < 8 && !bytes.empty();) {
    const std::size_t taken = parser.Feed(bytes.substr(0, step));
    bytes.remove_prefix(taken);
    if (parser.state() == RequestParser::State::kError) {
      return log + "error " + std::to_string(parser.error_status());
    }
    if (parser.state() != RequestParser::State::kComplete) {
      if (taken == 0) break;
      continue;
    }
    if (parser.request().body.size() > 4096) std::abort();
    Look(parser.request());
    log += std::string(parser.request().method) + " " + std::string(parser.request().path) + " " +
           parser.request().body + "\n";
    parser.Reset();
    ++requests;
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
