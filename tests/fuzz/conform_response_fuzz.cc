// Any bytes as an HTTP response: what is read does not depend on where the bytes are cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/fuzz/cut_text.h"
#include "tools/tqlconform/server/http_response.h"

namespace {

using tqlconform::HttpResponseReader;

/// Feeds pieces of the size until the end of the response. Returns the bytes that are left over.
std::string Read(std::string_view bytes, std::size_t piece, HttpResponseReader* reader) {
  std::string rest;
  while (!bytes.empty() && !reader->done() && reader->error().empty()) {
    rest += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    reader->Feed(&rest);
  }
  const std::string left = rest + std::string(bytes);
  reader->Close();
  return left;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = CutText::Of(data, size);
  if (!input) return 0;
  HttpResponseReader whole;
  HttpResponseReader cut;
  const std::string whole_left = Read(input->text, input->whole(), &whole);
  const std::string cut_left = Read(input->text, input->piece, &cut);
  if (whole.done() != cut.done() || whole.error().empty() != cut.error().empty()) std::abort();
  if (!whole.error().empty()) return 0;
  if (whole.status() != cut.status() || whole.headers() != cut.headers() ||
      whole.body() != cut.body() || whole_left != cut_left) {
    std::abort();
  }
  return 0;
}
