// Responses of a server: the same events whether the bytes arrive at once or in two parts, and
// never more than the limits allow.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "tql/wire/response_decoder.h"

namespace {

using Event = tql::ResponseDecoder::Event;

std::string Read(const std::vector<std::string>& blocks) {
  tql::DecoderLimits limits;
  limits.max_row_bytes = 1 << 16;
  limits.max_value_bytes = 1 << 16;
  limits.max_columns = 100;
  tql::ResponseDecoder decoder(limits);
  std::string log;
  std::size_t next = 0;
  for (;;) {
    const Event event = decoder.Next();
    if (event == Event::kNeedMore) {
      if (next < blocks.size()) {
        decoder.Feed(blocks[next++]);
      } else {
        decoder.Finish();
      }
      continue;
    }
    log += static_cast<char>('a' + static_cast<int>(event));
    if (event == Event::kRow) {
      for (const std::string_view cell : decoder.row()) (log += cell) += '|';
    }
    if (event == Event::kEnd || event == Event::kError) return log;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = body.size() * data[0] / 255;
  if (Read({body}) != Read({body.substr(0, cut), body.substr(cut)})) std::abort();
  return 0;
}
