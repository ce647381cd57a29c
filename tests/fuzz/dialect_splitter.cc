// Any bytes: the splitter's statements are in order in the script, at the reported places, and both
// splitters agree wherever the script is cut.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/splitter.h"

namespace {

void Check(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tql::dialect::InputState;
  if (size == 0) return 0;
  const std::string_view script(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t step = 1 + data[0] % 7;  // The first byte determines the cuts.

  std::vector<std::string> statements;
  std::size_t end = 0;
  bool terminated = true;
  tql::dialect::ScriptSplitter splitter(script);
  while (const auto statement = splitter.Next()) {
    Check(terminated && !statement->text.empty());
    Check(statement->place.offset >= end);
    Check(script.substr(statement->place.offset, statement->text.size()) == statement->text);
    if (size < 4096) Check(tql::PlaceOf(script, statement->place.offset) == statement->place);
    end = statement->place.offset + statement->text.size();
    terminated = statement->terminated;
    statements.emplace_back(statement->text);
  }
  if (tql::dialect::IsComplete(script)) Check(terminated && !statements.empty());

  tql::dialect::IncrementalSplitter incremental;
  std::size_t count = 0;
  const auto drain = [&] {
    while (const auto statement = incremental.Next()) {
      Check(count < statements.size() && statement->text == statements[count]);
      ++count;
    }
    if (step % 2 == 0) incremental.DropPreamble();
  };
  for (std::size_t i = 0; i < script.size(); i += step) {
    incremental.Feed(script.substr(i, step));
    drain();
  }
  incremental.Finish();
  drain();
  Check(count == statements.size());
  return 0;
}
